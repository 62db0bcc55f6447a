// A room on a real database: it commits before it tells, and looks again after a commit whose answer was lost.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Event } from "../../protocol/frames.ts";
import { Committer } from "../../server/room/committer.ts";
import { Room } from "../../server/room/room.ts";
import type { Audience, Subscriber } from "../../server/room/subscriber.ts";
import { StoreUnavailable } from "../../server/store/errors.ts";
import type { Append, Appended } from "../../server/store/messages.ts";
import { createStore, type RoomStore, type Store } from "../../server/store/store.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { append, createDirect, createPeople } from "../helpers/people.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
beforeAll(async () => {
  database = await createTestDatabase();
  store = createStore(database.sql);
});
afterAll(() => database.close());

/** A conversation with two people who listen, and a store whose commits a test may tamper with. */
async function setUp(
  tamper: (commit: () => Promise<Appended[]>) => Promise<Appended[]> = (commit) => commit(),
  otherwise: Partial<Audience> = {},
  holdBackfill: () => Promise<void> = () => Promise.resolve(),
) {
  const [sita, ram] = await createPeople(database.sql, "Sita", "Ram") as [string, string];
  const id = await createDirect(database.sql, sita, ram);
  const watchers: Subscriber[] = [];
  const backfilled = Promise.withResolvers<void>();
  const heard = new Map<string, Event[]>([[sita, []], [ram, []]]);
  const audience = {
    subscribersOf: (userId: string): Subscriber[] => {
      const events = heard.get(userId);
      return events ? [{ id: userId, userId, send: (batch) => events.push(...JSON.parse(`[${batch.json}]`)) }] : [];
    },
    watchersOf: () => watchers,
    left: () => {},
    flushed: () => Promise.resolve(),
    ...otherwise,
  };
  const messages = {
    ...store.messages,
    append: (batch: Append[]) => tamper(() => store.messages.append(batch)),
    changesSince: async (...of: Parameters<typeof store.messages.changesSince>) => {
      const changes = await store.messages.changesSince(...of);
      backfilled.resolve();
      await holdBackfill();
      return changes;
    },
  };
  const roomStore: RoomStore = { participants: store.participants, messages };
  const failures: string[] = [];
  const onError = (what: string) => failures.push(what);
  const room = new Room(id, { store: roomStore, committer: new Committer(messages), audience, onError });
  const bodiesHeardBy = (userId: string) =>
    heard.get(userId)!.flatMap((event) => event.event === "message" ? [event.message.body] : []);
  return { sita, ram, id, room, heard, failures, bodiesHeardBy, watchers, backfilled: backfilled.promise };
}

