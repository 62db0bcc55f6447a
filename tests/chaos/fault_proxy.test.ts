// The fault proxy does what it says: otherwise the network fault would prove nothing.
import { connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FaultProxy, type Link } from "./fault_proxy.ts";

let proxy: FaultProxy;
let target: ReturnType<typeof createServer>;
let serverSide: Promise<Socket>;

beforeEach(async () => {
  target = createServer({ allowHalfOpen: true });
  serverSide = new Promise((accepted) => target.once("connection", accepted));
  await new Promise<void>((listening) => target.listen(0, "127.0.0.1", listening));
  proxy = await FaultProxy.open(`http://127.0.0.1:${(target.address() as { port: number }).port}`);
});

afterEach(async () => {
  await proxy.close();
  await new Promise<void>((closed) => target.close(() => closed()));
});

interface End {
  socket: Socket;
  text: string;
  ended: boolean;
  closed: boolean;
}

function watch(socket: Socket): End {
  const end: End = { socket, text: "", ended: false, closed: false };
  socket.on("error", () => {});
  socket.on("data", (chunk: Uint8Array) => end.text += new TextDecoder().decode(chunk));
  socket.on("end", () => end.ended = true);
  socket.on("close", () => end.closed = true);
  return end;
}

async function pair(): Promise<{ client: End; server: End; link: Link }> {
  const client = watch(connect({ host: "127.0.0.1", port: Number(new URL(proxy.url).port), allowHalfOpen: true }));
  const server = watch(await serverSide);
  const [link] = [...proxy.links] as [Link];
  return { client, server, link };
}

it("passes both ways, and the end too", async () => {
  const { client, server } = await pair();
  client.socket.write("there");
  server.socket.write("and back");
  await expect.poll(() => [server.text, client.text]).toEqual(["there", "and back"]);
  client.socket.end();
  await expect.poll(() => server.ended).toBe(true);
  server.socket.end();
  await expect.poll(() => [client.closed, proxy.links.size]).toEqual([true, 0]);
});

it("cuts both ends after so many bytes", async () => {
  const { client, server, link } = await pair();
  link.cutAfter("up", 3);
  client.socket.write("seven b");
  await expect.poll(() => [server.closed, client.closed]).toEqual([true, true]);
  expect("sev".startsWith(server.text)).toBe(true);
});

it("stalls one way, and passes what came meanwhile later, in order", async () => {
  const { client, server, link } = await pair();
  link.stall("up");
  client.socket.write("one ");
  client.socket.write("two");
  server.socket.write("the other way goes on");
  await expect.poll(() => client.text).toBe("the other way goes on");
  expect(server.text).toBe("");
  link.flow();
  await expect.poll(() => server.text).toBe("one two");
});

it("half-closes one way while the other goes on", async () => {
  const { client, server, link } = await pair();
  link.halfClose("up");
  await expect.poll(() => server.ended).toBe(true);
  server.socket.write("still here");
  await expect.poll(() => client.text).toBe("still here");
  server.socket.end();
  await expect.poll(() => client.ended).toBe(true);
});

it("forgets a connection: the server is told, the client is not", async () => {
  const { client, server, link } = await pair();
  link.forget();
  await expect.poll(() => server.closed).toBe(true);
  client.socket.write("is anybody there?");
  expect([client.ended, client.closed]).toEqual([false, false]);
  link.reset();
  await expect.poll(() => client.closed).toBe(true);
});
