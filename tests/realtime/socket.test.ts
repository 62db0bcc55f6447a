// The socket: who may open it, what a command gets, and who hears of what.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLOSE } from "../../protocol/close_codes.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { createPerson, createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import { openSocket, type SocketOptions, type TestSocket } from "../helpers/socket.ts";

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ environment: { CORS_ORIGINS: "https://bazaar.example" } });
});
afterAll(() => server.close());

const connect = (person: Person, options: SocketOptions = {}) =>
  openSocket(server.url, { cookie: person.cookie, ...options });
const send = (conversationId: string, body: string, clientId = uuidv7()) => ({
  command: "message:send" as const,
  conversationId,
  clientId,
  body,
});

async function pair(): Promise<{ sita: Person; ram: Person; id: string; a: TestSocket; b: TestSocket }> {
  const [sita, ram] = [await createPerson(server, "Sita"), await createPerson(server, "Ram")];
  const { id } = await sita.open(ram);
  return { sita, ram, id, a: await connect(sita), b: await connect(ram) };
}

describe("opening", () => {
  it("[C1] [C4] welcomes who is signed in, with the epoch of the data", async () => {
    const { sita, a } = await pair();
    const welcome = await a.event("welcome");
    expect(welcome.userId).toBe(sita.me.id);
    const [row] = await server.sql`select epoch from installation`;
    expect(welcome.epoch).toBe(row!.epoch);
  });

  it("[C2] is refused before the upgrade to anyone else, alike", async () => {
    const person = await createPerson(server, "Sita");
    const refused: SocketOptions[] = [
      {},
      { cookie: "chautari_session=" + "x".repeat(43) },
      { headers: { authorization: "Bearer x.y.z" } },
      { query: "?ticket=" + "x".repeat(43) },
      { query: `?token=${person.cookie!.split("=")[1]}` },
    ];
    const answers = await Promise.all(
      refused.map((options) => openSocket(server.url, options).then(() => "open", (error) => error.message)),
    );
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toMatch(/^401 .*"code":"unauthenticated"/);
  });

  it.each(["https://evil.example", "null", "https://bazaar.example.evil.example"])(
    "[C2] is refused to a page of %s, though the cookie comes along",
    async (origin) => {
      const person = await createPerson(server, "Sita");
      await expect(connect(person, { headers: { origin } })).rejects.toMatchObject({ status: 403 });
    },
  );

  it("[C2] takes a ticket once, also from a page of an allowed site", async () => {
    const person = await createPerson(server, "Sita");
    const { ticket } = (await person.post("/api/messages/socket-ticket")).body;
    const options = { query: `?ticket=${ticket}`, headers: { origin: "https://bazaar.example" } };
    const socket = await openSocket(server.url, options);
    expect((await socket.event("welcome")).userId).toBe(person.me.id);
    await expect(openSocket(server.url, options)).rejects.toMatchObject({ status: 401 });
  });

  it("[C1] needs our subprotocol, and is at one address only", async () => {
    const person = await createPerson(server, "Sita");
    await expect(connect(person, { protocol: "chautari.v0" })).rejects.toMatchObject({ status: 400 });
    await expect(connect(person, { protocol: "" })).rejects.toMatchObject({ status: 400 });
    const elsewhere = openSocket(`${server.url}/elsewhere`, { cookie: person.cookie });
    await expect(elsewhere).rejects.toMatchObject({ status: 404 });
  });
});

