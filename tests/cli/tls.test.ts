// https by certificate files: a whole server over TLS, a certificate that is renewed while it runs, and pairs that do not fit.
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { SUBPROTOCOL } from "../../protocol/commands.ts";
import { readPair } from "../../server/cli/tls.ts";
import { createPerson, createTestServer, type TestServer } from "../helpers/server.ts";

const CERTIFICATES = new URL("certificates/", import.meta.url).pathname;
let directory: string;
let server: TestServer;

const install = async (name: string, ...parts: ("cert" | "key")[]) => {
  for (const part of parts) await Deno.copyFile(`${CERTIFICATES}${name}.${part}.pem`, `${directory}/${part}.pem`);
};

beforeAll(async () => {
  directory = await Deno.makeTempDir({ prefix: "chautari-tls-" });
  await install("first", "cert", "key");
  const environment = { TLS_CERT: `${directory}/cert.pem`, TLS_KEY: `${directory}/key.pem` };
  server = await createTestServer({ environment });
});
afterAll(async () => {
  await server.close();
  await Deno.remove(directory, { recursive: true });
});

function shownName(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: "127.0.0.1", port: server.port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subject.CN as string);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

it("opens a socket whose page came over https, and refuses that of an http page", async () => {
  const sita = await createPerson(server, "Sita");
  const open = (origin: string) =>
    new Promise((resolve) => {
      const ws = new WebSocket(`${server.url.replace("http", "ws")}/api/messages/socket`, [SUBPROTOCOL], {
        headers: { origin, cookie: sita.cookie! },
        rejectUnauthorized: false,
      });
      ws.once("message", (data) => (resolve(JSON.parse(data.toString())[0].event), ws.terminate()));
      ws.once("unexpected-response", (_request, response) => resolve(response.statusCode));
      ws.on("error", () => {});
    });
  expect(server.url).toMatch(/^https:/);
  expect(await open(server.url)).toBe("welcome");
  expect(await open(server.url.replace("https:", "http:"))).toBe(403);
});

it("shows a renewed certificate without a restart; keeps the old one while the new pair is half written", async () => {
  expect(await shownName()).toBe("first");
  await install("second", "cert");
  await server.tls!.look();
  expect(await shownName()).toBe("first");
  expect(server.logged.filter((line) => line.includes("The TLS certificate stays as it was"))).toHaveLength(1);
  await install("second", "key");
  await server.tls!.look();
  expect(await shownName()).toBe("second");
});

it("says in one sentence what is wrong with the files", async () => {
  const at = (cert: string, key: string) => readPair({ cert: CERTIFICATES + cert, key: CERTIFICATES + key });
  await expect(at("first.cert.pem", "second.key.pem")).rejects.toThrow(
    /cannot be used together: the key is another one's/,
  );
  await expect(at("first.key.pem", "first.key.pem")).rejects.toThrow(/TLS_CERT .* cannot be used together/);
  await expect(at("none.pem", "first.key.pem")).rejects.toThrow(/TLS_CERT: .*none\.pem cannot be read/);
});
