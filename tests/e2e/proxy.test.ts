// Behind the nginx and the Caddy that docs/proxy describes: signing up, a socket, sending, refusals, the client's address.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { SUBPROTOCOL } from "../../protocol/commands.ts";
import { REQUEST_MAX_BYTES } from "../../protocol/limits.ts";
import { createTestServer, type TestServer } from "../helpers/server.ts";
import { TestSocket } from "../helpers/socket.ts";
import { ok, send } from "../helpers/talk.ts";
import { CLIENT_ADDRESS, findProxy, NAME, type RunningProxy, startProxy } from "./proxies.ts";

const CLAIMED_ADDRESS = "203.0.113.9";

describe.each(["nginx", "caddy"] as const)("behind %s", (name) => {
  if (findProxy(name) === null) {
    console.warn(`\n*** No ${name} (or no openssl) is here: its configuration is NOT tested ***\n`);
  }

  describe.skipIf(findProxy(name) === null)("with the configuration of docs/proxy", { timeout: 60_000 }, () => {
    let server: TestServer;
    let proxy: RunningProxy;

    beforeAll(async () => {
      server = await createTestServer({ environment: { TRUST_PROXY: "1" } });
      proxy = await startProxy(name, server.port);
    });
    afterAll(async () => {
      await proxy?.close();
      await server.close();
    });

    async function post(path: string, body: unknown, cookie = "") {
      const headers = { "content-type": "application/json", origin: proxy.url, cookie };
      const claim = { "x-forwarded-for": CLAIMED_ADDRESS };
      return await proxy.request(path, {
        method: "POST",
        headers: { ...headers, ...claim },
        body: JSON.stringify(body),
      });
    }

    async function signUp(username: string) {
      const answer = await post("/api/accounts", { username, password: "a long pass phrase", name: username });
      expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
      const setCookie = answer.headers["set-cookie"]![0]!;
      return { setCookie, cookie: setCookie.split(";")[0]!, id: JSON.parse(answer.text).me.id as string };
    }

    async function open(cookie: string): Promise<TestSocket> {
      const { url, tls } = proxy;
      const ws = new WebSocket(`${url.replace("https", "wss").replace(NAME, "127.0.0.1")}/api/messages/socket`, [
        SUBPROTOCOL,
      ], { ...tls, headers: { host: new URL(url).host, origin: url, cookie } });
      const socket = new TestSocket(ws);
      await new Promise((resolve, reject) => ws.once("open", resolve).once("error", reject));
      return socket;
    }

    it("people sign up and talk over sockets", async () => {
      const sita = await signUp("sita");
      const ram = await signUp("ram");
      const made = await post("/api/messages/conversations", { kind: "direct", to: { id: ram.id } }, sita.cookie);
      const { conversation } = JSON.parse(made.text);
      const [a, b] = await Promise.all([open(sita.cookie), open(ram.cookie)]);
      await ok(a, send(conversation.id, "through the proxy"));
      expect((await b.message("through the proxy")).seq).toBe(1);
      a.close();
      b.close();
    });

    it("the server sees https, and the client's address instead of the proxy's or the one that is claimed", async () => {
      const { setCookie, cookie } = await signUp("gita");
      expect(setCookie).toContain("; Secure");
      const { sessions } = JSON.parse((await proxy.request("/api/sessions", { headers: { cookie } })).text);
      expect(sessions[0].address).toBe(CLIENT_ADDRESS);
    });

    it("a body too large is refused by Chautari in its own words, and far above that it is cut short", async () => {
      const { cookie } = await signUp("hari");
      const over = await post("/api/messages/conversations", { pad: "x".repeat(REQUEST_MAX_BYTES) }, cookie);
      expect([over.status, JSON.parse(over.text).code]).toEqual([413, "too_large"]);
      const headers = { "content-type": "application/json", "content-length": String(8 * 1024 * 1024) };
      const far = await proxy.request("/api/accounts", { method: "POST", headers, body: "x".repeat(8 * 1024 * 1024) })
        .catch((error: NodeJS.ErrnoException) => error.code);
      // what is refused before it is read may also be cut off
      expect([413, "EPIPE", "ECONNRESET"]).toContain(typeof far === "object" ? far.status : far);
    });

    it("http is sent on to https, and figures are not for the world", async () => {
      const { status, headers } = await proxy.request("/en/messages", { plain: true });
      expect([301, 308]).toContain(status);
      expect(headers.location).toMatch(new RegExp(`^https://${NAME}(:\\d+)?/en/messages$`));
      expect((await proxy.request("/metrics")).status).toBe(404);
    });
  });
});
