// Appending reads by keys only, also where its plan was made on tables that were still empty.
import postgres from "postgres";
import { expect, it } from "vitest";
import { uuidv7 } from "../../protocol/uuid.ts";
import type { Sql } from "../../server/store/database.ts";
import { messageStore } from "../../server/store/messages.ts";
import { createTestDatabase, databaseServers } from "../helpers/database.ts";

const GROUPS = 2000;
const MEMBERS = 50;
const BATCH = 1000;

it.each(databaseServers())("a large batch reads a few rows a message, on %s", async (server) => {
  const database = await createTestDatabase(server);
  // One connection: plans are its own.
  const sql = postgres(database.url, {
    max: 1,
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
  }) as unknown as Sql;
  try {
    const { append } = messageStore(sql);
    const nobody = {
      conversationId: uuidv7(),
      senderId: uuidv7(),
      clientId: uuidv7(),
      body: "first",
      replyToSeq: null,
    };
    expect(await append([nobody])).toEqual([{ outcome: "not_found" }]);

    await sql`insert into users (id, external_id, name) select gen_random_uuid(), n::text, 'P' from generate_series(1, ${MEMBERS}) n`;
    await sql`
      insert into conversations (id, kind, title, created_by, participant_count)
      select gen_random_uuid(), 'group', 'G', (select id from users limit 1), ${MEMBERS} from generate_series(1, ${GROUPS})`;
    await sql`insert into participants (conversation_id, user_id) select c.id, u.id from conversations c, users u`;
    const conversations = (await sql`select id from conversations`).map(({ id }) => id as string);
    const people = (await sql`select id from users`).map(({ id }) => id as string);
    const batch = () =>
      Array.from({ length: BATCH }, (_, n) => ({
        conversationId: conversations[n % GROUPS]!,
        senderId: people[n % MEMBERS]!,
        clientId: uuidv7(),
        body: "namaste",
        replyToSeq: null,
      }));
    await append(batch());
    const rowsRead = async () => {
      const [row] = await sql<{ rows: number }[]>`
        select (sum(pg_stat_get_xact_tuples_returned(oid)) + sum(pg_stat_get_xact_tuples_fetched(oid)))::int as rows
        from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'i')`;
      return row!.rows;
    };
    await sql`begin`;
    const before = await rowsRead();
    const results = await append(batch());
    const read = await rowsRead() - before;
    await sql`commit`;
    expect(results.every(({ outcome }) => outcome === "stored")).toBe(true);
    expect(read / BATCH).toBeLessThan(25);
  } finally {
    await sql.end();
    await database.close();
  }
});
