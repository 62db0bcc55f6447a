// Look-alike names: the skeleton that they share, where it is written, and who is said to resemble somebody.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startSkeletons } from "../../server/cli/skeletons.ts";
import { createLog } from "../../server/log.ts";
import { skeleton } from "../../server/store/skeleton.ts";
import { createStore, type Store } from "../../server/store/store.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { createDirect, createPeople } from "../helpers/people.ts";

describe("the skeleton of a name", () => {
  it.each([
    ["Paul O'Neil", "P\u0430u1 ONEIL"],
    ["Rita", "RITA"],
    ["Rita", "RlTA"],
    ["Sita", "\u0455\u0456t\u0430"],
    ["Amma", "Arnrna"],
    ["Zoé", "Zoe\u0301"],
    ["Ram Thapa", "Ram\u200bThapa"],
    ["सीता", "सी\u200dता"],
  ])("is the same for %s and %s", (name, other) => {
    expect(skeleton(other)).toBe(skeleton(name));
  });

  it.each([["Sita", "Gita"], ["Ram", "Rama"], ["सीता", "गीता"], ["Zoé", "Zoe"], ["...", "!!!"]])(
    "is another for %s and %s",
    (name, other) => {
      expect(skeleton(other)).not.toBe(skeleton(name));
    },
  );

  it("is never empty", () => {
    expect(skeleton(" .. ")).not.toBe("");
    expect(skeleton("- -")).toBe(skeleton("- -"));
  });
});

describe("in the database", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let store: Store;
  beforeEach(async () => {
    database = await createTestDatabase();
    store = createStore(database.sql);
  });
  afterEach(() => database.close());

  const skeletonOf = async (id: string) =>
    (await database.sql<{ skeleton: string | null }[]>`select skeleton from users where id = ${id}`)[0]!.skeleton;
  const person = async (name: string) =>
    (await store.users.upsertExternal({ externalId: crypto.randomUUID(), name })).id;
  const group = (maker: string, others: string[]) => store.conversations.createGroup(maker, "Tea", others, null);

  /** Who resembles somebody, by each of the ways that tell of participants; they must not contradict one another. */
  async function resembling(viewer: string, conversation: string): Promise<string[]> {
    const { participants } = await store.participants.page(conversation, 5_000);
    const found = await store.conversations.find(viewer, conversation);
    const { conversations } = await store.conversations.list({ viewerId: viewer, archived: false, limit: 50 });
    const listed = conversations.find(({ id }) => id === conversation);
    const known = new Map(participants.map(({ user, resembles }) => [user.id, resembles]));
    for (const { user, resembles } of [...found!.participants, ...listed!.participants]) {
      expect(resembles, user.name).toBe(known.get(user.id) ?? false);
    }
    return [...known].filter(([, resembles]) => resembles).map(([id]) => id).toSorted();
  }

  it("is written with every name", async () => {
    const account = { username: "sita", passwordHash: "-", name: "Sita", locale: null };
    const sita = await store.users.createAccount(account, () => Promise.resolve());
    expect(await skeletonOf(sita.id)).toBe(skeleton("Sita"));
    await store.users.updateProfile(sita.id, { name: "Gita" });
    expect(await skeletonOf(sita.id)).toBe(skeleton("Gita"));
    await store.users.updateProfile(sita.id, { locale: "ne" });
    expect(await skeletonOf(sita.id)).toBe(skeleton("Gita"));

    const told = await store.users.upsertExternal({ externalId: "u-1" });
    expect(await skeletonOf(told.id)).toBe(skeleton("u-1"));
    await store.users.upsertExternal({ externalId: "u-1", name: "Maya" });
    expect(await skeletonOf(told.id)).toBe(skeleton("Maya"));
    await store.users.upsertExternal({ externalId: "u-1", locale: "ne" });
    expect(await skeletonOf(told.id)).toBe(skeleton("Maya"));
  });

  it("is written after the start for those who were there before", async () => {
    const ids = await createPeople(database.sql, ...Array.from({ length: 1_201 }, (_, index) => `Person ${index}`));
    const log = createLog({ level: "error", format: "json", write: (entry) => expect.unreachable(entry) });
    const filling = startSkeletons(store, log);
    await expect.poll(async () => (await database.sql`select from users where skeleton is null`).count).toBe(0);
    await filling.stop();
    expect(await skeletonOf(ids[1_200]!)).toBe(skeleton("Person 1200"));
    expect(await store.users.fillSkeletons(10)).toBe(0);
  });

  it("[E6] marks both of two whose names look the same, and nobody else", async () => {
    const [sita, imitator, maya] = [await person("Sita Rai"), await person("S\u0456t\u0430 Rai"), await person("Maya")];
    const elsewhere = await person("Maya");
    const tea = await group(sita, [imitator, maya]);
    const other = await group(elsewhere, [sita]);
    expect(await resembling(maya, tea)).toEqual([sita, imitator].toSorted());
    expect(await resembling(sita, other)).toEqual([]);
  });

  it("marks those whose names are equal, also in a direct conversation", async () => {
    const [a, b] = [await person("Ram"), await person("Ram")];
    expect(await resembling(a, await createDirect(database.sql, a, b))).toEqual([a, b].toSorted());
  });

  it("takes the mark away when one has gone, or has another name", async () => {
    const [sita, imitator, maya] = [await person("Sita"), await person("Slta"), await person("Maya")];
    const tea = await group(sita, [imitator, maya]);
    await store.participants.change(tea, sita, { type: "remove", userId: imitator });
    expect(await resembling(maya, tea)).toEqual([]);
    await store.participants.change(tea, sita, { type: "add", userIds: [imitator] });
    expect(await resembling(maya, tea)).toEqual([sita, imitator].toSorted());
    await store.users.updateProfile(imitator, { name: "Kavya" });
    expect(await resembling(maya, tea)).toEqual([]);
  });

  it("[E6] sees in a large group those too whom the answer does not list", async () => {
    const sita = await person("Sita");
    const crowd = await createPeople(database.sql, ...Array.from({ length: 60 }, (_, index) => `Person ${index}`));
    await store.users.fillSkeletons(100);
    const imitator = await person("Sit\u0430");
    const large = await group(sita, [...crowd, imitator]);
    const { participants } = (await store.conversations.find(sita, large))!;
    expect(participants.map(({ user }) => user.id)).not.toContain(imitator);
    expect(participants[0]).toMatchObject({ user: { id: sita }, resembles: true });
    expect(await resembling(sita, large)).toEqual([sita, imitator].toSorted());
    const marked = await store.participants.page(large, 1, undefined, true);
    const rest = await store.participants.page(large, 1, marked.nextCursor!, true);
    expect([...marked.participants, ...rest.participants].map(({ user }) => user.id)).toEqual([sita, imitator]);
    expect(rest.nextCursor).toBeNull();
  });

  it("says nothing while the skeletons are not written yet", async () => {
    const [a, b] = await createPeople(database.sql, "Ram", "Ram") as [string, string];
    expect(await resembling(a, await group(a, [b]))).toEqual([]);
  });
});
