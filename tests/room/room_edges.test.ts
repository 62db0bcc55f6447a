// A room at its edges: what is not told twice, not told to the wrong person, not asked of the store without need.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SYNC_MAX_CHANGES } from "../../protocol/limits.ts";
import type { Event } from "../../protocol/frames.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { tally } from "../../server/metrics.ts";
import { Committer } from "../../server/room/committer.ts";
import { type Missed, Room } from "../../server/room/room.ts";
import type { Batch } from "../../server/room/subscriber.ts";
import { StoreUnavailable } from "../../server/store/errors.ts";
import { createStore, type RoomStore, type Store } from "../../server/store/store.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { append, createDirect, createGroup, createPeople } from "../helpers/people.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
beforeAll(async () => {
  database = await createTestDatabase();
  store = createStore(database.sql);
});
afterAll(() => database.close());

const people = (...names: string[]) => createPeople(database.sql, ...names) as Promise<[string, string, string]>;

/** A room whose every participant listens, and a store whose parts a test may replace. */
function roomOf(id: string, replaced: Partial<RoomStore["messages"] & RoomStore["participants"]> = {}) {
  const heard = new Map<string, Batch[]>();
  const asked = { roomState: 0, changesSince: 0 };
  const failures: string[] = [];
  const roomStore = {
    messages: {
      append: store.messages.append,
      revise: store.messages.revise,
      changesSince: (...of: Parameters<Store["messages"]["changesSince"]>) => {
        asked.changesSince++;
        return (replaced.changesSince ?? store.messages.changesSince)(...of);
      },
      ...(replaced.append && { append: replaced.append }),
    },
    participants: {
      ...store.participants,
      roomState: (of: string) => {
        asked.roomState++;
        return (replaced.roomState ?? store.participants.roomState)(of);
      },
    },
  };
  const batchesOf = (userId: string) => heard.get(userId) ?? heard.set(userId, []).get(userId)!;
  const room = new Room(id, {
    store: roomStore,
    committer: new Committer(roomStore.messages),
    audience: {
      subscribersOf: (userId) => [{ id: userId, userId, send: (batch) => void batchesOf(userId).push(batch) }],
      watchersOf: () => [],
      left: () => {},
      flushed: () => Promise.resolve(),
    },
    onError: (what) => void failures.push(what),
  });
  const bodiesHeardBy = (userId: string) =>
    batchesOf(userId).flatMap((batch) => JSON.parse(`[${batch.json}]`) as Event[])
      .flatMap((event) => event.event === "message" ? [event.message.body] : []);
  return { room, batchesOf, bodiesHeardBy, asked, failures };
}
const START = { seq: 0, version: 0 };
const seqsOf = (missed: Missed) =>
  missed.state === "changed" ? missed.changes.map(({ seq }) => seq).toSorted((a, b) => a - b) : missed.state;

describe("a send", () => {
  it("[S4] that is a repeat is answered, and tells nobody anything", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    const { room, batchesOf, asked } = roomOf(id);
    const once = append(id, sita, "once");
    const first = await room.send(once);
    expect(await room.send(once)).toEqual(first);
    expect([batchesOf(sita).length, batchesOf(ram).length]).toEqual([1, 1]);
    expect(batchesOf(ram)[0], "encoded once for all").toBe(batchesOf(sita)[0]);
    expect(asked).toEqual({ roomState: 1, changesSince: 0 });
  });

  it("takes as many as come, in their order, in more than one batch", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    const { room, bodiesHeardBy } = roomOf(id);
    const bodies = Array.from({ length: 501 }, (_, index) => `${index}`);
    await Promise.all(bodies.map((body) => room.send(append(id, sita, body))));
    expect(bodiesHeardBy(ram)).toEqual(bodies);
    await expect.poll(() => room.isIdle).toBe(true);
  });

  it("is read and received by its author, and ends that they type", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    const { room } = roomOf(id);
    await room.type(sita, true);
    expect(room.typingFor(ram)).toEqual([sita]);
    await room.send(append(id, sita));
    expect(room.typingFor(ram)).toEqual([]);
    const positions = new Map((await room.positionsFor(ram)).map((one) => [one.userId, one]));
    expect(positions.get(sita)).toEqual({ userId: sita, lastReadSeq: 1, lastDeliveredSeq: 1 });
    expect(positions.get(ram)).toEqual({ userId: ram, lastReadSeq: 0, lastDeliveredSeq: 0 });
  });

  it("to a conversation that is not there says so, and nothing has failed", async () => {
    const [sita] = await people("Sita");
    const id = uuidv7();
    const { room, failures } = roomOf(id);
    await expect(room.send(append(id, sita))).rejects.toMatchObject({ code: "not_found" });
    expect(await room.missedSince(sita, START)).toEqual({ state: "gone" });
    expect(failures).toEqual([]);
    expect(room.isIdle).toBe(true);
  });
});

