// What changes of a conversation beside its messages: one's own mark "unread", and the colour of a group.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uuidv7 } from "../../protocol/uuid.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import type { TestSocket } from "../helpers/socket.ts";
import { connect, ok, type Pair, pair, say, send, settled, sync, three } from "../helpers/talk.ts";

const BASE = "/api/messages/conversations";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let server: TestServer;
beforeAll(async () => {
  database = await createTestDatabase();
  server = await createTestServer({ database });
});
afterAll(async () => {
  await server.close();
  await database.close();
});

const mark = (person: Person, id: string, marked = true) => person.put(`${BASE}/${id}/unread`, { marked });
const read = (conversationId: string, seq: number) => ({ command: "message:read", conversationId, seq }) as const;

/** How often a connection was told that the conversation changed. */
async function told(socket: TestSocket, id: string): Promise<number> {
  await settled(socket);
  return socket.events.filter((event) => event.event === "conversation" && event.conversationId === id).length;
}

/** Whether somebody has it marked, as the conversation, the list of a sync and the list over REST all say. */
async function isMarked(person: Person, socket: TestSocket, id: string): Promise<boolean> {
  const { conversation } = (await person.get(`${BASE}/${id}`)).body;
  const line = (await sync(socket, {}, { list: true })).list!.find((one) => one.conversationId === id)!;
  const listed = (await person.get(BASE)).body.conversations.find((one: { id: string }) => one.id === id);
  expect([line.markedUnread, listed.my.markedUnread]).toEqual(Array(2).fill(conversation.my.markedUnread));
  return conversation.my.markedUnread;
}

/** Ram has read both of two messages, the second of which is his; he is on two devices. */
async function setUp(): Promise<Pair & { tablet: TestSocket; clientId: string }> {
  const two = await pair(server);
  await say(two.a, two.id, "one");
  const clientId = uuidv7();
  await ok(two.b, send(two.id, "two", clientId));
  return { ...two, clientId, tablet: await connect(server, two.ram) };
}

describe("marked unread", () => {
  it("[P5] is one's own, the same on every device, counts as a conversation and moves no position", async () => {
    const { sita, ram, id, a, b, tablet } = await setUp();
    const { conversation } = (await mark(ram, id)).body;
    expect(conversation).toMatchObject({ unreadCount: 0, my: { markedUnread: true, lastReadSeq: 2 } });
    expect([await told(b, id), await told(tablet, id), await told(a, id)]).toEqual([1, 1, 0]);
    expect([await isMarked(ram, tablet, id), await isMarked(sita, a, id)]).toEqual([true, false]);
    expect((await ram.get("/api/messages/unread-count")).body).toEqual({ unread: 0, conversations: 1 });
    await say(a, id, "three");
    expect((await ram.get("/api/messages/unread-count")).body).toEqual({ unread: 1, conversations: 1 });
    await mark(ram, id, false);
    expect([await isMarked(ram, tablet, id), await told(tablet, id)]).toEqual([false, 2]);
  });

  const taking: [string, (two: Pair) => Promise<unknown>][] = [
    ["reading up to where one was", ({ b, id }) => ok(b, read(id, 2))],
    ["reading up to where one was, over REST", ({ ram, id }) => ram.put(`${BASE}/${id}/read`, { seq: 2 })],
    ["reading on", async ({ a, b, id }) => {
      await say(a, id, "three");
      await ok(b, read(id, 3));
    }],
    ["sending", ({ b, id }) => say(b, id, "three")],
    ["sending over REST", ({ ram, id }) => ram.send(id, "three")],
  ];
  it.each(taking)("[P5] [E5] is taken away by %s, and every device is told", async (_, act) => {
    const two = await setUp();
    const { ram, id, tablet } = two;
    await mark(ram, id);
    await act(two);
    expect([await isMarked(ram, tablet, id), await told(tablet, id)]).toEqual([false, 2]);
    await ok(tablet, read(id, 2));
    expect(await told(tablet, id)).toBe(2);
  });

  const keeping: [string, (two: Awaited<ReturnType<typeof setUp>>) => Promise<unknown>][] = [
    ["what others say", ({ a, id }) => say(a, id, "three")],
    ["its coming to a device", async ({ a, b, id }) => {
      const { seq } = await say(a, id, "three");
      await ok(b, { command: "message:delivered", positions: [{ conversationId: id, seq }] });
    }],
    ["a position that comes late", ({ b, id }) => ok(b, read(id, 1))],
    ["others' reading", ({ a, id }) => ok(a, read(id, 2))],
    ["the repeat of what was sent before", ({ b, id, clientId }) => ok(b, send(id, "two", clientId))],
  ];
  it.each(keeping)("[P5] stays through %s", async (_, act) => {
    const two = await setUp();
    const { ram, id, tablet } = two;
    await mark(ram, id);
    await act(two);
    expect([await isMarked(ram, tablet, id), await told(tablet, id)]).toEqual([true, 1]);
  });

  it("[P5] is known to a server that has just begun", async () => {
    const { ram, id } = await setUp();
    await mark(ram, id);
    const fresh = await createTestServer({ database });
    try {
      const [phone, tablet] = [await connect(fresh, ram), await connect(fresh, ram)];
      await ok(phone, read(id, 2));
      expect([await isMarked(ram, tablet, id), await told(tablet, id)]).toEqual([false, 1]);
    } finally {
      await fresh.close();
    }
  });

  it("[P5] is gone for who comes back after leaving", async () => {
    const { sita, ram, id, tablet } = await setUp();
    await mark(ram, id);
    await ok(tablet, { command: "conversation:leave", conversationId: id });
    expect((await ram.open(sita)).id).toBe(id);
    expect(await isMarked(ram, tablet, id)).toBe(false);
  });
});

it("[E5] a group's colour is told to everyone in it, by no message; the same again to nobody", async () => {
  const { sita, ram, id, a, b } = await three(server);
  const before = await Promise.all([told(a, id), told(b, id)]);
  const path = `${BASE}/${id}/colour`;
  expect((await sita.put(path, { colour: 5 })).body.conversation).toMatchObject({
    colour: 5,
    lastSeq: 1,
    lastVersion: 1,
  });
  await sita.put(path, { colour: 5 });
  expect(await Promise.all([told(a, id), told(b, id)])).toEqual(before.map((count) => count + 1));
  expect((await ram.get(`${BASE}/${id}`)).body.conversation.colour).toBe(5);
  await sita.put(path, { colour: null });
  expect((await ram.get(`${BASE}/${id}`)).body.conversation.colour).toBeNull();
});
