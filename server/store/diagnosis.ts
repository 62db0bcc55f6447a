// What `chautari doctor` asks a PostgreSQL: the settings that decide whether messages are safe there.
import type { Sql } from "./database.ts";

export interface DatabaseFacts {
  /** As `server_version_num`: 180004 is 18.4. */
  version: number;
  encoding: string;
  /** `on` or `off`, as PostgreSQL says them; `synchronousCommit` has more values. */
  fsync: string;
  fullPageWrites: string;
  synchronousCommit: string;
  /** It follows another server and takes no writes. */
  standby: boolean;
  /** May this user make tables where ours belong? */
  mayCreate: boolean;
  connectionsMax: number;
  connectionsUsed: number;
  bytes: number;
  /** How far its clock is ahead of this program's; negative: behind. */
  clockAheadMs: number;
}

export async function readFacts(sql: Sql): Promise<DatabaseFacts> {
  const asked = Date.now();
  const [row] = await sql<(Omit<DatabaseFacts, "clockAheadMs"> & { clockMs: number })[]>`
    select
      (extract(epoch from clock_timestamp()) * 1000)::float8 as "clockMs",
      current_setting('server_version_num')::int as version,
      current_setting('server_encoding') as encoding,
      current_setting('fsync') as fsync,
      current_setting('full_page_writes') as "fullPageWrites",
      current_setting('synchronous_commit') as "synchronousCommit",
      pg_is_in_recovery() as standby,
      coalesce(has_schema_privilege(current_schema(), 'create'), false) as "mayCreate",
      current_setting('max_connections')::int as "connectionsMax",
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as "connectionsUsed",
      pg_database_size(current_database())::float8 as bytes`;
  const { clockMs, ...facts } = row!;
  // between the question and the answer; half of that is the best guess
  return { ...facts, clockAheadMs: Math.round(clockMs - (asked + Date.now()) / 2) };
}
