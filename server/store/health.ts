// What PostgreSQL says of itself: whether it can commit, and how many connections of ours it holds.
import type { Sql } from "./database.ts";

/**
 * One durable commit that leaves no row behind: a transactional message in the write-ahead log, which nobody reads.
 * Rejects where PostgreSQL cannot commit: gone, read-only, a standby, no space.
 */
export async function commitNothing(sql: Sql): Promise<void> {
  await sql`select pg_logical_emit_message(true, 'chautari', 'ready')`;
}

export interface PoolLevels {
  max: number;
  /** By PostgreSQL's own word: `active`, `idle`, `idle in transaction` … */
  byState: { state: string; count: number }[];
}

/** The connections of this database that are ours, or those of another node of ours. */
export async function poolLevels(sql: Sql): Promise<PoolLevels> {
  const byState = await sql<{ state: string; count: number }[]>`
    select coalesce(state, 'unknown') as state, count(*)::int as count from pg_stat_activity
    where application_name = 'chautari' and datname = current_database() group by 1`;
  return { max: sql.options.max, byState: [...byState] };
}
