// Which pages may ask: same host and port, or on the list; everything else is refused.
import { describe, expect, it } from "vitest";
import { isSecure, refuseForeignOrigin, requireOrigin } from "../../server/auth/origin.ts";

const rules = { corsOrigins: ["https://site.test"], trustProxy: 0 };
const ask = (headers: Record<string, string>, url = "http://chat.test/api") =>
  new Request(url, { method: "POST", headers });

describe("requireOrigin", () => {
  it.each([
    ["our own", { origin: "http://chat.test", host: "chat.test" }],
    ["our own, behind a proxy that ends TLS", { origin: "https://chat.test", host: "chat.test" }],
    ["our own with a port", { origin: "http://chat.test:8080", host: "chat.test:8080" }],
    ["our own, the default port written out by a proxy", { origin: "https://chat.test", host: "chat.test:443" }],
    ["our own, host in capitals", { origin: "https://chat.test", host: "Chat.Test" }],
    ["our own, no Host header", { origin: "https://chat.test" }],
    ["one of the list", { origin: "https://site.test", host: "chat.test" }],
  ])("takes %s", (_, headers: Record<string, string>) => {
    expect(() => requireOrigin(ask(headers), rules)).not.toThrow();
  });

  it.each([
    ["none", { host: "chat.test" }],
    ["null", { origin: "null", host: "chat.test" }],
    ["another site", { origin: "https://evil.test", host: "chat.test" }],
    ["a subdomain", { origin: "https://evil.chat.test", host: "chat.test" }],
    ["a longer name", { origin: "https://chat.test.evil.test", host: "chat.test" }],
    ["another port", { origin: "http://chat.test:8081", host: "chat.test" }],
    ["the list's name with another scheme", { origin: "http://site.test", host: "chat.test" }],
    ["the list's name with another port", { origin: "https://site.test:8443", host: "chat.test" }],
    ["an address instead of an origin", { origin: "https://chat.test/", host: "chat.test" }],
    ["credentials in it", { origin: "https://chat.test@evil.test", host: "chat.test" }],
    ["another kind of scheme", { origin: "file://chat.test", host: "chat.test" }],
    ["two of them", { origin: "https://chat.test https://evil.test", host: "chat.test" }],
    ["what X-Forwarded-Host says when no proxy is trusted", {
      origin: "https://evil.test",
      host: "chat.test",
      "x-forwarded-host": "evil.test",
    }],
  ])("refuses %s", (_, headers: Record<string, string>) => {
    expect(() => requireOrigin(ask(headers), rules)).toThrow(expect.objectContaining({ code: "cross_origin" }));
  });

  it("believes a trusted proxy about the host, and only that", () => {
    const behind = { ...rules, trustProxy: 1 };
    const headers = { host: "10.0.0.5:8080", "x-forwarded-host": "chat.test, inner.test" };
    expect(() => requireOrigin(ask({ ...headers, origin: "https://chat.test" }), behind)).not.toThrow();
    expect(() => requireOrigin(ask({ ...headers, origin: "http://10.0.0.5:8080" }), behind)).toThrow();
  });

  it("refuses a page without TLS when the browser came with TLS", () => {
    const origin = "http://chat.test";
    expect(() => requireOrigin(ask({ origin }, "https://chat.test/api"), rules)).toThrow();
    const headers = { origin, host: "chat.test", "x-forwarded-proto": "https" };
    expect(() => requireOrigin(ask(headers), { ...rules, trustProxy: 1 })).toThrow();
    expect(() => requireOrigin(ask(headers), rules)).not.toThrow();
  });
});

describe("refuseForeignOrigin", () => {
  it("takes no Origin, but not a foreign one", () => {
    expect(() => refuseForeignOrigin(ask({ host: "chat.test" }), rules)).not.toThrow();
    expect(() => refuseForeignOrigin(ask({ origin: "https://chat.test" }), rules)).not.toThrow();
    expect(() => refuseForeignOrigin(ask({ origin: "https://evil.test" }), rules)).toThrow();
    expect(() => refuseForeignOrigin(ask({ origin: "" }), rules)).toThrow();
  });
});

describe("isSecure", () => {
  it.each([
    ["https itself", "https://chat.test/", {}, 0, true],
    ["plain http", "http://chat.test/", {}, 0, false],
    ["a trusted proxy's word", "http://chat.test/", { "x-forwarded-proto": "https" }, 1, true],
    ["anybody's word", "http://chat.test/", { "x-forwarded-proto": "https" }, 0, false],
    ["our own page's word", "http://chat.test/", { origin: "https://chat.test" }, 0, true],
    ["another page's word", "http://chat.test/", { origin: "https://site.test" }, 0, false],
  ] as [string, string, Record<string, string>, number, boolean][])("%s", (_, url, headers, trustProxy, secure) => {
    expect(isSecure(ask(headers, url), { ...rules, trustProxy })).toBe(secure);
  });
});
