// `chautari doctor --url`: what a reverse proxy forgets is found by asking through it.
import { createServer, type IncomingHttpHeaders, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkPublicUrl } from "../../server/cli/doctor/public_url.ts";
import { createTestServer, type TestServer } from "../helpers/server.ts";

/** A small reverse proxy; `rewrite` changes what goes on to the server. */
async function startProxy(server: TestServer, rewrite: (headers: IncomingHttpHeaders) => IncomingHttpHeaders) {
  const onward = (headers: IncomingHttpHeaders, path = "/") =>
    ask({ host: "127.0.0.1", port: server.port, path, headers: rewrite(headers), agent: false });
  const proxy = createServer((request, response) => {
    const further = onward(request.headers, request.url);
    further.once("response", (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
    });
    further.end();
  });
  proxy.on("upgrade", (request, socket: Duplex) => {
    const further = onward(request.headers, request.url);
    further.once("response", (answer) => {
      const head = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
      socket.write(`HTTP/1.1 ${answer.statusCode} Refused\r\n${head}\r\n`);
      answer.pipe(socket);
    });
    further.end();
  });
  await new Promise<void>((listening) => proxy.listen(0, "127.0.0.1", listening));
  const { port } = proxy.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    [Symbol.asyncDispose]: () =>
      new Promise<void>((closed) => {
        proxy.close(() => closed());
        proxy.closeAllConnections();
      }),
  };
}

const CLIENT = "198.51.100.7";
const appended = (headers: IncomingHttpHeaders) => ({
  ...headers,
  "x-forwarded-for": [headers["x-forwarded-for"], CLIENT].filter(Boolean).join(", "),
});

describe("through a proxy", () => {
  let trusting: TestServer;
  let plain: TestServer;
  beforeAll(async () => {
    [trusting, plain] = await Promise.all([
      createTestServer({ environment: { TRUST_PROXY: "1" } }),
      createTestServer(),
    ]);
  });
  afterAll(() => Promise.all([trusting.close(), plain.close()]));

  async function mended(server: TestServer, rewrite: Parameters<typeof startProxy>[1], trustProxy: number) {
    await using proxy = await startProxy(server, rewrite);
    const findings = await checkPublicUrl(proxy.url, trustProxy, Date.now);
    // that it is not encrypted is said of each of them
    return findings.filter(({ level, what }) => level !== "ok" && !what.endsWith("is not encrypted"));
  }

  it("nothing is to be mended where it passes everything on", async () => {
    expect(await mended(trusting, appended, 1)).toEqual([]);
    expect(await mended(trusting, (headers) => ({ ...headers, "x-forwarded-for": CLIENT }), 1)).toEqual([]);
  });

  it("a lost Upgrade is found", async () => {
    const found = await mended(trusting, (headers) => {
      const { upgrade: _, connection: __, ...rest } = appended(headers);
      return rest;
    }, 1);
    expect(found).toMatchObject([{ level: "problem", what: expect.stringContaining("drops the Upgrade header") }]);
  });

  it("a lost host is found", async () => {
    const found = await mended(trusting, (headers) => ({ ...appended(headers), host: "127.0.0.1:8080" }), 1);
    expect(found).toMatchObject([{ level: "problem", what: expect.stringContaining("another host") }]);
  });

  it("TRUST_PROXY that does not count the proxies is found", async () => {
    const few = await mended(plain, appended, 0);
    expect(few).toMatchObject([{ level: "problem", remedy: expect.stringContaining("TRUST_PROXY=1") }]);
    const believing = await mended(trusting, (headers) => headers, 1);
    expect(believing).toMatchObject([{ level: "problem", what: expect.stringContaining("is believed") }]);
  });

  it("another program, and nobody at all, are told apart", async () => {
    const other = createServer((_request, response) => response.end("hello"));
    await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
    const at = (port: number) => checkPublicUrl(new URL(`http://127.0.0.1:${port}`), 0, Date.now);
    try {
      const { port } = other.address() as AddressInfo;
      expect((await at(port))[0]!.what).toContain("is not answered by Chautari");
    } finally {
      other.close();
    }
    expect((await at(1))[0]!.what).toContain("cannot be reached");
  });

  it("clocks that differ are found", async () => {
    const findings = await checkPublicUrl(new URL(plain.url), 0, () => Date.now() + 3_600_000);
    expect(findings.map(({ what }) => what).join("\n")).toMatch(/is 3\d{3} s behind this one/);
  });
});
