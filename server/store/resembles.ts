// Whether somebody has a namesake in a conversation: one question, asked wherever participants are read.
import type postgres from "postgres";
import type { Sql } from "./database.ts";

/**
 * For a query over `participants p` and `users u`: another active participant has the same skeleton. It looks at those who
 * have it, hardly ever more than a few, so that it costs the same in a group of five and of five thousand. Nobody resembles
 * anyone while their skeleton is not written.
 */
export function resembles(sql: Sql): postgres.PendingQuery<postgres.Row[]> {
  return sql`exists (
    select from users alike join participants other on other.user_id = alike.id
    where alike.skeleton = u.skeleton and alike.id <> u.id and other.conversation_id = p.conversation_id
      and other.left_at is null and other.removed_at is null)`;
}
