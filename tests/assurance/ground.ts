// What a suite with a server stands on: a migrated database that is gone afterwards.
import { fileURLToPath } from "node:url";
import { openDatabase, type Sql } from "../../server/store/database.ts";
import { migrate } from "../../server/store/migrate.ts";
import type { SuiteOptions } from "./suite.ts";

export interface GroundedOptions extends SuiteOptions {
  signal?: AbortSignal;
  /** A fresh database with the schema; without it the suite starts the PostgreSQL inside in a folder of its own. */
  database?: () => Promise<Ground>;
}

export interface Ground {
  sql: Sql;
  close(): Promise<void>;
}

const MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));

export async function openGround({ database }: Pick<GroundedOptions, "database">): Promise<Ground> {
  if (database) return await database();
  const dataDir = await Deno.makeTempDir({ prefix: "chautari-assurance-" });
  // Under root PostgreSQL runs as somebody else, who must be able to reach its folder.
  await Deno.chmod(dataDir, 0o755);
  const { sql, close } = await openDatabase({ databaseUrl: null, dataDir, log: () => {} });
  await migrate(sql, { directory: MIGRATIONS, log: () => {} });
  return {
    sql,
    async close() {
      await close();
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}
