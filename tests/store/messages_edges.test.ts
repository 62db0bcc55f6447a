// The messages table at its edges: what one batch, one cursor or one page must not take from another conversation or person.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uuidv7 } from "../../protocol/uuid.ts";
import { messageStore } from "../../server/store/messages.ts";
import { participantStore } from "../../server/store/participants.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { append, createDirect, createGroup, createPeople } from "../helpers/people.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let messages: ReturnType<typeof messageStore>;
let participants: ReturnType<typeof participantStore>;
beforeAll(async () => {
  database = await createTestDatabase();
  messages = messageStore(database.sql);
  participants = participantStore(database.sql);
});
afterAll(() => database.close());

const START = { seq: 0, version: 0 };
const people = (...names: string[]) => createPeople(database.sql, ...names) as Promise<[string, string, string]>;

/** Two conversations of Sita, so that what belongs to one can be taken for the other's. */
async function two() {
  const [sita, ram, gita] = await people("Sita", "Ram", "Gita");
  return {
    sita,
    ram,
    gita,
    id: await createDirect(database.sql, sita, ram),
    other: await createDirect(database.sql, sita, gita),
  };
}
const outcomes = (results: { outcome: string }[]) => results.map(({ outcome }) => outcome);
const seqs = (found: { seq: number }[]) => found.map(({ seq }) => seq);
const edit = (conversationId: string, seq: number, actorId: string, body: string | null) =>
  messages.revise({ conversationId, seq, actorId, body, windowMs: null, now: new Date() });
const rowOf = async (id: string) =>
  (await database.sql`
    select last_seq, last_version, last_activity_at::text as active from conversations where id = ${id}`)[0]!;
const readOf = async (id: string, userId: string) =>
  (await database.sql`select last_read_seq from participants where conversation_id = ${id} and user_id = ${userId}`)[0]!
    .last_read_seq;

describe("a batch", () => {
  it("[S4] answers each twin as a repeat and each new message as stored, whatever stands between them", async () => {
    const { sita, id } = await two();
    const [a, b] = [append(id, sita, "a"), append(id, sita, "b")];
    const results = await messages.append([a, a, b, a, b]);
    expect(outcomes(results)).toEqual(["stored", "repeat", "stored", "repeat", "repeat"]);
    const [stranger] = await people("Stranger");
    const foreign = append(id, stranger);
    expect(await messages.append([foreign, foreign])).toEqual([{ outcome: "not_found" }, { outcome: "not_found" }]);
  });

  it("numbers what it stores without a gap where something before it in the batch is refused", async () => {
    const { sita, ram, id } = await two();
    const [stranger] = await people("Stranger");
    const results = await messages.append([
      append(id, stranger),
      append(id, sita),
      append(id, stranger),
      append(id, ram),
    ]);
    expect(results.flatMap((one) => "message" in one ? [one.message.seq] : [])).toEqual([1, 2]);
    expect(await messages.append([append(id, sita)])).toMatchObject([{ message: { seq: 3, version: 3 } }]);
  });

  it("counts for each conversation what was stored there, and nothing elsewhere", async () => {
    const { sita, ram, gita, id, other } = await two();
    await messages.append([append(id, sita), append(other, gita), append(id, sita), append(id, ram)]);
    expect(await rowOf(id)).toMatchObject({ last_seq: 3, last_version: 3 });
    expect(await rowOf(other)).toMatchObject({ last_seq: 1, last_version: 1 });
    expect([await readOf(id, sita), await readOf(id, ram), await readOf(other, sita)]).toEqual([2, 3, 0]);
    await messages.append([append(other, gita)]);
    expect(await rowOf(id)).toMatchObject({ last_seq: 3, last_version: 3 });
  });

  it("[S4] a repeat changes nothing: neither how active the conversation is, nor how far its sender has read", async () => {
    const { sita, ram, id } = await two();
    const once = append(id, sita);
    await messages.append([once]);
    const before = await rowOf(id);
    await messages.append([once]);
    expect(await rowOf(id)).toEqual(before);
    expect(outcomes(await messages.append([append(id, ram), once]))).toEqual(["stored", "repeat"]);
    expect(await readOf(id, sita)).toBe(1);
  });

  it("[S4] a repeat gets what the first was: its reply, and its own earliest text to be held against", async () => {
    const { sita, gita, id, other } = await two();
    const clientId = uuidv7();
    // Edited before, in their own conversation or their own place: no text of these counts.
    await messages.append([append(other, gita, "x"), append(other, gita, "elsewhere"), append(id, sita, "earlier")]);
    for (const seq of [1, 2]) await edit(other, seq, gita, "elsewhere, edited");
    await edit(id, 1, sita, "earlier, edited");
    const once = { ...append(id, sita, "as it was", clientId), replyToSeq: 1 };
    expect(await messages.append([once])).toMatchObject([{ outcome: "stored", message: { seq: 2, replyToSeq: 1 } }]);
    for (const body of ["edited", "edited again"]) await edit(id, 2, sita, body);
    expect(await messages.append([{ ...once, replyToSeq: null }])).toMatchObject([
      { outcome: "repeat", message: { seq: 2, body: "edited again", replyToSeq: 1 } },
    ]);
    expect(outcomes(await messages.append([{ ...once, body: "edited" }]))).toEqual(["reused"]);
  });

  it("[S4] a client id that is known of one person and conversation is new to others, a batch later too", async () => {
    const { sita, ram, id, other } = await two();
    const clientId = uuidv7();
    await messages.append([append(id, sita, "first", clientId)]);
    for (const [where, who] of [[id, ram], [other, sita]] as const) {
      expect(await messages.append([append(where, who, "another", clientId)])).toMatchObject([
        { outcome: "stored", message: { conversationId: where, senderId: who, body: "another" } },
      ]);
    }
  });

  it("a group may be written to by the only one who is in it", async () => {
    const [sita] = await people("Sita");
    const id = await createGroup(database.sql, sita);
    expect(outcomes(await messages.append([append(id, sita)]))).toEqual(["stored"]);
  });

  it("waits for the one before it: many at once take every number once", async () => {
    const { sita, ram, id } = await two();
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, index) => messages.append([append(id, index % 2 ? sita : ram)])),
    );
    const taken = all.flat().flatMap((one) => "message" in one ? [one.message.seq] : []);
    expect(taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });
});

