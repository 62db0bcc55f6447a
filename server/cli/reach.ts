// How a command gets at the database: beside a running server or without one, with the schema that this program knows.
import type { Config } from "../config.ts";
import { MIGRATIONS } from "../places.ts";
import { reachDatabase, type Sql } from "../store/database.ts";
import { migrate, pendingMigrations } from "../store/migrate.ts";
import { StartError } from "../store/start_error.ts";

/**
 * Does `work` and leaves everything as it was found: a PostgreSQL that was not running is stopped again.
 * `create`: where there is no data yet, it is made. Throws StartError where there is none or it is of another release.
 */
export async function withDatabase<T>(
  { databaseUrl, dataDir }: Config,
  { create = false }: { create?: boolean },
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  const log = () => {};
  const { sql, close } = await reachDatabase({ databaseUrl, dataDir, log, create });
  try {
    const { applied, pending } = await pendingMigrations(sql, MIGRATIONS);
    if (applied === 0 && create) await migrate(sql, { directory: MIGRATIONS, log });
    else if (pending.length > 0) throw new StartError(applied === 0 ? NOTHING_THERE : OLDER);
    return await work(sql);
  } finally {
    await close();
  }
}

const NOTHING_THERE = "The database holds nothing of Chautari's yet: start the server on it once, then try again";
const OLDER = "The database is of an earlier release: run chautari migrate, or start the server, then try again";