describe("a change that is refused", () => {
  it("is told to who asked as it is, and the room knows what it knew", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    const { room, failures, asked, batchesOf } = roomOf(id);
    await room.send(append(id, sita, "mine"));
    const edit = room.revise({ seq: 1, actorId: ram, body: "not mine", windowMs: null, now: new Date() });
    await expect(edit).rejects.toMatchObject({ code: "forbidden" });
    const same = await room.revise({ seq: 1, actorId: sita, body: "mine", windowMs: null, now: new Date() });
    expect(same.message).toMatchObject({ seq: 1, version: 1 });
    expect([failures, asked.roomState, batchesOf(ram).length]).toEqual([[], 1, 1]);
  });
});

describe("what somebody missed", () => {
  it("[R2] comes from the ring where it is there, else from the store, and is counted so", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    await store.messages.append([append(id, sita, "before this room")]);
    const { room, asked } = roomOf(id);
    const counted = () => ["ring", "backfill", "gone", "reset"].map((kind) => tally.resumes.of(kind as "ring"));
    const before = counted();
    await room.send(append(id, sita, "here"));
    expect(seqsOf(await room.missedSince(ram, { seq: 1, version: 1 }))).toEqual([2]);
    expect(seqsOf(await room.missedSince(ram, { seq: 2, version: 2 }))).toEqual([]);
    expect(asked.changesSince).toBe(0);
    expect(await room.missedSince(ram, START)).toMatchObject({ last: { seq: 2, version: 2 } });
    expect(asked.changesSince).toBe(1);
    expect(await room.missedSince(uuidv7(), START)).toEqual({ state: "gone" });
    for (const cursor of [{ seq: 3, version: 2 }, { seq: 2, version: 3 }]) {
      expect(await room.missedSince(ram, cursor)).toEqual({ state: "reset" });
    }
    expect(counted().map((count, index) => count - before[index]!)).toEqual([2, 1, 1, 2]);
  });

  it("[R5] is given up to the limit, of messages and of changes alike", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    await store.messages.append(Array.from({ length: SYNC_MAX_CHANGES }, () => append(id, sita)));
    const { room } = roomOf(id);
    const state = async (seq: number, version: number) => (await room.missedSince(ram, { seq, version })).state;
    expect(await state(0, 0)).toBe("changed");
    expect(await state(400, 400)).toBe("changed");
    await room.revise({ seq: 1, actorId: sita, body: "edited", windowMs: null, now: new Date() });
    expect([await state(500, 0), await state(0, 1), await state(0, 0)]).toEqual(["reset", "changed", "reset"]);
    await room.send(append(id, sita));
    expect([await state(0, 2), await state(1, 2)]).toEqual(["reset", "changed"]);
  });

  it("[R5] is nothing where the store has more than it may give", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    await store.messages.append([append(id, sita)]);
    const { room } = roomOf(id, {
      changesSince: () => Promise.resolve({ messages: [], isWhole: false, last: { seq: 1, version: 1 } }),
    });
    expect(await room.missedSince(ram, START)).toEqual({ state: "reset" });
  });

  it("[R9] begins after what was said before their time, with a cursor from then and without any", async () => {
    const [sita, ram, gita] = await people("Sita", "Ram", "Gita");
    const id = await createGroup(database.sql, sita, ram);
    const { room, bodiesHeardBy } = roomOf(id);
    await room.send(append(id, sita, "before"));
    await room.change(sita, { type: "add", userIds: [gita] });
    await room.send(append(id, sita, "after"));
    expect(seqsOf(await room.missedSince(gita, START))).toEqual([3, 4]);
    expect(seqsOf(await room.missedSince(gita, { seq: 2, version: 2 }))).toEqual([3, 4]);
    expect(seqsOf(await room.missedSince(gita, { seq: 1, version: 1 }))).toBe("reset");
    expect(seqsOf(await room.missedSince(ram, START))).toEqual([1, 2, 3, 4]);
    await room.revise({ seq: 2, actorId: sita, body: "before, edited", windowMs: null, now: new Date() });
    expect([bodiesHeardBy(gita), bodiesHeardBy(ram)]).toEqual([[null, "after"], [
      "before",
      null,
      "after",
      "before, edited",
    ]]);
  });

  it("[S7] cannot be told while the store does not answer: nobody hears that they are gone", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    let isDown = true;
    const { room, failures } = roomOf(id, {
      roomState: (of) => isDown ? Promise.reject(new StoreUnavailable("down")) : store.participants.roomState(of),
    });
    await expect(room.missedSince(ram, START)).rejects.toMatchObject({ code: "unavailable" });
    await expect(room.send(append(id, sita))).rejects.toMatchObject({ code: "unavailable" });
    expect(failures).toEqual(["store", "store"]);
    expect(room.isIdle, "it has told nothing, so there is nothing to tell the rest of").toBe(true);
    isDown = false;
    expect(await room.missedSince(ram, START)).toMatchObject({ state: "changed" });
  });
});

