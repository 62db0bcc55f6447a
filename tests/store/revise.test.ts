// Edits and deletions in the store: who may, how long, and that nothing else changes by them.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uuidv7 } from "../../protocol/uuid.ts";
import { messageStore } from "../../server/store/messages.ts";
import { participantStore } from "../../server/store/participants.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { append, createDirect, createGroup, createPeople } from "../helpers/people.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let messages: ReturnType<typeof messageStore>;
beforeAll(async () => {
  database = await createTestDatabase();
  messages = messageStore(database.sql);
});
afterAll(() => database.close());

const people = (...names: string[]) => createPeople(database.sql, ...names) as Promise<[string, string, string]>;
const MINUTE_MS = 60_000;

/** A group of three; Sita is its admin. Everybody is also in a direct conversation with the others, where seq 1 is taken. */
async function group() {
  const [sita, ram, gita] = await people("Sita", "Ram", "Gita");
  const direct = await createDirect(database.sql, sita, ram);
  await createDirect(database.sql, sita, gita);
  const id = await createGroup(database.sql, sita, ram, gita);
  await messages.append([append(direct, ram, "direct"), append(id, ram, "of Ram"), append(id, sita, "of Sita")]);
  const other = await createGroup(database.sql, gita, sita, ram);
  await messages.append([append(other, ram, "elsewhere"), append(other, sita, "elsewhere too")]);
  return { sita, ram, gita, id, direct, other };
}
const revise = (conversationId: string, seq: number, actorId: string, body: string | null, more: object = {}) =>
  messages.revise({ conversationId, seq, actorId, body, windowMs: null, now: new Date(), ...more });
