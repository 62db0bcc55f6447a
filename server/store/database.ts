// Opens the database: the owner's PostgreSQL where DATABASE_URL names one, else the built-in one; the same above both.

import postgres from "postgres";
import { parseDatabaseUrl } from "./database_url.ts";
import { hasCluster } from "./embedded/cluster.ts";
import { type Address, startEmbedded } from "./embedded/embedded.ts";
import { DataDirectoryHeld } from "./embedded/lock.ts";
import { findRunning } from "./embedded/running.ts";
import { StartError } from "./start_error.ts";
import { TRANSACTIONS_MAX, withOwnTransactions } from "./transactions.ts";

/** A pool of connections: bigint and numeric come as numbers, timestamps as Date. */
export type Sql = postgres.Sql;

export type Log = (message: string, fields?: object) => void;

export type Database = {
  sql: Sql;
  kind: "embedded" | "external";
  /** Waits for what runs, ends the pool, stops a built-in PostgreSQL. */
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** null: the built-in PostgreSQL. */
  databaseUrl: string | null;
  dataDir: string;
  log: Log;
  /** Takes what the owner should know though nothing stops; `log` where left out. */
  warn?: Log;
  /** Connections at most. */
  poolSize?: number;
};

const OLDEST_VERSION = 14;
const CLOSE_TIMEOUT_S = 5;

/** Throws StartError, one sentence for the owner, when there is no database to work with. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return options.databaseUrl === null ? await openEmbedded(options) : await openExternal(options, options.databaseUrl);
}

/**
 * The same for a command that does its work and ends. Where a server is running on the data directory, its PostgreSQL
 * is used and left running (`beside`); what is not there yet is made only with `create`.
 */
export async function reachDatabase(
  { create, ...options }: DatabaseOptions & { create: boolean },
): Promise<Database & { beside: boolean }> {
  const { databaseUrl, dataDir, poolSize = 2 } = options;
  if (databaseUrl === null && !create && !await hasCluster(dataDir)) {
    throw new StartError(
      `There is no data in ${dataDir}: name the folder in DATA_DIR, or start the server there first`,
    );
  }
  try {
    return { ...await openDatabase({ ...options, poolSize }), beside: false };
  } catch (error) {
    if (!(error instanceof DataDirectoryHeld)) throw error;
  }
  const sql = embeddedPool(await findRunning(dataDir), poolSize);
  return { sql, kind: "embedded", beside: true, close: () => sql.end({ timeout: CLOSE_TIMEOUT_S }) };
}

function embeddedPool(address: Address, poolSize: number | undefined): Sql {
  return pool({ ...address, ssl: false }, poolSize);
}

async function openEmbedded({ dataDir, log, warn = log, poolSize }: DatabaseOptions): Promise<Database> {
  const embedded = await startEmbedded({ dataDir, log, warn });
  const sql = embeddedPool(embedded.address, poolSize);
  return {
    sql,
    kind: "embedded",
    async close() {
      await sql.end({ timeout: CLOSE_TIMEOUT_S });
      await embedded.close();
    },
  };
}

async function openExternal({ poolSize }: DatabaseOptions, databaseUrl: string): Promise<Database> {
  const { shown, ...address } = parseDatabaseUrl(databaseUrl);
  const sql = pool(address, poolSize);
  const close = () => sql.end({ timeout: CLOSE_TIMEOUT_S });
  try {
    await checkServer(sql, shown);
  } catch (error) {
    await close();
    if (error instanceof StartError) throw error;
    throw new StartError(`Cannot use the database of DATABASE_URL (${shown}): ${(error as Error).message}`);
  }
  return { sql, kind: "external", close };
}

async function checkServer(sql: Sql, shown: string): Promise<void> {
  const [server] = await sql<{ version: number; encoding: string }[]>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`;
  const problem = serverProblem(server!);
  if (problem !== null) throw new StartError(`The database of DATABASE_URL (${shown}) ${problem}`);
}

/** Why a server cannot be used, or null. `version` is `server_version_num`: 140005 is 14.5. */
export function serverProblem({ version, encoding }: { version: number; encoding: string }): string | null {
  if (version < OLDEST_VERSION * 10_000) {
    return `is on PostgreSQL ${Math.floor(version / 10_000)}: expected ${OLDEST_VERSION} or later`;
  }
  if (encoding !== "UTF8") {
    return `has the encoding ${encoding}: expected UTF8. ` +
      `Make one with: create database chautari encoding 'UTF8' template template0`;
  }
  return null;
}

function pool(address: postgres.Options<Record<never, never>>, poolSize = 10): Sql {
  return withOwnTransactions(
    clients(address, poolSize),
    () => clients(address, 1),
    Math.min(poolSize, TRANSACTIONS_MAX),
  );
}

function clients(address: postgres.Options<Record<never, never>>, max: number): Sql {
  return postgres({
    ...address,
    max,
    // an idle connection costs PostgreSQL a process of some megabytes
    idle_timeout: 60,
    connect_timeout: 3,
    // seconds; the driver's own goes up to 20, in which people would wait for a database that is back
    backoff: (attempt: number) => Math.min(0.05 * 2 ** attempt, 1),
    connection: {
      application_name: "chautari",
      // cursors carry timestamps as text
      TimeZone: "UTC",
      statement_timeout: 10_000,
      lock_timeout: 5_000,
      idle_in_transaction_session_timeout: 15_000,
    },
    types: {
      bigint: { to: 20, from: [20], serialize: String, parse: safeInteger },
      numeric: { to: 1700, from: [1700], serialize: String, parse: Number },
    },
    onnotice: () => {},
  }) as unknown as Sql;
}

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`Cannot read the bigint ${text}: it is beyond 2^53 - 1`);
  return value;
}
