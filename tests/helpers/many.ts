// Far more conversations than anyone opens, made straight in the database.
import { uuidv7 } from "../../protocol/uuid.ts";
import { indexWords } from "../../server/store/words.ts";
import type { Sql } from "../../server/store/database.ts";

/** Direct conversations with "Person 1" (the latest) … "Person n", a minute apart, each with one message of theirs. */
export async function createManyDirects(sql: Sql, meId: string, count: number, nowMs: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const others = numbers.map(() => uuidv7());
  const conversations = numbers.map(() => uuidv7());
  const clientIds = numbers.map(() => uuidv7());
  const times = numbers.map((n) => new Date(nowMs - n * 60_000).toISOString());
  await sql.begin(async (tx) => {
    await tx`
      insert into users (id, external_id, name)
      select id, 'many ' || id, 'Person ' || n from unnest(${others}::uuid[], ${numbers}::int[]) many (id, n)`;
    const words = numbers.flatMap((n, index) =>
      indexWords(`Person ${n}`).map((word) => [word, others[index]!] as const)
    );
    await tx`
      insert into user_words (word, user_id)
      select * from unnest(${words.map(([word]) => word)}::text[], ${words.map(([, id]) => id)}::uuid[])`;
    await tx`
      insert into conversations (
        id, kind, created_by, direct_low, direct_high, participant_count, last_seq, last_version, created_at, last_activity_at)
      select id, 'direct', other, least(other, ${meId}::uuid), greatest(other, ${meId}::uuid), 2, 1, 1, at, at
      from unnest(${conversations}::uuid[], ${others}::uuid[], ${times}::timestamptz[]) many (id, other, at)`;
    await tx`
      insert into participants (conversation_id, user_id)
      select id, person from unnest(${conversations}::uuid[], ${others}::uuid[]) many (id, other),
        lateral (values (other), (${meId}::uuid)) both_of (person)`;
    await tx`
      insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body, created_at)
      select id, 1, 1, 'text', other, client, 'Hello from ' || n, at
      from unnest(${conversations}::uuid[], ${others}::uuid[], ${clientIds}::uuid[], ${numbers}::int[],
        ${times}::timestamptz[]) many (id, other, client, n, at)`;
  });
}