const refusal = async (of: Promise<unknown>) => {
  try {
    await of;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
};
const textsOf = async (id: string) =>
  (await database.sql`select body from messages where conversation_id = ${id} order by seq`).map((row) => row.body);
const cursorOf = async (id: string) =>
  (await database.sql`select last_seq, last_version from conversations where id = ${id}`)[0];

describe("whose message it is", () => {
  it("[E1] one's own may be edited, and only that one is, in that conversation", async () => {
    const { sita, ram, id, direct, other } = await group();
    const [before, beforeDirect] = [await cursorOf(other), await cursorOf(direct)];
    expect(await revise(id, 3, sita, "of Sita, edited")).toMatchObject({
      changed: true,
      message: { conversationId: id, seq: 3, version: 4, body: "of Sita, edited", deletedAt: null },
    });
    expect(await revise(id, 2, ram, "of Ram, edited")).toMatchObject({ message: { seq: 2, version: 5 } });
    expect(await revise(other, 3, sita, "edited elsewhere")).toMatchObject({ message: { seq: 3, version: 4 } });
    expect(await textsOf(id)).toEqual([null, "of Ram, edited", "of Sita, edited"]);
    expect(await textsOf(other)).toEqual([null, "elsewhere", "edited elsewhere"]);
    expect(await textsOf(direct)).toEqual(["direct"]);
    expect(await cursorOf(id)).toEqual({ last_seq: 3, last_version: 5 });
    expect(await cursorOf(other)).toEqual({ ...before, last_version: 4 });
    expect(await cursorOf(direct)).toEqual(beforeDirect);
    const kept = await database.sql`
      select conversation_id, seq, version, body, replaced_by from message_revisions
      where conversation_id = any (${[id, other]}::uuid[]) order by conversation_id, seq`;
    expect(kept).toEqual([
      { conversation_id: id, seq: 2, version: 2, body: "of Ram", replaced_by: ram },
      { conversation_id: id, seq: 3, version: 3, body: "of Sita", replaced_by: sita },
      { conversation_id: other, seq: 3, version: 3, body: "elsewhere too", replaced_by: sita },
    ]);
    expect((await messages.changesSince(id, { seq: 3, version: 3 }, 9)).messages).toHaveLength(2);
  });

  it("[E2] another's may be deleted by an admin of the group, edited by nobody", async () => {
    const { sita, ram, gita, id, direct } = await group();
    expect(await refusal(revise(id, 2, sita, "improved"))).toBe("forbidden");
    expect(await refusal(revise(id, 3, ram, "improved"))).toBe("forbidden");
    expect(await refusal(revise(id, 2, gita, null))).toBe("forbidden");
    expect(await refusal(revise(direct, 1, sita, null))).toBe("forbidden");
    expect(await revise(id, 2, sita, null)).toMatchObject({ changed: true, message: { body: null, editedAt: null } });
  });

  it("[E2] the other of two has no say, whatever their role", async () => {
    const { sita, direct } = await group();
    await database.sql`update participants set role = 'admin' where conversation_id = ${direct} and user_id = ${sita}`;
    expect(await refusal(revise(direct, 1, sita, null))).toBe("forbidden");
  });

  it("[E3] a system message can be neither edited nor deleted, by whoever caused it", async () => {
    const { sita, id } = await group();
    expect(await refusal(revise(id, 1, sita, "I made nothing"))).toBe("forbidden");
    expect(await refusal(revise(id, 1, sita, null))).toBe("forbidden");
  });

  it("[E3] what is deleted cannot be edited; deleted again, or the same text again, changes nothing", async () => {
    const { ram, id } = await group();
    expect(await revise(id, 2, ram, "of Ram")).toMatchObject({
      changed: false,
      message: { version: 2, editedAt: null },
    });
    const { message } = await revise(id, 2, ram, null);
    expect(message).toMatchObject({ body: null, editedAt: null, version: 4, deletedAt: expect.any(String) });
    expect(await revise(id, 2, ram, null)).toEqual({ message, changed: false });
    expect(await refusal(revise(id, 2, ram, "back"))).toBe("forbidden");
    expect(await cursorOf(id)).toEqual({ last_seq: 3, last_version: 4 });
  });
});

describe("who is there", () => {
  it("[A3] who left, was removed, or never was in it finds nothing, whatever else they are in", async () => {
    const { sita, ram, gita, id } = await group();
    await messages.append([append(id, gita, "of Gita")]);
    const participants = participantStore(database.sql);
    await participants.change(id, ram, { type: "leave" });
    await participants.change(id, sita, { type: "remove", userId: gita });
    const [stranger] = await people("Stranger");
    await createGroup(database.sql, stranger);
    for (const [seq, actor] of [[2, ram], [4, gita], [2, stranger], [3, stranger]] as const) {
      expect(await refusal(revise(id, seq, actor, "x"))).toBe("not_found");
      expect(await refusal(revise(id, seq, actor, null))).toBe("not_found");
    }
    expect(await refusal(revise(id, 99, sita, null))).toBe("not_found");
    expect(await refusal(revise(uuidv7(), 1, sita, null))).toBe("not_found");
  });

  it("[R9] what one wrote in an earlier time in the conversation is not one's own any more", async () => {
    const { ram, id } = await group();
    const since = (seq: number) =>
      database
        .sql`update participants set visible_after_seq = ${seq} where conversation_id = ${id} and user_id = ${ram}`;
    await since(2);
    expect(await refusal(revise(id, 2, ram, "x"))).toBe("not_found");
    await since(1);
    expect(await revise(id, 2, ram, "x")).toMatchObject({ changed: true });
  });
});

describe("how long", () => {
  it("[E1] [E2] one's own until the window closes; an admin may delete, not edit, their own after it", async () => {
    const { sita, ram, id } = await group();
    const { messages: all } = await messages.changesSince(id, { seq: 0, version: 0 }, 9);
    const at = (seq: number, laterMs: number) => ({
      windowMs: MINUTE_MS,
      now: new Date(Date.parse(all[seq - 1]!.createdAt) + laterMs),
    });
    expect(await refusal(revise(id, 2, ram, "late", at(2, MINUTE_MS + 1)))).toBe("too_late");
    expect(await refusal(revise(id, 2, ram, null, at(2, MINUTE_MS + 1)))).toBe("too_late");
    expect(await revise(id, 2, ram, "in time", at(2, MINUTE_MS))).toMatchObject({ changed: true });
    expect(await refusal(revise(id, 3, sita, "late", at(3, MINUTE_MS + 1)))).toBe("too_late");
    expect(await revise(id, 3, sita, null, at(3, MINUTE_MS + 1))).toMatchObject({ changed: true });
    expect(await revise(id, 2, ram, "for ever", { ...at(2, 1e10), windowMs: null })).toMatchObject({ changed: true });
    expect(await revise(id, 2, sita, null, at(2, 1e10))).toMatchObject({ changed: true });
  });

  it("keeps when it was edited through its deletion", async () => {
    const { ram, id } = await group();
    const [first, second] = [new Date("2031-01-01T00:00:00Z"), new Date("2031-01-02T00:00:00Z")];
    await revise(id, 2, ram, "edited", { now: first });
    const { message } = await revise(id, 2, ram, null, { now: second });
    expect(message).toMatchObject({ editedAt: first.toISOString(), deletedAt: second.toISOString() });
  });
});

it("many at once come one after the other: each earlier text is kept, each takes a version of its own", async () => {
  const { ram, id } = await group();
  const texts = Array.from({ length: 20 }, (_, index) => `edit ${index}`);
  const done = await Promise.all(texts.map((body) => revise(id, 2, ram, body)));
  const versions = done.map(({ message }) => message.version).toSorted((a, b) => a - b);
  expect(versions).toEqual(texts.map((_, index) => 4 + index));
  const kept = await database.sql`select body from message_revisions where conversation_id = ${id} order by version`;
  expect(new Set(kept.map((row) => row.body)).size).toBe(20);
  expect(kept[0]!.body).toBe("of Ram");
});
