// Puts a backup's rows into an empty database, in one transaction: all of them, or nothing.
import type { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { TransactionSql } from "postgres";
import { readShapes, settle, TABLES, type TableShape } from "./backup.ts";
import type { Sql } from "./database.ts";
import { type AppliedMigration, makeMigrationsTable, type Migration, MIGRATION_LOCK } from "./migrate.ts";
import { StartError } from "./start_error.ts";

export interface Restore {
  /** What had been applied where the rows come from. */
  applied: AppliedMigration[];
  /** The files with those numbers, at least. */
  migrations: Migration[];
  /** Each with the rows that it must have in the end. */
  tables: (TableShape & { rows: number })[];
}

/** Takes one table's COPY text. */
export type Fill = (table: TableShape, chunks: AsyncIterable<Uint8Array>) => Promise<void>;

const ENDING_MS = 3_000;
const PAUSE_MS = 50;
const OTHER_PLACE = "Restore into a database or a data directory with nothing in it";

/**
 * Makes the tables where there are none, lets `work` fill each, counts, and gives the data a new epoch. The pool must
 * have one connection. Throws StartError, with nothing changed, when the database holds something or is in use, or when
 * the rows do not fit; what `work` throws has the same effect.
 */
export async function restoreRows(sql: Sql, restore: Restore, work: (fill: Fill) => Promise<void>): Promise<void> {
  await refuseInUse(sql);
  await sql.begin(async (tx) => {
    await settle(tx);
    const [lock] = await tx<{ free: boolean }[]>`select pg_try_advisory_xact_lock(${MIGRATION_LOCK}) as free`;
    if (!lock!.free) throw new StartError("Somebody else migrates, backs up or restores this database just now");
    await prepare(tx, restore);
    await work((table, chunks) => fill(tx, table, chunks));
    for (const { name, rows } of restore.tables) {
      const [counted] = await tx<{ rows: number }[]>`select count(*) as rows from ${tx(name)}`;
      if (counted!.rows !== rows) {
        throw new StartError(
          `The table ${name} has ${counted!.rows} rows, and the backup ${rows}: nothing is restored`,
        );
      }
    }
    await tx`update installation set epoch = gen_random_uuid()`;
  });
  await sql.begin(async (tx) => {
    await settle(tx);
    // a new table has no statistics to plan by
    await tx.unsafe("analyze");
  });
}

/** A server keeps the epoch in memory, and would tell its clients the one from before. One that ends is waited for. */
async function refuseInUse(sql: Sql): Promise<void> {
  // our own connections, of which there are these two, step aside
  await sql`set application_name = 'chautari restore'`;
  await sql.begin((tx) => tx`set application_name = 'chautari restore'`);
  for (const end = performance.now() + ENDING_MS;; await sleep(PAUSE_MS)) {
    const [others] = await sql<{ count: number }[]>`
      select count(*) from pg_stat_activity
      where datname = current_database() and application_name = 'chautari'`;
    if (others!.count === 0) return;
    if (performance.now() > end) {
      throw new StartError("A server is running on this database: stop it, and restore again");
    }
  }
}

/** Leaves our tables there, empty, with the backup's schema, made or truncated in this transaction. */
async function prepare(tx: TransactionSql, { applied, migrations }: Restore): Promise<void> {
  const present = (await readShapes(tx)).map(({ name }) => name);
  if (present.length === 0) {
    await makeMigrationsTable(tx);
    for (const { text } of migrations.slice(0, applied.length)) await tx.unsafe(text);
    return;
  }
  if (!present.includes("schema_migrations")) {
    throw new StartError(`The database has tables that are not Chautari's (${present.join(", ")}). ${OTHER_PLACE}`);
  }
  for (const name of present) {
    if (name === "schema_migrations" || name === "installation") continue;
    const [found] = await tx`select 1 from ${tx(name)} limit 1`;
    if (found) throw new StartError(`There is data here already (in the table ${name}). ${OTHER_PLACE}`);
  }
  const [{ version }] = await tx`select max(version) as version from schema_migrations` as unknown as [
    { version: number },
  ];
  if (version !== applied.length) {
    throw new StartError(
      `The backup has the tables of migration ${applied.length}, and this database those of ${version}. ${OTHER_PLACE}`,
    );
  }
  await tx`truncate ${tx(TABLES.filter((name) => present.includes(name)))}`;
}

/** `freeze`: nobody can see these rows before the commit, so they need no later look to be known as old. */
async function fill(tx: TransactionSql, { name, columns }: TableShape, chunks: AsyncIterable<Uint8Array>) {
  const stream: Writable = await tx`copy ${tx(name)} (${tx(columns)}) from stdin (freeze)`.writable();
  // told by what the writes return, too
  stream.on("error", () => {});
  try {
    for await (const chunk of chunks) await write(stream, chunk);
  } catch (error) {
    stream.destroy(error as Error);
    if (isOfPostgres(error)) throw refused(name, error.message);
    throw error;
  }
  stream.end();
  // The driver says nothing of a copy that fails at its end; the next command does.
  try {
    await tx`select 1`;
  } catch (error) {
    throw refused(name, (error as Error).message);
  }
}

function write(stream: Writable, chunk: Uint8Array): Promise<void> {
  return new Promise((written, failed) =>
    stream.write(chunk, (error) => error ? failed(stream.errored ?? error) : written())
  );
}

function isOfPostgres(error: unknown): error is Error {
  return error instanceof Error && error.name === "PostgresError";
}

function refused(table: string, why: string): StartError {
  return new StartError(`PostgreSQL does not take the rows of ${table}: ${why}`);
}
