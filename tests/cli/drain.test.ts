// A stop that loses nothing: no new sockets, those there are told to come back, and what is under way is finished.
import { connect as connectTcp } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { CLOSE } from "../../protocol/close_codes.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { Connection } from "../../server/realtime/connection.ts";
import type { Answer, Dispatch } from "../../server/realtime/dispatch.ts";
import { Flusher } from "../../server/realtime/flusher.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { createPerson, createTestServer } from "../helpers/server.ts";
import { connect, pair, send } from "../helpers/talk.ts";

/** A server whose database outlives it. */
async function create() {
  const database = await createTestDatabase();
  onTestFinished(database.close);
  return await createTestServer({ database });
}

it("[C9] answers every command that had come, then closes with the code that says to come back", async () => {
  const server = await create();
  const { id, a, b } = await pair(server);
  const asked = Array.from({ length: 40 }, (_, index) => a.ask(send(id, `message ${index}`)));
  await asked[0];
  const stopped = server.stop();
  const [first, second] = await Promise.all([a.closed, b.closed, stopped]);
  expect([first.code, second.code]).toEqual([CLOSE.goingAway.code, CLOSE.goingAway.code]);
  const acknowledged = a.items.filter((item) => "ok" in item).length;
  const [row] = await server.sql`select count(*)::int as stored from messages where conversation_id = ${id}`;
  expect(acknowledged).toBe(row!.stored);
});

it("[C9] waits for a command's answer before it closes, and takes no more commands meanwhile", async () => {
  const sent: string[] = [];
  const closed: number[] = [];
  const wire = {
    send: (text: string) => void sent.push(text),
    close: (code: number) => void closed.push(code),
    bufferedBytes: 0,
  };
  const answers: PromiseWithResolvers<Answer>[] = [];
  const dispatch: Dispatch = () => {
    answers.push(Promise.withResolvers<Answer>());
    return answers.at(-1)!.promise;
  };
  const principal = { userId: "u", role: "member", sessionId: "s", expiresAt: Infinity, via: "cookie" } as const;
  const connection = new Connection(principal, wire, dispatch, new Flusher(), () => 0);
  const command = (ref: string) => JSON.stringify({ ref, command: "user:status", status: "away" });
  connection.receive(command("1"));
  connection.finish("goingAway");
  connection.receive(command("2"));
  expect([answers.length, closed]).toEqual([1, []]);
  answers[0]!.resolve({ json: "{}" });
  await expect.poll(() => closed).toEqual([CLOSE.goingAway.code]);
  expect(sent).toEqual(['[{"ref":"1","ok":{}}]']);
});

it("[C9] says that it is not ready, and refuses sockets as retryable, until the last one has gone", async () => {
  const server = await create();
  const { sita, a } = await pair(server);
  // one that does not answer the closing handshake holds the drain up for a while
  a.ws.pause();
  const stopped = server.stop();
  const ready = await fetch(`${server.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reason: "draining" }]);
  expect(ready.headers.get("connection")).toBe("close");
  await expect(connect(server, sita)).rejects.toThrow(/^503 .*"retryable":true/);
  await stopped;
  await expect(fetch(`${server.url}/readyz`)).rejects.toThrow();
});

it("finishes a request that has begun", async () => {
  const server = await create();
  const sita = await createPerson(server, "Sita");
  const { id } = await sita.open(await createPerson(server, "Ram"));
  const body = JSON.stringify({ clientId: uuidv7(), body: "under way" });
  const socket = connectTcp(server.port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => answer += chunk);
  const ended = new Promise((done) => socket.once("close", done));
  const head = `POST /api/messages/conversations/${id}/messages HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n` +
    `Origin: ${server.url}\r\nCookie: ${sita.cookie}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${body.length}\r\n\r\n`;
  socket.write(head + body.slice(0, 10));
  // its head has been read once an answer to a later request has come
  await expect.poll(async () => (await fetch(`${server.url}/healthz`)).status).toBe(200);
  const stopped = server.stop();
  socket.write(body.slice(10));
  await Promise.all([stopped, ended]);
  expect(answer).toMatch(/^HTTP\/1\.1 201 /);
});