describe("room", () => {
  it("[S1] tells nobody of a message before it is committed, and everyone of it before the sender has an answer", async () => {
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const { sita, ram, id, room, bodiesHeardBy } = await setUp(async (commit) => {
      reached.resolve();
      await gate.promise;
      return await commit();
    });
    const sent = room.send(append(id, sita, "wait for it"));
    await reached.promise;
    expect(bodiesHeardBy(ram)).toEqual([]);
    gate.resolve();
    await sent;
    expect(bodiesHeardBy(ram)).toEqual(["wait for it"]);
    expect(bodiesHeardBy(sita)).toEqual(["wait for it"]);
  });

  it("[S7] refuses as retryable when the store is gone; the retry gets the first result and everyone hears of it once", async () => {
    let lost = 1;
    const { sita, ram, id, room, failures, bodiesHeardBy } = await setUp(async (commit) => {
      const results = await commit();
      if (lost-- > 0) throw new StoreUnavailable("the answer was lost");
      return results;
    });
    const once = append(id, sita, "committed, but who knows");
    await expect(room.send(once)).rejects.toMatchObject({ code: "unavailable" });
    expect(failures).toEqual(["commit"]);
    expect(bodiesHeardBy(ram)).toEqual([]);
    expect(await room.send(once)).toMatchObject({ message: { seq: 1, body: once.body } });
    await room.send(append(id, ram, "and on"));
    expect(bodiesHeardBy(ram)).toEqual([once.body, "and on"]);
    expect(bodiesHeardBy(sita)).toEqual([once.body, "and on"]);
  });

  it("[S7] tells what the store holds beyond its last broadcast before anything newer, whoever speaks next", async () => {
    let lost = 1;
    const { sita, ram, id, room, bodiesHeardBy } = await setUp(async (commit) => {
      const results = await commit();
      if (lost-- > 0) throw new StoreUnavailable("the answer was lost");
      return results;
    });
    const sent = [append(id, sita, "one"), append(id, sita, "two")];
    await Promise.allSettled(sent.map((one) => room.send(one)));
    await room.send(append(id, ram, "three"));
    expect(bodiesHeardBy(sita)).toEqual(["one", "two", "three"]);
  });

  it("[S7] tells it of its own accord as soon as the store answers again, and is not idle before", async () => {
    let lost = 1;
    let down = 2;
    const told = Promise.withResolvers<void>();
    const { sita, ram, id, room, heard, failures } = await setUp(
      async (commit) => {
        const results = await commit();
        if (lost-- > 0) throw new StoreUnavailable("the answer was lost");
        return results;
      },
      {},
      () => down-- > 0 ? Promise.reject(new StoreUnavailable("still down")) : Promise.resolve(),
    );
    heard.set(ram, Object.assign([], { push: () => told.resolve() }));
    await expect(room.send(append(id, sita, "committed, but who knows"))).rejects.toMatchObject({
      code: "unavailable",
    });
    await Promise.resolve();
    expect(room.isIdle).toBe(false);
    await told.promise;
    expect(failures).toEqual(["commit", "store", "store"]);
    await room.lookAgain();
    expect(room.isIdle).toBe(true);
  });

  it("takes the next turn after one that failed", async () => {
    let broken = true;
    const { sita, id, room } = await setUp((commit) => broken ? Promise.reject(new Error("surprise")) : commit());
    await expect(room.send(append(id, sita))).rejects.toMatchObject({ code: "unavailable" });
    await expect(room.change(sita, { type: "rename", title: "x" })).rejects.toMatchObject({ code: "not_a_group" });
    broken = false;
    await expect(room.send(append(id, sita))).resolves.toMatchObject({ message: { seq: 1 } });
    expect(room.isIdle).toBe(true);
  });

  it("[S3] gathers what comes while it commits into one batch, in the order it came", async () => {
    const sizes: number[] = [];
    const { sita, id, room, bodiesHeardBy } = await setUp(async (commit) => {
      const results = await commit();
      sizes.push(results.length);
      return results;
    });
    const first = room.send(append(id, sita, "0"));
    await Promise.resolve();
    const others = Array.from({ length: 30 }, (_, index) => room.send(append(id, sita, String(index + 1))));
    await Promise.all([first, ...others]);
    expect(sizes.length).toBeLessThanOrEqual(2);
    expect(bodiesHeardBy(sita)).toEqual(Array.from({ length: 31 }, (_, index) => String(index)));
  });

  it("[A3] stops telling who has left, and tells them that they have", async () => {
    const { sita, ram, room, heard, bodiesHeardBy } = await setUp();
    await room.change(ram, { type: "leave" });
    expect(heard.get(ram)).toEqual([{ event: "conversation:left", conversationId: room.id }]);
    await expect(room.send(append(room.id, sita, "hello?"))).rejects.toMatchObject({ code: "recipient_left" });
    await expect(room.move(ram, { readSeq: 1 })).rejects.toMatchObject({ code: "not_found" });
    expect(bodiesHeardBy(ram)).toEqual([]);
  });

  it("[S6] a message that the database refuses is refused alone; those that were committed with it are not", async () => {
    const { sita, ram, id, room, bodiesHeardBy } = await setUp();
    const bodies = ["before", "poison \0", "after"];
    const results = await Promise.allSettled(bodies.map((body) => room.send(append(id, sita, body))));
    expect(results.map((one) => one.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[1]).toMatchObject({ reason: { code: "invalid" } });
    expect(bodiesHeardBy(ram)).toEqual(["before", "after"]);
    expect(results[2]).toMatchObject({ value: { message: { seq: 2, version: 2 } } });
  });

  it("[S8] hands a message to its author before anyone else, and to everyone before the author has the answer", async () => {
    const order: string[] = [];
    const { sita, ram, id, room, heard } = await setUp();
    for (const userId of [sita, ram]) {
      heard.set(userId, Object.assign([], { push: () => order.push(userId) }));
    }
    await room.send(append(id, sita)).then(() => order.push("answer"));
    await room.send(append(id, ram));
    expect(order).toEqual([sita, ram, "answer", ram, sita]);
  });

  it("[R3] an answer from a store that is ahead of what was told is given only after that was told", async () => {
    const gate = Promise.withResolvers<void>();
    const committed = Promise.withResolvers<void>();
    const { sita, ram, id, room, bodiesHeardBy, backfilled } = await setUp(async (commit) => {
      const results = await commit();
      committed.resolve();
      await gate.promise;
      return results;
    });
    await store.messages.append([append(id, sita, "long ago")]);
    const sent = room.send(append(id, sita, "committed, not told"));
    await committed.promise;
    const missed = room.missedSince(ram, { seq: 0, version: 0 }).then((one) => {
      expect(bodiesHeardBy(ram)).toEqual(["committed, not told"]);
      return one;
    });
    await backfilled;
    await new Promise((resolve) => setImmediate(resolve));
    gate.resolve();
    await sent;
    expect(await missed).toMatchObject({ state: "changed", last: { seq: 2, version: 2 } });
  });

  it("[R7] a participant who asks while a commit is lost is not told that they are gone", async () => {
    const gate = Promise.withResolvers<void>();
    let lost = 1;
    const { sita, ram, id, room, backfilled } = await setUp(
      async (commit) => {
        const results = await commit();
        if (lost-- > 0) throw new StoreUnavailable("the answer was lost");
        return results;
      },
      {},
      () => gate.promise,
    );
    await store.messages.append([append(id, sita, "long ago")]);
    const missed = room.missedSince(ram, { seq: 0, version: 0 });
    await backfilled;
    await expect(room.send(append(id, sita))).rejects.toMatchObject({ code: "unavailable" });
    gate.resolve();
    expect(await missed).toMatchObject({ state: "changed", last: { seq: 1, version: 1 } });
    expect(await room.missedSince(ram, { seq: 0, version: 0 })).toMatchObject({ last: { seq: 2, version: 2 } });
  });

  it("[T1] tells ephemera to participants only, whoever claims to watch", async () => {
    const { sita, ram, room, watchers } = await setUp();
    const [stranger] = await createPeople(database.sql, "Stranger") as [string];
    const told: string[] = [];
    for (const userId of [stranger, sita, ram]) watchers.push({ id: userId, userId, send: () => told.push(userId) });
    await room.type(sita, true);
    await room.type(sita, false);
    expect(told).toEqual([ram, ram]);
  });

  it("[R3] answers nobody from a broadcast that is still under way: those who come last in it would get it twice", async () => {
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    let handed = 0;
    const crowd = (userId: string) =>
      Array.from({ length: 600 }, (_, n): Subscriber => ({ id: String(n), userId, send: () => void handed++ }));
    const { sita, ram, id, room } = await setUp(undefined, {
      subscribersOf: crowd,
      flushed: () => {
        begun.resolve();
        return gate.promise;
      },
    });
    const sent = room.send(append(id, sita));
    await begun.promise;
    const missed = room.missedSince(ram, { seq: 0, version: 0 }).then((one) => {
      expect(handed).toBe(1200);
      return one;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(handed).toBe(500);
    gate.resolve();
    expect(await missed).toMatchObject({ state: "changed", last: { seq: 1, version: 1 } });
    await sent;
  });
});