describe("after a commit whose answer was lost", () => {
  it("[S7] [R9] what others did meanwhile is told in the order of its versions, to each what is theirs", async () => {
    const [sita, ram, gita] = await people("Sita", "Ram", "Gita");
    const id = await createGroup(database.sql, sita, ram);
    let lost = true;
    const { room, bodiesHeardBy, batchesOf, failures } = roomOf(id, {
      append: async (batch) => {
        const results = await store.messages.append(batch);
        if (!lost || batch[0]!.body !== "lost") return results;
        lost = false;
        throw new StoreUnavailable("the answer was lost");
      },
    });
    await room.send(append(id, sita, "told"));
    await room.change(sita, { type: "add", userIds: [gita] });
    // By another node.
    await store.messages.append([append(id, ram, "elsewhere")]);
    await store.messages.revise({
      conversationId: id,
      seq: 2,
      actorId: sita,
      body: "edited",
      windowMs: null,
      now: new Date(),
    });
    const told = batchesOf(ram).length;
    await expect(room.send(append(id, sita, "lost"))).rejects.toMatchObject({ code: "unavailable" });
    await room.send(append(id, ram, "next"));
    expect(failures).toEqual(["commit"]);
    expect(bodiesHeardBy(ram)).toEqual(["told", null, "elsewhere", "edited", "lost", "next"]);
    expect(bodiesHeardBy(gita)).toEqual([null, "elsewhere", "lost", "next"]);
    expect(batchesOf(ram).slice(told).every((batch) => batch.events.length > 0)).toBe(true);
    expect(seqsOf(await room.missedSince(ram, { seq: 3, version: 3 }))).toEqual([2, 4, 5, 6]);
  });

  it("[S7] nothing is told where nothing was committed", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    let lost = true;
    const { room, batchesOf } = roomOf(id, {
      append: (batch) => {
        if (lost && batch[0]!.body === "lost") return Promise.reject(new StoreUnavailable("gone before it arrived"));
        return store.messages.append(batch);
      },
    });
    await room.send(append(id, sita, "told"));
    await expect(room.send(append(id, sita, "lost"))).rejects.toMatchObject({ code: "unavailable" });
    lost = false;
    await room.lookAgain();
    expect([batchesOf(sita).length, batchesOf(ram).length]).toEqual([1, 1]);
  });
});
