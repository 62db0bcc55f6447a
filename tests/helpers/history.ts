// A conversation that has gone on for long, made straight in the database.
import { uuidv7 } from "../../protocol/uuid.ts";
import type { Sql } from "../../server/store/database.ts";

/** Adds `count` messages of the sender, "Line <seq>" and here and there a longer one, a minute apart, the last one just before `nowMs`. */
export async function createHistory(
  sql: Sql,
  conversationId: string,
  senderId: string,
  count: number,
  nowMs: number,
): Promise<void> {
  const clientIds = Array.from({ length: count }, () => uuidv7());
  await sql.begin(async (tx) => {
    const [{ last }] = await tx<[{ last: number }]>`
      update conversations set last_seq = last_seq + ${count}, last_version = last_version + ${count},
        last_activity_at = ${new Date(nowMs).toISOString()}
      where id = ${conversationId} returning (last_seq - ${count})::int as last`;
    await tx`
      insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body, created_at)
      select ${conversationId}, ${last}::int + n, ${last}::int + n, 'text', ${senderId}, client,
        'Line ' || (${last}::int + n) || repeat(' and so on', ((n * 7919) % 11)::int * ((n % 3 = 0)::int) * 3),
        ${new Date(nowMs).toISOString()}::timestamptz - (${count} - n) * interval '1 minute'
      from unnest(${clientIds}::uuid[]) with ordinality many (client, n)`;
  });
}