describe("message:send", () => {
  it("[S1] [S2] is answered and reaches every connection of both people", async () => {
    const { sita, id, a, b } = await pair();
    const tablet = await connect(sita);
    const reply = await a.ask(send(id, "नमस्ते"));
    expect(reply.ok.message).toMatchObject({ seq: 1, body: "नमस्ते", senderId: sita.me.id });
    for (const socket of [a, b, tablet]) expect(await socket.message("नमस्ते")).toEqual(reply.ok.message);
  });

  it("[S2] [S3] keeps the order of one connection's commands, sent without waiting", async () => {
    const { id, a, b } = await pair();
    const bodies = Array.from({ length: 60 }, (_, index) => `message ${index}`);
    const replies = await Promise.all(bodies.map((body) => a.ask(send(id, body))));
    expect(replies.map((reply) => reply.ok.message.seq)).toEqual(bodies.map((_, index) => index + 1));
    await b.message("message 59");
    const heard = b.events.filter((event) => event.event === "message").map((event) => event.message.body);
    expect(heard).toEqual(bodies);
  });

  it("[S4] [S5] is shown to nobody twice when it is repeated, on the socket and over REST", async () => {
    const { sita, id, a, b } = await pair();
    const clientId = uuidv7();
    const first = await a.ask(send(id, "once", clientId));
    expect(await a.ask(send(id, "once", clientId))).toMatchObject({ ok: first.ok });
    expect(await sita.send(id, "once", clientId)).toEqual(first.ok.message);
    expect((await a.ask(send(id, "other", clientId))).error).toMatchObject({
      code: "client_id_reused",
      retryable: false,
    });
    await a.ask(send(id, "last"));
    await b.message("last");
    expect(b.events.filter((event) => event.event === "message")).toHaveLength(2);
  });

  it("[S9] is refused to a stranger like a conversation that does not exist", async () => {
    const { id } = await pair();
    const stranger = await connect(await createPerson(server, "Stranger"));
    const there = await stranger.ask(send(id, "let me in"));
    const nowhere = await stranger.ask(send(uuidv7(), "let me in"));
    expect(there.error!.code).toBe("not_found");
    expect(nowhere.error).toEqual(there.error);
  });

  it("[A3] reaches nobody who has left", async () => {
    const { sita, ram, a } = await pair();
    const gita = await createPerson(server, "Gita");
    const ears = await connect(gita);
    const { id } = await sita.group("Tea", ram, gita);
    await gita.delete(`/api/messages/conversations/${id}`);
    await ears.event("conversation:left");
    await a.ask(send(id, "without Gita"));
    await a.message("without Gita");
    expect(JSON.stringify(ears.events)).not.toContain("without Gita");
  });
});

describe("a command that is not one", () => {
  it.each([
    ["not JSON", "hello", null, "bad_request"],
    ["a key twice", '{"ref":"r","ref":"r"}', null, "bad_request"],
    ["null", "null", null, "invalid"],
    ["a number", "7", null, "invalid"],
    ["a list", "[]", null, "invalid"],
    ["no command", '{"ref":"r"}', "r", "invalid"],
    ["an unknown command", '{"ref":"r","command":"constructor"}', "r", "invalid"],
    ["no ref", '{"command":"message:read"}', null, "invalid"],
    ["a ref that is none", '{"ref":{},"command":"message:read"}', null, "invalid"],
    ["a missing field", '{"ref":"r","command":"message:send"}', "r", "invalid"],
  ])("[C5] is answered, and the connection goes on: %s", async (_, frame, ref, code) => {
    const { id, a } = await pair();
    const reply = a.reply(ref);
    a.ws.send(frame);
    expect((await reply).error).toMatchObject({ code, retryable: false });
    expect((await a.ask(send(id, "still here"))).ok.message.seq).toBe(1);
  });

  it("[C5] closes when it is binary or over 64 KiB; others do not notice", async () => {
    const { id, a, b } = await pair();
    b.ws.send(new Uint8Array([1, 2, 3]));
    expect(await b.closed).toEqual({ code: CLOSE.badFrame.code, reason: CLOSE.badFrame.reason });
    const c = await connect(await createPerson(server, "Big"));
    c.ws.send("x".repeat(65_537));
    expect((await c.closed).code).toBe(1009);
    expect((await a.ask(send(id, "still here"))).ok.message.seq).toBe(1);
  });
});

describe("the end of a session", () => {
  it("[A2] cuts its sockets at once, not those of another session", async () => {
    const { sita, a } = await pair();
    const other = await createPerson(server, "Other");
    const ears = await connect(other);
    await sita.delete("/api/sessions/current");
    expect(await a.closed).toEqual({ code: CLOSE.unauthenticated.code, reason: CLOSE.unauthenticated.reason });
    expect(ears.ws.readyState).toBe(1);
  });

  it("[A2] by expiry cuts its sockets too", async () => {
    const person = await createPerson(server, "Short");
    await server
      .sql`update sessions set expires_at = now() + interval '300 milliseconds' where user_id = ${person.me.id}`;
    expect((await (await connect(person)).closed).code).toBe(CLOSE.unauthenticated.code);
  });
});

it("[L1] limits how many commands one person may send, over all sockets", async () => {
  const { sita, id, a } = await pair();
  const second = await connect(sita);
  const read = { command: "message:read" as const, conversationId: id, seq: 1 };
  const replies = await Promise.all(Array.from({ length: 240 }, (_, turn) => (turn % 2 ? a : second).ask(read)));
  const limited = replies.filter((reply) => reply.error?.code === "rate_limited");
  expect(limited.length).toBeGreaterThan(10);
  expect(limited[0]!.error).toMatchObject({ retryable: true, retryAfter: expect.any(Number) });
});
