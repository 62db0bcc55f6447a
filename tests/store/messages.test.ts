// The messages table on every PostgreSQL we have: appended exactly once, in order, without a gap.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uuidv7 } from "../../protocol/uuid.ts";
import { StoreRefusal } from "../../server/store/errors.ts";
import { messageStore } from "../../server/store/messages.ts";
import { participantStore } from "../../server/store/participants.ts";
import { createTestDatabase, databaseServers } from "../helpers/database.ts";
import { append, createDirect, createGroup, createPeople } from "../helpers/people.ts";

describe.each(databaseServers())("messages on %s", (server) => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let messages: ReturnType<typeof messageStore>;
  beforeAll(async () => {
    database = await createTestDatabase(server);
    messages = messageStore(database.sql);
  });
  afterAll(() => database.close());

  const direct = async () => {
    const [sita, ram] = await createPeople(database.sql, "Sita", "Ram") as [string, string];
    return { sita, ram, id: await createDirect(database.sql, sita, ram) };
  };
  const all = async (conversationId: string) =>
    (await messages.changesSince(conversationId, { seq: 0, version: 0 }, 1000)).messages;

  it("numbers messages 1, 2, 3 in the order of the batch", async () => {
    const { sita, ram, id } = await direct();
    const results = await messages.append([append(id, sita, "one"), append(id, ram, "two"), append(id, sita, "three")]);
    expect(results.map((result) => result.outcome)).toEqual(["stored", "stored", "stored"]);
    expect((await all(id)).map(({ seq, version, body }) => [seq, version, body])).toEqual([
      [1, 1, "one"],
      [2, 2, "two"],
      [3, 3, "three"],
    ]);
  });

  it("keeps every character of a text", async () => {
    const { sita, id } = await direct();
    const bodies = ["नमस्ते, यो अझै बिक्रीमा छ?", 'a "quoted" \\ {brace}, NULL', "NULL", "👨‍👩‍👧‍👦\n\tline", "x".repeat(4000)];
    await messages.append(bodies.map((body) => append(id, sita, body)));
    expect((await all(id)).map((message) => message.body)).toEqual(bodies);
  });

  it("returns the first result for a repeat, in a later batch and in the same one", async () => {
    const { sita, id } = await direct();
    const once = append(id, sita, "once");
    const [first, twin] = await messages.append([once, once]);
    const [repeat] = await messages.append([once]);
    expect(first).toMatchObject({ outcome: "stored", message: { seq: 1, body: "once" } });
    expect(twin).toMatchObject({ outcome: "repeat", message: { seq: 1 } });
    expect(repeat).toMatchObject({ outcome: "repeat", message: { seq: 1, body: "once" } });
    expect(await all(id)).toHaveLength(1);
  });

  it("refuses a client id that was used for another text, in a later batch and in the same one", async () => {
    const { sita, id } = await direct();
    const clientId = uuidv7();
    const [, twin] = await messages.append([append(id, sita, "a", clientId), append(id, sita, "b", clientId)]);
    const [later] = await messages.append([append(id, sita, "c", clientId)]);
    expect([twin, later]).toEqual([{ outcome: "reused" }, { outcome: "reused" }]);
    expect((await all(id)).map((message) => message.body)).toEqual(["a"]);
  });

  it("counts a client id per sender and conversation", async () => {
    const { sita, ram, id } = await direct();
    const other = await direct();
    const clientId = uuidv7();
    const results = await messages.append([
      append(id, sita, "x", clientId),
      append(id, ram, "y", clientId),
      append(other.id, other.sita, "z", clientId),
    ]);
    expect(results.map((result) => result.outcome)).toEqual(["stored", "stored", "stored"]);
  });

  it("finds the first result of a message that was edited or deleted since", async () => {
    const { sita, id } = await direct();
    const once = append(id, sita, "as it was");
    await messages.append([once]);
    await database.sql`insert into message_revisions (conversation_id, seq, version, body, replaced_by)
      values (${id}, 1, 1, 'as it was', ${sita})`;
    await database.sql`update messages set body = null, deleted_at = now(), changed_at = now(), version = 2
      where conversation_id = ${id}`;
    const [again, changed] = await messages.append([once, { ...once, body: "another" }]);
    expect(again).toMatchObject({ outcome: "repeat", message: { seq: 1, body: null } });
    expect(changed).toEqual({ outcome: "reused" });
  });

  it("says not_found alike to strangers, to who has left or was removed, and of what does not exist", async () => {
    const { sita, ram, id } = await direct();
    const [stranger, gita] = await createPeople(database.sql, "Stranger", "Gita") as [string, string];
    const group = await createGroup(database.sql, sita, ram, gita);
    await participantStore(database.sql).change(group, ram, { type: "leave" });
    await participantStore(database.sql).change(group, sita, { type: "remove", userId: gita });
    const results = await messages.append([
      append(id, stranger),
      append(uuidv7(), sita),
      append(group, ram),
      append(group, gita),
      append(id, sita, "goes through"),
    ]);
    expect(results.map((result) => result.outcome)).toEqual([
      "not_found",
      "not_found",
      "not_found",
      "not_found",
      "stored",
    ]);
  });

  it("does not send into a direct conversation that the other person has left", async () => {
    const { sita, ram, id } = await direct();
    await participantStore(database.sql).change(id, ram, { type: "leave" });
    expect(await messages.append([append(id, sita)])).toEqual([{ outcome: "recipient_left" }]);
    await participantStore(database.sql).change(id, ram, { type: "return" });
    expect(await messages.append([append(id, sita)])).toMatchObject([{ outcome: "stored", message: { seq: 3 } }]);
  });

  it("reads the sender's own message for them, and nobody else's", async () => {
    const { sita, ram, id } = await direct();
    await messages.append([append(id, ram), append(id, sita), append(id, ram)]);
    const rows = await database.sql`select user_id, last_read_seq from participants where conversation_id = ${id}`;
    expect(Object.fromEntries(rows.map((row) => [row.user_id, row.last_read_seq]))).toEqual({ [sita]: 2, [ram]: 3 });
  });

  it("refuses a batch with a value that PostgreSQL refuses, and stores nothing of it", async () => {
    const { sita, id } = await direct();
    const batch = [append(id, sita, "fine"), append(id, sita, "x".repeat(4001))];
    await expect(messages.append(batch)).rejects.toBeInstanceOf(StoreRefusal);
    await expect(messages.append([append(id, sita, "a\0b")])).rejects.toBeInstanceOf(StoreRefusal);
    expect(await all(id)).toEqual([]);
  });

  it("leaves no gap and no twice, and never deadlocks, when batches over the same conversations cross", async () => {
    const rooms = await Promise.all(Array.from({ length: 4 }, direct));
    const batch = (turn: number) => {
      const order = turn % 2 ? rooms : [...rooms].reverse();
      return order.flatMap(({ id, sita, ram }) => [append(id, sita, `s${turn}`), append(id, ram, `r${turn}`)]);
    };
    const sent = Array.from({ length: 24 }, (_, turn) => batch(turn));
    await Promise.all([...sent, ...sent.slice(0, 12)].map((one) => messages.append(one)));
    for (const { id } of rooms) {
      const seqs = (await all(id)).map((message) => message.seq);
      expect(seqs).toEqual(Array.from({ length: 48 }, (_, index) => index + 1));
      const [row] = await database.sql`select last_seq, last_version from conversations where id = ${id}`;
      expect(row).toEqual({ last_seq: 48, last_version: 48 });
    }
  });

  it("pages newest, before and after, oldest first, and says what more there is", async () => {
    const { sita, id } = await direct();
    await messages.append(Array.from({ length: 7 }, (_, index) => append(id, sita, String(index + 1))));
    await database.sql`update participants set visible_after_seq = 2 where user_id = ${sita}`;
    const page = async (range: object) => {
      const { messages: rows, hasBefore, hasAfter } = (await messages.page({
        conversationId: id,
        viewerId: sita,
        limit: 3,
        ...range,
      }))!;
      return [rows.map((message) => message.seq), hasBefore, hasAfter];
    };
    expect(await page({})).toEqual([[5, 6, 7], true, false]);
    expect(await page({ before: 5 })).toEqual([[3, 4], false, true]);
    expect(await page({ after: 0 })).toEqual([[3, 4, 5], false, true]);
    expect(await page({ after: 4 })).toEqual([[5, 6, 7], true, false]);
    expect(await page({ after: 7 })).toEqual([[], true, false]);
  });
});
