// People and conversations for tests, made straight in the database.
import { uuidv7 } from "../../protocol/uuid.ts";
import type { Sql } from "../../server/store/database.ts";
import { conversationStore } from "../../server/store/conversations.ts";
import type { Append } from "../../server/store/messages.ts";

/** Makes people by name; returns their ids in the same order. */
export async function createPeople(sql: Sql, ...names: string[]): Promise<string[]> {
  const rows = names.map((name) => ({ id: uuidv7(), external_id: crypto.randomUUID(), name }));
  await sql`insert into users ${sql(rows)}`;
  return rows.map((row) => row.id);
}

/** A direct conversation of two people. */
export async function createDirect(sql: Sql, a: string, b: string): Promise<string> {
  return (await conversationStore(sql).openDirect(a, b, null)).id;
}

export async function createGroup(sql: Sql, maker: string, ...others: string[]): Promise<string> {
  return await conversationStore(sql).createGroup(maker, "Tea", others, null);
}

/** A message to append, with a client id of its own. */
export function append(conversationId: string, senderId: string, body = "hello", clientId = uuidv7()): Append {
  return { conversationId, senderId, clientId, body, replyToSeq: null };
}
