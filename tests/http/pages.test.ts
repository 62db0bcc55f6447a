// Pages: the way to the messages page in the browser's language, the page itself, its assets.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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
    ["fr", "/en/messages"],
    ["", "/en/messages"],
    ["ne;q=banana;;;,", "/np/messages"],
  ])("leads a browser that speaks %j to %s", async (language, address) => {
    const answer = await visitor.get("/", { headers: { "accept-language": language } });
    expect([answer.status, answer.headers.get("location")]).toEqual([302, address]);
  });
});

it("serves the page in each language, also for one conversation", async () => {
  for (const [address, lang] of [["en", "en"], ["np", "ne"], ["ne", "ne"]]) {
    for (const rest of ["", "/01a203ee-2fbf-755d-8918-46e0468be55c", "/new?to=42"]) {
      const { status, body, headers } = await visitor.get(`/${address}/messages${rest}`);
      expect(status).toBe(200);
      expect(headers.get("content-type")).toMatch(/^text\/html/);
      expect(body).toContain(`<html lang="${lang}"`);
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
    expect(answer.headers.get("content-type")).toMatch(/javascript|css|svg/);
  }
  for (
    const path of ["/assets/none.js", "/assets/../../../deno.json", "/assets/..%2f..%2f..%2fdeno.json", "/.stamp", "/x"]
  ) {
    expectProblem(await visitor.get(path), 404, "not_found");
  }
});
