// Read and delivered positions: forward only, the same on every device, told to those who look.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uuidv7 } from "../../protocol/uuid.ts";
import { createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import type { TestSocket } from "../helpers/socket.ts";
import { connect, ok, pair, refusal, say, settled, START, sync, syncOne, three, watch } from "../helpers/talk.ts";

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ limits: { commandsPerMinute: 1_000_000 } });
});
afterAll(() => server.close());

const read = (conversationId: string, seq: number) => ({ command: "message:read", conversationId, seq }) as const;
const delivered = (...positions: { conversationId: string; seq: number }[]) =>
  ({ command: "message:delivered", positions }) as const;
const positionsOf = (socket: TestSocket, person: Person) =>
  socket.events.flatMap((event) =>
    event.event === "positions" ? event.positions.filter((one) => one.userId === person.me.id) : []
  );
const reaches = (socket: TestSocket, person: Person, lastReadSeq: number) =>
  socket.event(
    "positions",
    ({ positions }) => positions.some((one) => one.userId === person.me.id && one.lastReadSeq === lastReadSeq),
  );

describe("positions", () => {
  it("[P1] move forward only and never past the last message; what is read is delivered", async () => {
    const { ram, id, a, b } = await pair(server);
    for (const body of ["1", "2", "3", "4"]) await say(a, id, body);
    expect(await ok(b, read(id, 2))).toEqual({ lastReadSeq: 2, unreadCount: 2 });
    expect(await ok(b, read(id, 1))).toEqual({ lastReadSeq: 2, unreadCount: 2 });
    await ok(b, delivered({ conversationId: id, seq: 3 }));
    await ok(b, delivered({ conversationId: id, seq: 1 }));
    expect((await watch(a, id))[0].positions).toContainEqual({
      userId: ram.me.id,
      lastReadSeq: 2,
      lastDeliveredSeq: 3,
    });
    expect(await ok(b, read(id, 1_000_000))).toEqual({ lastReadSeq: 4, unreadCount: 0 });
    await say(a, id, "5");
    expect((await syncOne(b, id, START)).positions).toContainEqual({
      userId: ram.me.id,
      lastReadSeq: 4,
      lastDeliveredSeq: 4,
    });
  });

  it("[P1] never go back, whoever moves them at the same time, from however many devices", async () => {
    const { ram, id, a, b } = await pair(server);
    await Promise.all(Array.from({ length: 40 }, (_, turn) => say(a, id, String(turn))));
    await watch(a, id);
    const devices = [b, await connect(server, ram), await connect(server, ram)];
    const moves = Array.from({ length: 120 }, (_, turn) => 1 + (turn * 17) % 40);
    const answers = await Promise.all(moves.map((seq, turn) => ok(devices[turn % 3]!, read(id, seq))));
    answers.forEach((answer, turn) => expect(answer.lastReadSeq).toBeGreaterThanOrEqual(moves[turn]!));
    await reaches(a, ram, 40);
    for (const socket of [a, ...devices]) {
      const seen = positionsOf(socket, ram).map((one) => one.lastReadSeq);
      expect(seen).toEqual(seen.toSorted((x, y) => x - y));
    }
    expect(positionsOf(a, ram).every((one) => one.lastDeliveredSeq >= one.lastReadSeq)).toBe(true);
  });

  it("[P2] unread is alike on every device and over REST, and one's own message is read by sending it", async () => {
    const { ram, id, a, b } = await pair(server);
    for (const body of ["1", "2", "3"]) await say(a, id, body);
    const tablet = await connect(server, ram);
    const unread = async () => {
      const lists = await Promise.all([b, tablet].map((socket) => sync(socket, {}, { list: true })));
      const [conversation] = (await ram.get("/api/messages/conversations")).body.conversations;
      const total = (await ram.get("/api/messages/unread-count")).body.unread;
      return [...lists.map((one) => one.list![0]!.unreadCount), conversation.unreadCount, total];
    };
    expect(await unread()).toEqual([3, 3, 3, 3]);
    await ok(b, read(id, 1));
    expect(await unread()).toEqual([2, 2, 2, 2]);
    expect(await tablet.event("positions")).toMatchObject({ positions: [{ userId: ram.me.id, lastReadSeq: 1 }] });
    await say(tablet, id, "4");
    expect(await unread()).toEqual([0, 0, 0, 0]);
    expect(await ok(b, read(id, 4))).toEqual({ lastReadSeq: 4, unreadCount: 0 });
  });

  it("[P2] who does something in a group with unread messages in it has still not read them", async () => {
    const { sita, id, a, b } = await three(server);
    await say(b, id, "read me");
    await ok(a, { command: "conversation:rename", conversationId: id, title: "More tea" });
    const [line] = (await sync(a, {}, { list: true })).list!;
    expect(line).toMatchObject({ lastSeq: 3, lastReadSeq: 1, unreadCount: 2 });
    const mine = (await syncOne(a, id, START)).positions.find((one) => one.userId === sita.me.id);
    expect(mine!.lastReadSeq).toBe(1);
  });

  it("[P3] are told to those who watch, to one's own connections at once, and to nobody else; several come as one", async () => {
    const { ram, id, a, b, c } = await three(server);
    const tablet = await connect(server, ram);
    for (const body of ["2", "3", "4"]) await say(a, id, body);
    await watch(a, id);
    await Promise.all([2, 3, 4].map((seq) => ok(b, read(id, seq))));
    await Promise.all([reaches(a, ram, 4), reaches(tablet, ram, 4)]);
    expect(positionsOf(a, ram)).toHaveLength(1);
    await settled(c);
    expect(c.events.filter((event) => event.event === "positions")).toEqual([]);
  });

  it("[P4] are in the next sync, though nobody told of them, and cost no version", async () => {
    const { ram, id, a, b } = await pair(server);
    const message = await say(a, id, "1");
    const cursor = { seq: message.seq, version: message.version };
    a.close();
    await ok(b, read(id, 1));
    const again = await connect(server, (await b.event("welcome"), ram));
    const synced = await syncOne(again, id, cursor);
    expect(synced).toMatchObject({ state: "current", cursor, messages: [] });
    expect(synced.positions).toContainEqual({ userId: ram.me.id, lastReadSeq: 1, lastDeliveredSeq: 1 });
  });

  it("[P1] of a conversation that is not mine there are none", async () => {
    const { id } = await pair(server);
    const { a } = await pair(server);
    for (const conversationId of [id, uuidv7()]) {
      expect(await refusal(a, read(conversationId, 1))).toBe("not_found");
      expect(await refusal(a, delivered({ conversationId, seq: 1 }))).toBe("not_found");
    }
  });
});
