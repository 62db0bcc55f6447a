// Typing: who is told, and the four ways in which it ends.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPerson, createTestServer, type TestServer } from "../helpers/server.ts";
import type { TestSocket } from "../helpers/socket.ts";
import { connect, ok, pair, refusal, say, settled, three, watch } from "../helpers/talk.ts";

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

const start = (conversationId: string) => ({ command: "typing:start", conversationId }) as const;
const stop = (conversationId: string) => ({ command: "typing:stop", conversationId }) as const;
const typingOf = (socket: TestSocket) =>
  socket.events.flatMap((event) => event.event === "typing" ? [[event.userId, event.typing]] : []);
const ended = (socket: TestSocket) => socket.event("typing", (event) => !event.typing);

describe("typing", () => {
  it("[T1] is told to those who have the conversation open: not to others, nor the typist, nor strangers who try", async () => {
    const { sita, ram, id, a, b, c } = await three(server);
    const [phone, stranger] = [
      await connect(server, ram),
      await connect(server, await createPerson(server, "Stranger")),
    ];
    await Promise.all([watch(a, id), watch(b, id), watch(phone)]);
    expect(await watch(stranger, id)).toEqual([]);
    await ok(a, start(id));
    expect(await b.event("typing")).toEqual({ event: "typing", conversationId: id, userId: sita.me.id, typing: true });
    for (const socket of [a, c, phone, stranger]) {
      await settled(socket);
      expect(typingOf(socket)).toEqual([]);
    }
    expect(await refusal(stranger, start(id))).toBe("not_found");
  });

  it("[T1] is told no longer to who has closed the conversation", async () => {
    const { id, a, b } = await pair(server);
    await watch(b, id);
    await watch(b);
    await ok(a, start(id));
    await settled(b);
    expect(typingOf(b)).toEqual([]);
  });

  it("[T1] that went on before is told by the answer to who opens the conversation, but never to the typist", async () => {
    const { sita, id, a, b } = await pair(server);
    const typists = async (socket: TestSocket) => (await watch(socket, id))[0]!.typing;
    expect(await typists(b)).toEqual([]);
    await watch(b);
    await ok(a, start(id));
    expect(await typists(b)).toEqual([sita.me.id]);
    expect(await typists(a)).toEqual([]);
    await ok(a, stop(id));
    expect(await typists(b)).toEqual([]);
  });

  it("[T2] begins once, however often it is renewed, and ends by typing:stop; it is not stored", async () => {
    const { sita, id, a, b } = await pair(server);
    await watch(b, id);
    const [before] = await server.sql`select last_seq, last_version from conversations where id = ${id}`;
    await ok(a, stop(id));
    for (let turn = 0; turn < 3; turn++) await ok(a, start(id));
    await ok(a, stop(id));
    await ended(b);
    expect(typingOf(b)).toEqual([[sita.me.id, true], [sita.me.id, false]]);
    expect(await server.sql`select last_seq, last_version from conversations where id = ${id}`).toEqual([before]);
  });

  it("[T2] ends by a message", async () => {
    const { sita, id, a, b } = await pair(server);
    await watch(b, id);
    await ok(a, start(id));
    await say(a, id, "done");
    await ended(b);
    expect(typingOf(b)).toEqual([[sita.me.id, true], [sita.me.id, false]]);
  });

  it("[T2] ends by closing the connection that said it", async () => {
    const { sita, id, a, b } = await pair(server);
    await watch(b, id);
    await ok(a, start(id));
    a.close();
    await ended(b);
    expect(typingOf(b)).toEqual([[sita.me.id, true], [sita.me.id, false]]);
  });

  it("[T2] ends by leaving the group", async () => {
    const { sita, id, a, b } = await three(server);
    await watch(b, id);
    await ok(a, start(id));
    await ok(a, { command: "conversation:leave", conversationId: id });
    await ended(b);
    expect(typingOf(b)).toEqual([[sita.me.id, true], [sita.me.id, false]]);
  });

  it("[T2] ends by itself when no more is heard", async () => {
    const short = await createTestServer({ timings: { typingTtlMs: 20 } });
    try {
      const { sita, id, a, b } = await pair(short);
      await watch(b, id);
      await ok(a, start(id));
      await ended(b);
      expect(typingOf(b)).toEqual([[sita.me.id, true], [sita.me.id, false]]);
    } finally {
      await short.close();
    }
  });
});
