// Conversations as their participants see them, on every PostgreSQL we have.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Listing } from "../../protocol/models.ts";
import { createStore, type Store } from "../../server/store/store.ts";
import { createTestDatabase, databaseServers } from "../helpers/database.ts";
import { append, createDirect, createGroup, createPeople } from "../helpers/people.ts";

const BIKE: Listing = {
  id: "ad-1",
  title: "Hero Splendor २०७८",
  url: "https://bazaar.example/ad/1",
  imageUrl: null,
  price: 145000.5,
  currency: "NPR",
  status: "active",
};

describe.each(databaseServers())("conversations on %s", (server) => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let store: Store;
  beforeAll(async () => {
    database = await createTestDatabase(server);
    store = createStore(database.sql);
  });
  afterAll(() => database.close());

  const people = (...names: string[]) => createPeople(database.sql, ...names) as Promise<[string, string, string]>;
  const read = async (id: string, userId: string, seq: number) => {
    const wanted = [{ userId, lastReadSeq: seq, lastDeliveredSeq: 0 }];
    return (await store.participants.movePositions(id, wanted))[0]?.lastReadSeq;
  };
  const list = (viewerId: string, options = {}) =>
    store.conversations.list({ viewerId, archived: false, limit: 50, ...options });

  it("makes one direct conversation per pair and listing, however many ask at once", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const asked = await Promise.all(
      Array.from(
        { length: 20 },
        (_, index) =>
          index % 2 ? store.conversations.openDirect(sita, ram, BIKE) : store.conversations.openDirect(ram, sita, BIKE),
      ),
    );
    expect(new Set(asked.map((one) => one.id)).size).toBe(1);
    expect(asked.filter((one) => one.made)).toHaveLength(1);
    const plain = await store.conversations.openDirect(sita, ram, null);
    const other = await store.conversations.openDirect(sita, ram, { ...BIKE, id: "ad-2" });
    expect(new Set([asked[0]!.id, plain.id, other.id]).size).toBe(3);
  });

  it("shows the listing as it was given", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const { id } = await store.conversations.openDirect(sita, ram, BIKE);
    expect((await store.conversations.find(sita, id))!.listing).toEqual(BIKE);
  });

  it("lists a direct conversation to its maker at once, to the other when something is said", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    expect((await list(sita)).conversations.map((one) => one.id)).toEqual([id]);
    expect((await list(ram)).conversations).toEqual([]);
    await store.messages.append([append(id, sita, "namaste")]);
    const [seen] = (await list(ram)).conversations;
    expect(seen).toMatchObject({ id, unreadCount: 1, lastMessage: { body: "namaste", seq: 1 }, participantCount: 2 });
    expect(seen!.participants.map((one) => one.user.name)).toEqual(["Ram", "Sita"]);
  });

  it("pages the list by activity without missing or repeating one", async () => {
    const [sita] = await people("Sita");
    const others = await createPeople(database.sql, ...Array.from({ length: 7 }, (_, index) => `P${index}`));
    const ids: string[] = [];
    for (const other of others) ids.unshift(await createDirect(database.sql, sita, other));
    await store.messages.append([append(ids.at(-1)!, sita)]);
    ids.unshift(ids.pop()!);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list(sita, { limit: 3, cursor });
      seen.push(...page.conversations.map((one) => one.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(ids);
  });

  it("refuses a cursor that we did not make", async () => {
    const [sita] = await people("Sita");
    for (const cursor of ["x", "AAAA", btoa('["now","1"]').replaceAll("=", ""), btoa("[1]").replaceAll("=", "")]) {
      await expect(list(sita, { cursor })).rejects.toMatchObject({ code: "invalid" });
    }
  });

  it("archives until something new comes, and through it while muted", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    await store.messages.append([append(id, sita)]);
    const archived = async () => (await store.conversations.find(ram, id))!.my.archived;
    expect(await store.participants.setArchived(id, ram, true)).toBe(true);
    expect((await list(ram)).conversations).toEqual([]);
    expect((await list(ram, { archived: true })).conversations).toHaveLength(1);
    expect((await list(sita)).conversations).toHaveLength(1);
    await store.messages.append([append(id, sita)]);
    expect(await archived()).toBe(false);
    await store.participants.setArchived(id, ram, true);
    await store.participants.setMuted(id, ram, "9999-12-31T23:59:59.000Z");
    await store.messages.append([append(id, sita)]);
    expect(await archived()).toBe(true);
    await store.participants.setArchived(id, ram, false);
    expect(await archived()).toBe(false);
  });

  it("counts unread over what is neither archived nor muted", async () => {
    const [sita, ram, gita] = await people("Sita", "Ram", "Gita");
    const [a, b, c] = [
      await createDirect(database.sql, sita, ram),
      await createDirect(database.sql, sita, gita),
      await createGroup(database.sql, ram, sita),
    ];
    await store.messages.append([append(a, ram), append(a, ram), append(b, gita), append(c, ram)]);
    expect(await store.conversations.unread(sita)).toEqual({ unread: 5, conversations: 3 });
    await store.participants.setMuted(c, sita, "9999-12-31T23:59:59.000Z");
    await store.participants.setArchived(b, sita, true);
    expect(await store.conversations.unread(sita)).toEqual({ unread: 2, conversations: 1 });
    expect(await read(a, sita, 99)).toBe(2);
    expect(await store.conversations.unread(sita)).toEqual({ unread: 0, conversations: 0 });
  });

  it("moves read positions forward only", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    await store.messages.append([append(id, ram), append(id, ram), append(id, ram)]);
    expect(await read(id, sita, 2)).toBe(2);
    expect(await read(id, sita, 1)).toBe(2);
    expect((await store.conversations.find(sita, id))!.unreadCount).toBe(1);
    await database.sql`update participants set last_read_seq = 0 where conversation_id = ${id} and user_id = ${sita}`;
    expect((await store.conversations.find(sita, id))!.my.lastReadSeq).toBe(2);
  });

  it("keeps a mark through a late read position that comes with a newer delivered one", async () => {
    const [sita, ram] = await people("Sita", "Ram");
    const id = await createDirect(database.sql, sita, ram);
    await store.messages.append([append(id, ram), append(id, ram), append(id, ram)]);
    await read(id, sita, 2);
    await store.participants.setMarkedUnread(id, sita, true);
    const move = async (lastReadSeq: number, lastDeliveredSeq: number) =>
      (await store.participants.movePositions(id, [{ userId: sita, lastReadSeq, lastDeliveredSeq }]))[0];
    expect(await move(1, 3)).toEqual({ userId: sita, lastReadSeq: 2, lastDeliveredSeq: 3, markedUnread: true });
    expect(await move(2, 2)).toEqual({ userId: sita, lastReadSeq: 2, lastDeliveredSeq: 3, markedUnread: false });
  });

  it("is nothing to a stranger", async () => {
    const [sita, ram, stranger] = await people("Sita", "Ram", "Stranger");
    const id = await createDirect(database.sql, sita, ram);
    expect(await store.conversations.find(stranger, id)).toBeNull();
    expect(await store.participants.access(id, stranger)).toBeNull();
    expect(await read(id, stranger, 1)).toBeUndefined();
    expect(await store.participants.setArchived(id, stranger, true)).toBe(false);
    expect(await store.participants.setMuted(id, stranger, null)).toBe(false);
    expect(await store.participants.setMarkedUnread(id, stranger, true)).toBe(false);
    await expect(store.participants.setColour(id, stranger, 1)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe.each(databaseServers())("participants on %s", (server) => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let store: Store;
  beforeAll(async () => {
    database = await createTestDatabase(server);
    store = createStore(database.sql);
  });
  afterAll(() => database.close());

  const group = async () => {
    const [admin, member, outsider] = await createPeople(database.sql, "Admin", "Member", "Outsider") as [
      string,
      string,
      string,
    ];
    return { admin, member, outsider, id: await createGroup(database.sql, admin, member) };
  };
  const roles = async (id: string) =>
    Object.fromEntries((await store.participants.page(id, 50)).participants.map((one) => [one.user.name, one.role]));

  it("tells of each change by a system message with the next seq", async () => {
    const { admin, member, outsider, id } = await group();
    await store.participants.change(id, admin, { type: "add", userIds: [outsider] });
    await store.participants.change(id, admin, { type: "rename", title: "चिया" });
    await store.participants.change(id, admin, { type: "role", userId: member, role: "admin" });
    await store.participants.change(id, member, { type: "remove", userId: outsider });
    await store.participants.change(id, admin, { type: "leave" });
    const { messages } = await store.messages.changesSince(id, { seq: 0, version: 0 }, 50);
    expect(messages.map((message) => [message.seq, message.senderId, message.system])).toEqual([
      [1, admin, { type: "created" }],
      [2, admin, { type: "added", userIds: [outsider] }],
      [3, admin, { type: "renamed", title: "चिया" }],
      [4, admin, { type: "role", userId: member, role: "admin" }],
      [5, member, { type: "removed", userIds: [outsider] }],
      [6, admin, { type: "left" }],
    ]);
    const [row] = await database
      .sql`select participant_count, last_seq, last_version from conversations where id = ${id}`;
    expect(row).toEqual({ participant_count: 1, last_seq: 6, last_version: 6 });
  });

  it("does and says nothing when nothing changes", async () => {
    const { admin, member, id } = await group();
    for (
      const change of [
        { type: "add", userIds: [member] },
        { type: "rename", title: "Tea" },
        { type: "role", userId: member, role: "member" },
      ] as const
    ) {
      expect((await store.participants.change(id, admin, { ...change, userIds: [member] } as never)).message)
        .toBeNull();
    }
  });

  it("lets only admins change a group, and nobody outside learns that it exists", async () => {
    const { admin, member, outsider, id } = await group();
    const changes = [
      { type: "add", userIds: [outsider] },
      { type: "remove", userId: admin },
      { type: "rename", title: "Mine" },
      { type: "role", userId: member, role: "admin" },
    ] as const;
    for (const change of changes) {
      const wanted = change.type === "add" ? { ...change, userIds: [outsider] } : change;
      await expect(store.participants.change(id, member, wanted)).rejects.toMatchObject({ code: "forbidden" });
      await expect(store.participants.change(id, outsider, wanted)).rejects.toMatchObject({ code: "not_found" });
    }
    for (const type of ["leave", "return"] as const) {
      await expect(store.participants.change(id, outsider, { type })).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("shows somebody who was added only what is said from then on, and again when they come back", async () => {
    const { admin, outsider, id } = await group();
    await store.messages.append([append(id, admin, "before")]);
    await store.participants.change(id, admin, { type: "add", userIds: [outsider] });
    expect(await store.participants.access(id, outsider)).toEqual({ visibleAfterSeq: 2 });
    expect((await store.conversations.find(outsider, id))!.unreadCount).toBe(1);
    await store.participants.change(id, admin, { type: "remove", userId: outsider });
    expect(await store.participants.access(id, outsider)).toBeNull();
    await store.messages.append([append(id, admin, "while away")]);
    await store.participants.change(id, admin, { type: "add", userIds: [outsider] });
    expect(await store.participants.access(id, outsider)).toEqual({ visibleAfterSeq: 5 });
  });

  it("never leaves a group of people without an admin", async () => {
    const { admin, member, id } = await group();
    const demote = store.participants.change(id, admin, { type: "role", userId: admin, role: "member" });
    await expect(demote).rejects.toMatchObject({ code: "forbidden" });
    await store.participants.change(id, admin, { type: "leave" });
    expect(await roles(id)).toEqual({ Member: "admin" });
    await store.participants.change(id, member, { type: "leave" });
    expect(await roles(id)).toEqual({});
  });

  it("keeps a direct conversation direct, and lets who left it return to all of it", async () => {
    const { admin, member, outsider } = await group();
    const id = await createDirect(database.sql, admin, member);
    await store.messages.append([append(id, admin, "first")]);
    const add = store.participants.change(id, admin, { type: "add", userIds: [outsider] });
    await expect(add).rejects.toMatchObject({ code: "not_a_group" });
    await store.participants.change(id, member, { type: "leave" });
    expect(await store.conversations.find(member, id)).toBeNull();
    expect(await store.conversations.openDirect(member, admin, null)).toEqual({ id, made: false, hasLeft: true });
    await store.participants.change(id, member, { type: "return" });
    expect(await store.participants.access(id, member)).toEqual({ visibleAfterSeq: 0 });
  });

  it("pages participants in the order they came", async () => {
    const [maker, ...others] = await createPeople(
      database.sql,
      ...Array.from({ length: 9 }, (_, index) => `P${index}`),
    );
    const id = await createGroup(database.sql, maker!, ...others);
    const first = await store.participants.page(id, 5);
    const second = await store.participants.page(id, 5, first.nextCursor!);
    expect(first.participants).toHaveLength(5);
    expect(second.nextCursor).toBeNull();
    const ids = [...first.participants, ...second.participants].map((one) => one.user.id);
    expect(new Set(ids)).toEqual(new Set([maker, ...others]));
    expect(ids).toHaveLength(9);
  });
});
