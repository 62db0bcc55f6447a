// The participants table: each change touches the rows that it is about, and no other person's and no other conversation's.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GROUP_MAX_PARTICIPANTS } from "../../protocol/limits.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import type { MembershipChange } from "../../server/store/participants.ts";
import { createStore, type Store } from "../../server/store/store.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { append, createDirect, createGroup, createPeople } from "../helpers/people.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
beforeAll(async () => {
  database = await createTestDatabase();
  store = createStore(database.sql);
});
afterAll(() => database.close());

type Row = Record<string, unknown>;
/** A conversation's whole state but its messages. */
const stateOf = async (id: string) => ({
  conversation: (await database.sql`select * from conversations where id = ${id}`)[0] as Row,
  people: new Map(
    (await database.sql`select * from participants where conversation_id = ${id}`).map((
      row,
    ) => [row.user_id as string, row as Row]),
  ),
});
const change = (id: string, actor: string, what: MembershipChange) => store.participants.change(id, actor, what);
const codeOf = async (of: Promise<unknown>) => {
  try {
    await of;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};

/**
 * Sita is the admin; Ram, the oldest, and Gita are in it; Hari and Mina, who were there before them, have left and been
 * removed: in both groups.
 */
async function groups() {
  const [sita, ram, gita, hari, mina, outsider] = await createPeople(
    database.sql,
    ...["Sita", "Ram", "Gita", "Hari", "Mina", "Outsider"],
  ) as [string, string, string, string, string, string];
  const make = async () => {
    const id = await createGroup(database.sql, sita, hari, ram, gita, mina);
    await change(id, hari, { type: "leave" });
    await change(id, sita, { type: "remove", userId: mina });
    await database
      .sql`update conversations set last_activity_at = last_activity_at - interval '1 hour' where id = ${id}`;
    for (const [index, userId] of [ram, mina, hari].entries()) {
      await database.sql`
        update participants set joined_at = joined_at - ${index + 1} * interval '1 second'
        where conversation_id = ${id} and user_id = ${userId}`;
    }
    return id;
  };
  return { sita, ram, gita, hari, mina, outsider, id: await make(), other: await make() };
}
type Groups = Awaited<ReturnType<typeof groups>>;

describe("a change of who is in it", () => {
  it.each<[string, (of: Groups) => [actor: string, what: MembershipChange, touched: string[]]]>([
    ["adds", ({ sita, outsider }) => [sita, { type: "add", userIds: [outsider] }, [outsider]]],
    ["adds who had left", ({ sita, hari }) => [sita, { type: "add", userIds: [hari] }, [hari]]],
    ["adds who was removed", ({ sita, mina }) => [sita, { type: "add", userIds: [mina] }, [mina]]],
    ["removes", ({ sita, gita }) => [sita, { type: "remove", userId: gita }, [gita]]],
    ["removes oneself", ({ sita, ram }) => [sita, { type: "remove", userId: sita }, [sita, ram]]],
    ["leaves", ({ gita }) => [gita, { type: "leave" }, [gita]]],
    ["leaves as the last admin", ({ sita, ram }) => [sita, { type: "leave" }, [sita, ram]]],
    ["renames", ({ sita }) => [sita, { type: "rename", title: "More tea" }, []]],
    ["makes an admin", ({ sita, gita }) => [sita, { type: "role", userId: gita, role: "admin" }, [gita]]],
  ])("%s, and touches nobody else, here or elsewhere", async (_, choose) => {
    const all = await groups();
    const { id, other } = all;
    const [actor, what, touched] = choose(all);
    const [before, elsewhere] = [await stateOf(id), await stateOf(other)];
    const { message } = await change(id, actor, what);
    const after = await stateOf(id);
    expect(await stateOf(other)).toEqual(elsewhere);
    for (const [userId, row] of before.people) {
      if (touched.includes(userId)) expect(after.people.get(userId), userId).not.toEqual(row);
      else expect(after.people.get(userId), userId).toEqual(row);
    }
    expect(message).toMatchObject({ conversationId: id, kind: "system", senderId: actor, seq: 4, version: 4 });
    expect(after.conversation).toMatchObject({ last_seq: 4, last_version: 4 });
    expect(after.conversation.last_activity_at).not.toEqual(before.conversation.last_activity_at);
    const active = [...after.people.values()].filter((row) => row.left_at === null && row.removed_at === null);
    expect(after.conversation.participant_count).toBe(active.length);
    expect(active.filter((row) => row.role === "admin").length).toBeGreaterThan(0);
  });

  it("gives of those who joined, and of them only, what a room must know", async () => {
    const { sita, hari, outsider, id } = await groups();
    expect((await change(id, sita, { type: "add", userIds: [outsider, hari] })).joined).toEqual(
      expect.arrayContaining([outsider, hari].map((userId) => ({
        userId,
        visibleAfterSeq: 3,
        lastReadSeq: 3,
        lastDeliveredSeq: 3,
        markedUnread: false,
      }))),
    );
    const { joined, gone } = await change(id, sita, { type: "leave" });
    expect([joined, gone]).toEqual([[], [sita]]);
  });

  it("is read by who made it where nothing unread stands before it, and by nobody else", async () => {
    const { sita, ram, id } = await groups();
    const readBy = async (userId: string) => (await stateOf(id)).people.get(userId)!.last_read_seq;
    const unread = await readBy(sita);
    await change(id, sita, { type: "rename", title: "Unread before it" });
    expect(await readBy(sita)).toBe(unread);
    await store.participants.movePositions(
      id,
      [sita, ram].map((userId) => ({ userId, lastReadSeq: 9, lastDeliveredSeq: 0 })),
    );
    await change(id, sita, { type: "rename", title: "All read before it" });
    expect([await readBy(sita), await readBy(ram)]).toEqual([5, 4]);
  });

  it("begins anew for who comes back: nothing archived, nothing marked, last in the order, unread from there", async () => {
    const { sita, ram, id } = await groups();
    await store.participants.setArchived(id, ram, true);
    await store.participants.setMarkedUnread(id, ram, true);
    await change(id, sita, { type: "role", userId: ram, role: "admin" });
    await change(id, sita, { type: "remove", userId: ram });
    await change(id, sita, { type: "add", userIds: [ram] });
    expect((await stateOf(id)).people.get(ram)).toMatchObject({
      role: "member",
      archived_seq: null,
      marked_unread: false,
      visible_after_seq: 5,
      last_read_seq: 5,
      left_at: null,
      removed_at: null,
    });
    expect((await store.participants.page(id, 9)).participants.at(-1)!.user.id).toBe(ram);
  });

  it("the oldest of those who are still there follows the last admin, and nobody where an admin stays", async () => {
    const { sita, ram, gita, id } = await groups();
    const roles = async () =>
      (await store.participants.page(id, 9)).participants.map(({ user, role }) => [user.name, role]);
    await database.sql`
      update participants set joined_at = joined_at + interval '1 second'
      where conversation_id = ${id} and user_id = ${gita}`;
    await change(id, sita, { type: "role", userId: gita, role: "admin" });
    await change(id, sita, { type: "leave" });
    expect(await roles()).toEqual([["Ram", "member"], ["Gita", "admin"]]);
    await change(id, gita, { type: "leave" });
    expect(await roles()).toEqual([["Ram", "admin"]]);
    void ram;
  });

  it("[A3] is for active participants: who left, was removed or never came learns nothing", async () => {
    const { hari, mina, outsider, id } = await groups();
    await createGroup(database.sql, outsider);
    for (const actor of [hari, mina, outsider]) {
      const rename = change(id, actor, { type: "rename", title: "x" });
      expect(await codeOf(rename)).toBe("not_found");
      for (const type of ["leave", "return"] as const) {
        expect(await codeOf(change(id, actor, { type }))).toBe("not_found");
      }
      expect(await codeOf(store.participants.setColour(id, actor, 1))).toBe("not_found");
    }
    expect(await codeOf(change(uuidv7(), hari, { type: "leave" }))).toBe("not_found");
  });

  it("is about active participants: who is not there cannot be removed, nor given a role", async () => {
    const { sita, hari, mina, outsider, id } = await groups();
    await createGroup(database.sql, outsider);
    for (const userId of [hari, mina, outsider]) {
      expect(await codeOf(change(id, sita, { type: "remove", userId }))).toBe("user_not_found");
      expect(await codeOf(change(id, sita, { type: "role", userId, role: "admin" }))).toBe("user_not_found");
    }
  });

  it("a member may say that they are one, and no more", async () => {
    const { sita, ram, gita, id } = await groups();
    expect((await change(id, ram, { type: "role", userId: ram, role: "member" })).message).toBeNull();
    expect(await codeOf(change(id, ram, { type: "role", userId: ram, role: "admin" }))).toBe("forbidden");
    expect(await codeOf(change(id, ram, { type: "role", userId: gita, role: "member" }))).toBe("forbidden");
    expect(await codeOf(change(id, ram, { type: "role", userId: sita, role: "member" }))).toBe("forbidden");
    expect(await codeOf(store.participants.setColour(id, ram, 1))).toBe("forbidden");
  });

  it("the last admin stays one, whoever is admin elsewhere; with another they may step down", async () => {
    const { sita, ram, id } = await groups();
    await createGroup(database.sql, ram, sita);
    const stepDown = () => change(id, sita, { type: "role", userId: sita, role: "member" });
    expect(await codeOf(stepDown())).toBe("forbidden");
    await change(id, sita, { type: "role", userId: ram, role: "admin" });
    expect((await stepDown()).message).not.toBeNull();
  });

  it("two admins who step down at once do not both get their way", async () => {
    for (let round = 0; round < 8; round++) {
      const [sita, ram] = await createPeople(database.sql, "Sita", "Ram") as [string, string];
      const id = await createGroup(database.sql, sita, ram);
      await change(id, sita, { type: "role", userId: ram, role: "admin" });
      const asked = [sita, ram].map((userId) => codeOf(change(id, userId, { type: "role", userId, role: "member" })));
      expect((await Promise.all(asked)).toSorted()).toEqual(["forbidden", undefined]);
    }
  });

  it("a group is full at its limit, not before", async () => {
    const { sita, outsider, id } = await groups();
    const [another] = await createPeople(database.sql, "Another");
    await database.sql`update conversations set participant_count = ${GROUP_MAX_PARTICIPANTS - 1} where id = ${id}`;
    expect((await change(id, sita, { type: "add", userIds: [outsider] })).message).not.toBeNull();
    expect(await codeOf(change(id, sita, { type: "add", userIds: [another!] }))).toBe("group_full");
  });
});

describe("a direct conversation", () => {
  it("that somebody left is theirs again as they return, that one alone, and nothing of it is archived or marked", async () => {
    const [sita, ram, gita] = await createPeople(database.sql, "Sita", "Ram", "Gita") as [string, string, string];
    const [id, other] = [await createDirect(database.sql, sita, ram), await createDirect(database.sql, sita, gita)];
    await store.messages.append([append(id, ram), append(other, gita)]);
    for (const one of [id, other]) {
      await store.participants.setArchived(one, sita, true);
      await store.participants.setMarkedUnread(one, sita, true);
      await change(one, sita, { type: "leave" });
    }
    await change(id, ram, { type: "leave" });
    const elsewhere = await stateOf(other);
    expect(elsewhere.people.get(gita)).toMatchObject({ role: "member", left_at: null });
    expect(await change(id, sita, { type: "return" })).toMatchObject({ joined: [{ userId: sita }], gone: [] });
    expect(await stateOf(other)).toEqual(elsewhere);
    const { people, conversation } = await stateOf(id);
    expect(people.get(sita)).toMatchObject({ left_at: null, archived_seq: null, marked_unread: false });
    expect(people.get(ram)!.left_at).not.toBeNull();
    expect(conversation.participant_count).toBe(1);
    expect((await change(id, sita, { type: "return" })).message).toBeNull();
    expect(await codeOf(change(id, gita, { type: "return" }))).toBe("not_found");
    expect(await codeOf(store.participants.setColour(id, sita, 1))).toBe("not_a_group");
  });
});

describe("who may see it", () => {
  it("[A1] are its active participants, whatever else they are in", async () => {
    const { sita, ram, gita, hari, mina, outsider, id } = await groups();
    await createGroup(database.sql, outsider, hari, mina);
    await store.participants.change(id, sita, { type: "add", userIds: [hari] });
    await store.participants.change(id, hari, { type: "leave" });
    const seen = async (userId: string) => (await store.participants.access(id, userId))?.visibleAfterSeq;
    expect(await Promise.all([sita, ram, gita].map(seen))).toEqual([0, 0, 0]);
    expect(await Promise.all([hari, mina, outsider].map(seen))).toEqual([undefined, undefined, undefined]);
    const { members, lastSeq, lastVersion } = (await store.participants.roomState(id))!;
    expect(members.map(({ userId }) => userId).toSorted()).toEqual([sita, ram, gita].toSorted());
    expect([lastSeq, lastVersion]).toEqual([5, 5]);
    const { participants, nextCursor } = await store.participants.page(id, 3);
    expect(participants.map(({ user }) => user.id).toSorted()).toEqual([sita, ram, gita].toSorted());
    expect(nextCursor).toBeNull();
  });

  it("are nobody when all have left, which is not the same as there being no conversation", async () => {
    const [sita] = await createPeople(database.sql, "Sita");
    const id = await createGroup(database.sql, sita!);
    await change(id, sita!, { type: "leave" });
    expect(await store.participants.roomState(id)).toEqual({ members: [], lastSeq: 2, lastVersion: 2 });
    expect(await store.participants.roomState(uuidv7())).toBeNull();
    expect(await store.participants.page(id, 9)).toEqual({ participants: [], nextCursor: null });
  });
});

describe("one's own settings", () => {
  it.each<[string, (id: string, userId: string) => Promise<boolean>]>([
    ["archived", (id, userId) => store.participants.setArchived(id, userId, true)],
    ["muted", (id, userId) => store.participants.setMuted(id, userId, "2999-01-01T00:00:00.000Z")],
    ["marked unread", (id, userId) => store.participants.setMarkedUnread(id, userId, true)],
  ])("%s: change one's own row alone, and nothing for who is not there", async (_, set) => {
    const { ram, hari, mina, outsider, id, other } = await groups();
    await createGroup(database.sql, outsider);
    const [before, elsewhere] = [await stateOf(id), await stateOf(other)];
    for (const userId of [hari, mina, outsider]) expect(await set(id, userId)).toBe(false);
    expect(await stateOf(id)).toEqual(before);
    expect(await set(id, ram)).toBe(true);
    const { people } = await stateOf(id);
    for (const [userId, row] of before.people) {
      expect(people.get(userId)).toEqual(userId === ram ? people.get(ram) : row);
    }
    expect(people.get(ram)).not.toEqual(before.people.get(ram));
    expect(await stateOf(other)).toEqual(elsewhere);
  });

  it("a colour is the group's own, and given once", async () => {
    const { sita, id, other } = await groups();
    expect(await store.participants.setColour(id, sita, 3)).toBe(true);
    expect(await store.participants.setColour(id, sita, 3)).toBe(false);
    expect(await store.participants.setColour(id, sita, null)).toBe(true);
    expect((await stateOf(other)).conversation.colour).toBeNull();
  });
});

describe("positions", () => {
  const at = (userId: string, lastReadSeq: number, lastDeliveredSeq: number) => ({
    userId,
    lastReadSeq,
    lastDeliveredSeq,
  });

  it("[P1] move for those who are named and there, here alone, each as far as they say, and never past the end", async () => {
    const { sita, ram, gita, hari, mina, outsider, id, other } = await groups();
    await store.messages.append([append(other, sita), append(other, sita)]);
    const [before, elsewhere] = [await stateOf(id), await stateOf(other)];
    const moved = await store.participants.movePositions(id, [
      at(ram, 1, 2),
      at(sita, 99, 99),
      ...[hari, mina, outsider].map((userId) => at(userId, 3, 3)),
    ]);
    expect(moved).toHaveLength(2);
    expect(moved).toEqual(expect.arrayContaining([
      { ...at(ram, 1, 2), markedUnread: false },
      { ...at(sita, 3, 3), markedUnread: false },
    ]));
    const { people } = await stateOf(id);
    for (const userId of [gita, hari, mina]) expect(people.get(userId)).toEqual(before.people.get(userId));
    expect(await stateOf(other)).toEqual(elsewhere);
    expect(await store.participants.movePositions(id, [at(ram, 0, 3)])).toEqual([{
      ...at(ram, 1, 3),
      markedUnread: false,
    }]);
    expect(await store.participants.movePositions(uuidv7(), [at(ram, 1, 1)])).toEqual([]);
  });

  it("[P5] what is only delivered leaves a mark, also where nothing was read yet", async () => {
    const { ram, id } = await groups();
    await store.participants.setMarkedUnread(id, ram, true);
    expect(await store.participants.movePositions(id, [at(ram, 0, 2)])).toEqual([{
      ...at(ram, 0, 2),
      markedUnread: true,
    }]);
    expect(await store.participants.movePositions(id, [at(ram, 1, 0)])).toEqual([{
      ...at(ram, 1, 2),
      markedUnread: false,
    }]);
  });
});
