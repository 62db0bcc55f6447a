// Tidying: what has ended long ago goes, at the start of a server and in small steps; what may still be asked for stays.
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startTidying, tidy } from "../../server/cli/tidying.ts";
import { createLog } from "../../server/log.ts";
import { createStore, type Store } from "../../server/store/store.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { createPeople } from "../helpers/people.ts";

const NOW = Date.UTC(2031, 0, 10);
const DAY_MS = 24 * 3_600_000;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
beforeEach(async () => {
  database = await createTestDatabase();
  store = createStore(database.sql);
});
afterEach(() => database.close());

/** Sessions and codes, so many of each, that ended before now by so much. */
async function left(count: number, endedMsAgo: number) {
  const [userId] = await createPeople(database.sql, "Sita") as [string];
  const expiresAt = new Date(NOW - endedMsAgo);
  for (let index = 0; index < count; index++) {
    const session = { userId, secretHash: randomBytes(32), passwordHash: null, userAgent: null, address: null };
    await store.sessions.create({ ...session, expiresAt }, new Date(NOW - 30 * DAY_MS));
    await store.codes.create({
      hash: randomBytes(32),
      purpose: "invite",
      userId: null,
      createdBy: null,
      expiresAt,
      uses: 1,
    });
  }
}

const remaining = async () =>
  (await database.sql<{ sessions: number; codes: number }[]>`
    select (select count(*) from sessions) as sessions, (select count(*) from one_time_codes) as codes`)[0];

it("deletes at the start what ended more than a day ago, and is over when it is stopped", async () => {
  await left(3, DAY_MS + 1);
  await left(2, DAY_MS - 1);
  const deleted = Promise.withResolvers<void>();
  const observed = {
    sessions: store.sessions,
    codes: {
      ...store.codes,
      deleteSpent: async (before: Date, limit: number) => {
        const count = await store.codes.deleteSpent(before, limit);
        deleted.resolve();
        return count;
      },
    },
  };
  const logged: string[] = [];
  const log = createLog({ level: "debug", format: "json", write: (entry) => logged.push(entry) });
  const tidying = startTidying(observed, () => NOW, log);
  await deleted.promise;
  await tidying.stop();
  expect(await remaining()).toEqual({ sessions: 2, codes: 2 });
  expect(logged).toEqual([]);
});

it("goes on until nothing is left, in bounded steps, and stops between two of them when it is over", async () => {
  const steps: number[] = [];
  let rows = 2_500;
  const some = (_before: Date, limit: number) => {
    const count = Math.min(rows, limit);
    rows -= count;
    steps.push(count);
    return Promise.resolve(count);
  };
  const counted = {
    sessions: { ...store.sessions, deleteEnded: some },
    codes: { ...store.codes, deleteSpent: () => Promise.resolve(0) },
  };
  await tidy(counted, new Date(NOW));
  expect(steps).toEqual([1_000, 1_000, 500]);
  rows = 2_500;
  await tidy(counted, new Date(NOW), () => rows < 2_500);
  expect(steps).toEqual([1_000, 1_000, 500, 1_000]);
});
