// Edits and deletions: whose they are, what everyone sees of them, and what nobody sees any more.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase } from "../helpers/database.ts";
import { createTestServer, type TestServer } from "../helpers/server.ts";
import { connect, messagesHeard, ok, pair, refusal, say, START, syncOne, three } from "../helpers/talk.ts";

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

const edit = (conversationId: string, seq: number, body: string) =>
  ({ command: "message:edit", conversationId, seq, body }) as const;
const remove = (conversationId: string, seq: number) => ({ command: "message:delete", conversationId, seq }) as const;

describe("message:edit", () => {
  it("[E1] keeps the place, takes the next version, and reaches everyone; the same text again changes nothing", async () => {
    const { id, a, b } = await pair(server);
    await say(a, id, "teh");
    await say(b, id, "what?");
    const { message } = await ok(a, edit(id, 1, "the"));
    expect(message).toMatchObject({ seq: 1, version: 3, body: "the", deletedAt: null });
    expect(message.editedAt).not.toBeNull();
    expect(await b.message("the")).toEqual(message);
    expect((await ok(a, edit(id, 1, "the"))).message).toEqual(message);
    expect((await say(a, id, "next")).version).toBe(4);
  });

  it("[E1] is for one's own text messages only", async () => {
    const { id, a, b } = await three(server);
    const { seq } = await say(a, id, "mine");
    expect(await refusal(b, edit(id, seq, "yours"))).toBe("forbidden");
    expect(await refusal(a, edit(id, seq + 1, "none such"))).toBe("not_found");
    const again = await connect(server, (await pair(server)).sita);
    expect(await refusal(again, edit(id, seq, "stranger"))).toBe("not_found");
    await say(a, id, "marker");
    await b.message("marker");
    expect(messagesHeard(b, id).map((one) => one.body)).toEqual(["mine", "marker"]);
  });

  it("[E3] what is deleted cannot be edited, and system messages can be neither", async () => {
    const { id, a } = await three(server);
    const { seq } = await say(a, id, "gone soon");
    await ok(a, remove(id, seq));
    expect(await refusal(a, edit(id, seq, "back again"))).toBe("forbidden");
    expect(await refusal(a, edit(id, 1, "I made nothing"))).toBe("forbidden");
    expect(await refusal(a, remove(id, 1))).toBe("forbidden");
  });
});

describe("message:delete", () => {
  it("[E2] leaves a tombstone without text, in the row, in the event, over REST and in a resume; again changes nothing", async () => {
    const { sita, ram, id, a, b } = await pair(server);
    await say(a, id, "secret before the edit");
    await ok(a, edit(id, 1, "secret after the edit"));
    const { message } = await ok(a, remove(id, 1));
    expect(message).toMatchObject({ seq: 1, version: 3, body: null });
    expect(message.deletedAt).not.toBeNull();
    const heard = await b.event("message", (event) => event.message.deletedAt !== null);
    expect(heard.message).toEqual(message);
    expect((await ok(a, remove(id, 1))).message).toEqual(message);

    const fresh = await connect(server, ram);
    const missed = await syncOne(fresh, id, START);
    expect(missed.messages).toEqual([message]);
    const page = await sita.get(`/api/messages/conversations/${id}/messages`);
    const list = await sita.get("/api/messages/conversations");
    const rows = await server.sql`select * from messages where conversation_id = ${id}`;
    for (const seen of [missed, page.body, list.body, rows]) expect(JSON.stringify(seen)).not.toContain("secret");
    const kept = await server.sql`select body from message_revisions where conversation_id = ${id} order by version`;
    expect(kept.map((row) => row.body)).toEqual(["secret before the edit", "secret after the edit"]);
  });

  it("[E2] an admin of the group may delete anyone's, a member and the other of two may not", async () => {
    const { id, a, b, c } = await three(server);
    const { seq } = await say(b, id, "rude");
    expect(await refusal(c, remove(id, seq))).toBe("forbidden");
    expect((await ok(a, remove(id, seq))).message).toMatchObject({
      body: null,
      senderId: (await b.event("welcome")).userId,
    });
    const two = await pair(server);
    await say(two.b, two.id, "mine");
    expect(await refusal(two.a, remove(two.id, 1))).toBe("forbidden");
  });
});

it("[E3] where the owner set a time limit, an author is too late after it; an admin is not", async () => {
  const database = await createTestDatabase();
  const clock = { aheadMs: 0 };
  const limited = await createTestServer({
    database,
    environment: { EDIT_MINUTES: "10", DELETE_MINUTES: "20" },
    now: () => Date.now() + clock.aheadMs,
  });
  try {
    const { id, a, b } = await three(limited);
    const { seq } = await say(b, id, "first");
    clock.aheadMs = 9 * 60_000;
    await ok(b, edit(id, seq, "second"));
    clock.aheadMs = 11 * 60_000;
    expect(await refusal(b, edit(id, seq, "third"))).toBe("too_late");
    expect((await ok(b, edit(id, seq, "second"))).message.body).toBe("second");
    clock.aheadMs = 21 * 60_000;
    expect(await refusal(b, remove(id, seq))).toBe("too_late");
    expect((await ok(a, remove(id, seq))).message.body).toBeNull();
  } finally {
    await limited.close();
    await database.close();
  }
});

it("[E4] events carry the present state, so that the higher version wins in whatever order they are applied", async () => {
  const { id, a, b } = await pair(server);
  for (const body of ["one", "two", "three"]) await say(a, id, body);
  await Promise.all([
    ok(a, edit(id, 1, "ONE")),
    ok(a, remove(id, 2)),
    ok(a, edit(id, 1, "One")),
    ok(a, edit(id, 3, "3")),
  ]);
  const last = await say(a, id, "last");
  await b.message("last");
  const events = messagesHeard(b, id);
  expect(events.map((one) => one.version)).toEqual(Array.from({ length: last.version }, (_, index) => index + 1));
  const orders = [events, events.toReversed(), events.toSorted((x, y) => y.seq - x.seq || x.version - y.version)];
  for (const order of orders) {
    const state = new Map<number, typeof last>();
    for (const one of order) if ((state.get(one.seq)?.version ?? 0) < one.version) state.set(one.seq, one);
    expect([1, 2, 3, 4].map((seq) => state.get(seq)!.body)).toEqual(["One", null, "3", "last"]);
  }
});