describe("what changed since a cursor", () => {
  it("[R2] is all that is beyond it, once, of this conversation, and says where the whole stands", async () => {
    const { sita, ram, gita, id, other } = await two();
    await messages.append(Array.from({ length: 5 }, () => append(id, ram)));
    await messages.append(Array.from({ length: 5 }, () => append(other, gita)));
    for (const seq of [1, 3, 5]) await edit(id, seq, ram, "edited");
    for (const seq of [1, 3, 5]) await edit(other, seq, gita, "not for here");
    const since = async (seq: number, version: number, limit = 10) => {
      const { messages: found, isWhole, last } = await messages.changesSince(id, { seq, version }, limit);
      expect(found.every((one) => one.conversationId === id)).toBe(true);
      expect(last).toEqual({ seq: 5, version: 8 });
      return [seqs(found).toSorted(), isWhole];
    };
    expect(await since(0, 0)).toEqual([[1, 2, 3, 4, 5], true]);
    expect(await since(3, 5)).toEqual([[1, 3, 4, 5], true]);
    expect(await since(3, 6)).toEqual([[3, 4, 5], true]);
    expect(await since(3, 7)).toEqual([[4, 5], true]);
    expect(await since(5, 8)).toEqual([[], true]);
    // What is there and never changed is not given again, even where the version alone lags behind.
    expect(await since(4, 1)).toEqual([[1, 3, 5], true]);
    expect(await since(5, 7)).toEqual([[5], true]);
    void sita;
  });

  it("[R5] is whole up to the limit, of what is new and of what was there alike", async () => {
    const { ram, id } = await two();
    await messages.append(Array.from({ length: 6 }, () => append(id, ram)));
    for (const seq of [1, 2, 3]) await edit(id, seq, ram, "edited");
    const isWhole = async (seq: number, limit: number) =>
      (await messages.changesSince(id, { seq, version: 6 }, limit)).isWhole;
    expect([await isWhole(3, 3), await isWhole(3, 2)]).toEqual([true, false]);
    expect([await isWhole(6, 3), await isWhole(6, 2)]).toEqual([true, false]);
    expect([await isWhole(0, 6), await isWhole(0, 5)]).toEqual([true, false]);
    const { messages: found } = await messages.changesSince(id, { seq: 3, version: 6 }, 3);
    expect(seqs(found).toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("is nothing where nothing was said, and where there is no conversation", async () => {
    const { id } = await two();
    for (const one of [id, uuidv7()]) {
      expect(await messages.changesSince(one, START, 10)).toEqual({ messages: [], isWhole: true, last: START });
    }
  });
});

describe("a page", () => {
  it("is for active participants of this conversation, whatever others they are in", async () => {
    const [sita, ram, gita] = await people("Sita", "Ram", "Gita");
    const [stranger] = await people("Stranger");
    const id = await createGroup(database.sql, sita, ram, gita);
    const other = await createGroup(database.sql, sita, ram, gita, stranger);
    await messages.append([append(id, sita, "here"), append(other, sita, "there")]);
    await participants.change(id, ram, { type: "leave" });
    await participants.change(id, sita, { type: "remove", userId: gita });
    const page = (viewerId: string, range = {}) => messages.page({ conversationId: id, viewerId, limit: 9, ...range });
    for (const viewerId of [ram, gita, stranger, uuidv7()]) {
      for (const range of [{}, { before: 9 }, { after: 0 }]) expect(await page(viewerId, range)).toBeNull();
    }
    for (const range of [{}, { before: 9 }, { after: 0 }]) {
      const found = (await page(sita, range))!.messages;
      expect(found.map(({ body }) => body)).toEqual([null, "here", null, null]);
    }
  });

  it("tells what more there is where it ends exactly at an edge", async () => {
    const { sita, id } = await two();
    await messages.append(Array.from({ length: 5 }, () => append(id, sita)));
    await database.sql`update participants set visible_after_seq = 2 where conversation_id = ${id}`;
    const page = async (range: object) => {
      const found = (await messages.page({ conversationId: id, viewerId: sita, limit: 3, ...range }))!;
      return [seqs(found.messages), found.hasBefore, found.hasAfter];
    };
    expect(await page({})).toEqual([[3, 4, 5], false, false]);
    expect(await page({ after: 2 })).toEqual([[3, 4, 5], false, false]);
    expect(await page({ after: 3 })).toEqual([[4, 5], true, false]);
    expect(await page({ limit: 2 })).toEqual([[4, 5], true, false]);
    expect(await page({ after: 2, limit: 2 })).toEqual([[3, 4], false, true]);
  });
});
