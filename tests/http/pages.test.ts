// Pages: the way to the messages page in the browser's language, the page itself, its assets.
import { OpenAPIHono } from "@hono/zod-openapi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LANGUAGES } from "../../client/i18n/languages.ts";
import type { HttpEnv } from "../../server/http/context.ts";
import { pageRoutes } from "../../server/http/pages.ts";
import { Caller, createTestServer, expectProblem, type TestServer } from "../helpers/server.ts";

let server: TestServer;
let visitor: Caller;
beforeAll(async () => {
  server = await createTestServer();
  visitor = new Caller(server);
});
afterAll(() => server.close());

describe("/", () => {
  it.each([
    ["ne,en;q=0.8", "/np/messages"],
    ["ne-NP", "/np/messages"],
    ["en-GB,en;q=0.9,ne;q=0.1", "/en/messages"],
    ["fr, ne;q=0.5, en;q=0.4", "/np/messages"],
    ["ne;q=0, en", "/en/messages"],
    ["hi-IN, ne;q=0.9", "/hi/messages"],
    ["ar", "/ar/messages"],
    ["fr", "/en/messages"],
    ["", "/en/messages"],
    ["ne;q=banana;;;,", "/np/messages"],
  ])("leads a browser that speaks %j to %s", async (language, address) => {
    const answer = await visitor.get("/", { headers: { "accept-language": language } });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, address]);
  });
});

it("serves the page in each language, also for one conversation", async () => {
  // Those that the client speaks: the server's own list must not fall behind.
  const languages = LANGUAGES.flatMap(({ tag, aliases, dir }) => [tag, ...aliases].map((one) => [one, tag, dir]));
  for (const [address, lang, dir] of languages) {
    for (const rest of ["", "/01a203ee-2fbf-755d-8918-46e0468be55c", "/new?to=42"]) {
      const { status, body, headers } = await visitor.get(`/${address}/messages${rest}`);
      expect(status).toBe(200);
      expect(headers.get("content-type")).toMatch(/^text\/html/);
      expect(body).toContain(`<html lang="${lang}" dir="${dir}"`);
      // One language comes together with the script: this page's.
      expect([...body.matchAll(/href="\/assets\/(\w+)-[^"]+" data-lang="(\w+)"/g)].map(([, file, of]) => [file, of]))
        .toEqual([[lang, lang]]);
      expect(body).not.toMatch(/<script(?![^>]*src=)|<style|style="|onload=/);
    }
  }
});

it("falls back to English for a language it does not speak", async () => {
  const answer = await visitor.get("/xx/messages/new?to=42");
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "/en/messages/new?to=42"]);
});

it("serves the assets that the page names, for ever, and nothing outside them", async () => {
  const { body } = await visitor.get("/en/messages");
  const assets = [...body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
  expect(assets.length).toBeGreaterThanOrEqual(2);
  for (const asset of assets) {
    const answer = await visitor.get(asset);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toContain("immutable");
    expect(answer.headers.get("content-type")).toMatch(/javascript|css/);
  }
  for (
    const path of ["/assets/none.js", "/assets/../../../deno.json", "/assets/..%2f..%2f..%2fdeno.json", "/.stamp", "/x"]
  ) {
    expectProblem(await visitor.get(path), 404, "not_found");
  }
});

it("serves scripts and styles packed, to whom takes it", async () => {
  const { body } = await visitor.get("/en/messages");
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(body)![1]!;
  const ask = async (accepted: string) => {
    const { app } = server;
    const answer = await app.request(`http://localhost${script}`, { headers: { "accept-encoding": accepted } });
    return [answer.headers.get("content-encoding"), new Uint8Array(await answer.arrayBuffer())] as const;
  };
  const [none, plain] = await ask("");
  expect(none).toBe(null);
  const [br, small] = await ask("gzip, deflate, br, zstd");
  expect(br).toBe("br");
  expect(small.length).toBeLessThan(plain.length / 2);
  const [gzip, packed] = await ask("br;q=0, gzip;q=0.5");
  expect(gzip).toBe("gzip");
  const unpacked = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  expect(new Uint8Array(await new Response(unpacked).arrayBuffer())).toEqual(plain);
  expect((await ask("x-gzip, brr"))[0]).toBe(null);
});

it("serves the service worker at the root, always asked for anew, and it names what there is", async () => {
  const { status, body, headers } = await visitor.get("/sw.js");
  expect([status, headers.get("cache-control")]).toEqual([200, "no-cache"]);
  expect(headers.get("content-type")).toMatch(/^text\/javascript/);
  expect(headers.get("content-security-policy")).toContain("script-src 'self'");
  const files = [...body.matchAll(/"(\/[\w./-]+\.(?:js|css|svg|png|webmanifest))"/g)].map((match) => match[1]!);
  expect(files).toContain("/theme.js");
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) expect([file, (await visitor.get(file)).status]).toEqual([file, 200]);
  const shell = (await visitor.get("/en/messages")).body as string;
  expect(files.filter((file) => file.startsWith("/assets/index-") && shell.includes(`src="${file}"`))).not.toEqual([]);
});

it("can be installed: a manifest whose icons are there, which opens the page in its language, not the site", async () => {
  const page = (await visitor.get("/np/messages/new")).body as string;
  const { body, headers } = await visitor.get(/rel="manifest" href="([^"]+)"/.exec(page)![1]!);
  expect(headers.get("content-type")).toBe("application/manifest+json");
  const { icons, start_url, id } = body;
  expect([start_url, id]).toEqual(["/np/messages", "/messages"]);
  expect((await visitor.get(start_url)).status).toBe(200);
  expect((await visitor.get("/xx/messages/manifest.webmanifest")).status).toBe(302);
  for (const { src, type } of icons) {
    const icon = await visitor.get(src);
    expect([icon.status, icon.headers.get("content-type")]).toEqual([200, type]);
  }
});

it("serves the page of a build that takes the place of another while it runs", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const app = new OpenAPIHono<HttpEnv>();
    const build = (n: number) => Deno.writeTextFile(`${directory}/index.html`, `<title>Build ${n}</title>`);
    const page = async () => await (await app.request("http://localhost/en/messages")).text();
    pageRoutes(app, directory);
    await build(1);
    expect(await page()).toBe("<title>Build 1</title>");
    await Deno.remove(`${directory}/index.html`);
    // Between the two, for as long as it takes.
    expect(await page()).toBe("<title>Build 1</title>");
    await build(23);
    expect(await page()).toBe("<title>Build 23</title>");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
