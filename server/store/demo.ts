// What only the demo asks of the database: whether it may be filled, filling it at one stroke, and moving it back in time.
import type postgres from "postgres";
import type { Sql } from "./database.ts";
import { createStore, type Store } from "./store.ts";

/** Who the demo's people are, by username. */
export interface Cast {
  owner: string;
  usernames: string[];
}

/** `empty`: no tables, or ours with nobody in them. `demo`: filled before. `other`: anything else. */
export type Holding = "empty" | "demo" | "other";

/** What a database holds; it need not be migrated. Reads only. */
export async function holding(sql: postgres.ISql, cast: Cast): Promise<Holding> {
  const tables = await sql<{ name: string }[]>`
    select tablename as name from pg_tables where schemaname = current_schema()`;
  if (tables.length === 0) return "empty";
  const names = new Set(tables.map((table) => table.name));
  if (!["installation", "users", "user_words"].every((name) => names.has(name))) return "other";
  const [found] = await sql<{ people: number; cast_members: number; owned: boolean }[]>`
    select count(*) as people, count(*) filter (where username = any (${cast.usernames}::text[])) as cast_members,
      coalesce(bool_or(role = 'owner' and username = ${cast.owner}), false) as owned
    from users`;
  if (found!.people === 0) return "empty";
  return found!.owned && found!.cast_members === cast.usernames.length ? "demo" : "other";
}

/** The time of each message, by its place: `times[0]` is that of seq 1. */
export interface Dated {
  conversationId: string;
  times: Date[];
}

/**
 * Runs `fill` in one transaction that keeps everybody else from making accounts, if the database is empty then: an
 * interrupted demo leaves nothing behind. The conversations that it returns are moved to their times.
 * Returns what the database held.
 */
export async function fillOnce(sql: Sql, cast: Cast, fill: (store: Store) => Promise<Dated[]>): Promise<Holding> {
  return await sql.begin(async (tx) => {
    await tx`lock table users in share row exclusive mode`;
    const held = await holding(tx, cast);
    if (held === "empty") await moveBack(tx, await fill(createStore(nesting(tx))));
    return held;
  });
}

/** The transaction as a pool for the store's functions: what begins one of their own gets a savepoint. */
function nesting(tx: postgres.TransactionSql): Sql {
  return Object.assign(tx, {
    begin: (work: (tx: postgres.TransactionSql) => Promise<unknown>) => tx.savepoint(work),
  }) as unknown as Sql;
}

/** Gives messages, and all that follows from them, times of the past. */
async function moveBack(tx: postgres.TransactionSql, dated: Dated[]): Promise<void> {
  const rows = dated.flatMap(({ conversationId, times }) =>
    times.map((time, index) => ({ conversationId, seq: index + 1, time: time.toISOString() }))
  );
  await tx`
    update messages m set created_at = dated.time
    from unnest(${rows.map((row) => row.conversationId)}::uuid[], ${rows.map((row) => row.seq)}::bigint[],
      ${rows.map((row) => row.time)}::timestamptz[]) as dated (conversation_id, seq, time)
    where m.conversation_id = dated.conversation_id and m.seq = dated.seq`;
  const ids = dated.map((one) => one.conversationId);
  await tx`
    update conversations c set created_at = m.first, last_activity_at = m.last
    from (
      select conversation_id, min(created_at) as first, max(created_at) as last
      from messages where conversation_id = any (${ids}::uuid[]) group by conversation_id
    ) m
    where c.id = m.conversation_id`;
  // who was added later joined with the message that told of it: the first one they may read
  await tx`
    update participants p set joined_at = m.created_at from messages m
    where m.conversation_id = any (${ids}::uuid[]) and p.conversation_id = m.conversation_id
      and m.seq = p.visible_after_seq + 1`;
  await tx`
    update users set created_at = first.joined_at, updated_at = first.joined_at
    from (select user_id, min(joined_at) as joined_at from participants group by user_id) first
    where first.user_id = users.id`;
}
