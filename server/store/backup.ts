// Reads everything the database holds at one moment, table by table, as COPY text.
// https://www.postgresql.org/docs/18/sql-copy.html
import type { Readable } from "node:stream";
import type { TransactionSql } from "postgres";
import type { Sql } from "./database.ts";
import { type AppliedMigration, MIGRATION_LOCK } from "./migrate.ts";
import { StartError } from "./start_error.ts";

/** Every table there is or was, each after those that it refers to. */
export const TABLES = [
  "schema_migrations",
  "installation",
  "users",
  "user_words",
  "sessions",
  "one_time_codes",
  "conversations",
  "conversation_words",
  "participants",
  "messages",
  "message_revisions",
] as const;

export interface TableShape {
  name: string;
  /** Those that can be written; generated ones follow from them. */
  columns: string[];
}

export interface Snapshot {
  migrations: AppliedMigration[];
  /** Null: no server has run on the database yet. */
  epoch: string | null;
  /** `server_version` */
  postgres: string;
  tables: (TableShape & { rows: number })[];
  /** COPY text of one table, whole rows in each chunk. One table at a time; it may be left before its end. */
  read(table: TableShape): AsyncGenerator<Uint8Array>;
}

/**
 * Runs `work` on a snapshot of the database: what is committed while it runs is not in it, and nobody waits for it.
 * The pool needs a second connection. Throws StartError where there is nothing to read, or a migration is under way.
 */
export async function withSnapshot<T>(sql: Sql, work: (snapshot: Snapshot) => Promise<T>): Promise<T> {
  return await sql.begin("isolation level repeatable read read only", async (tx) => {
    // the first statement takes the snapshot: no migration may end after it
    const [lock] = await tx<{ free: boolean; pid: number }[]>`
      select pg_try_advisory_xact_lock_shared(${MIGRATION_LOCK}) as free, pg_backend_pid() as pid`;
    await settle(tx);
    if (!lock!.free) throw new StartError("The database is being migrated or restored just now: try again after that");
    const shapes = await readShapes(tx);
    if (!shapes.some(({ name }) => name === "schema_migrations")) {
      throw new StartError(
        "The database holds nothing of Chautari's yet: start the server on it once, then back it up",
      );
    }
    const tables = [];
    for (const shape of shapes) {
      const [counted] = await tx<{ rows: number }[]>`select count(*) as rows from ${tx(shape.name)}`;
      tables.push({ ...shape, rows: counted!.rows });
    }
    const [{ server_version: postgres }] = await tx`show server_version` as unknown as [{ server_version: string }];
    const [installation] = await tx<{ epoch: string }[]>`select epoch from installation`;
    return await work({
      migrations: await tx<AppliedMigration[]>`
        select version, name, checksum from schema_migrations order by version`,
      epoch: installation?.epoch ?? null,
      postgres,
      tables,
      read: (table) => read(sql, tx, lock!.pid, table),
    });
  }) as T;
}

/** One form of each value, whatever the server's settings are; and as much time as it takes. */
export async function settle(tx: TransactionSql): Promise<void> {
  await tx`
    select set_config(name, value, true)
    from (values ('statement_timeout', '0'), ('idle_in_transaction_session_timeout', '0'), ('datestyle', 'ISO, YMD'),
      ('intervalstyle', 'postgres'), ('bytea_output', 'hex'), ('extra_float_digits', '1')) as settings (name, value)`;
}

/** Our tables as they are, in the order of TABLES; an older schema may lack some. */
export async function readShapes(tx: TransactionSql): Promise<TableShape[]> {
  const shapes = await tx<TableShape[]>`
    select c.relname as name, array(
      select a.attname::text from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum
    ) as columns
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r' and c.relname = any (${[...TABLES]})`;
  const place = ({ name }: TableShape) => TABLES.findIndex((table) => table === name);
  return shapes.toSorted((a, b) => place(a) - place(b));
}

async function* read(sql: Sql, tx: TransactionSql, pid: number, table: TableShape): AsyncGenerator<Uint8Array> {
  const stream: Readable = await tx`copy ${tx(table.name)} (${tx(table.columns)}) to stdout`.readable();
  // The driver leaves its socket paused when the copy ends while we are behind: what follows would never be heard.
  stream.once("end", () => stream._read(0));
  const chunks = stream.iterator({ destroyOnReturn: false });
  let ended = false;
  try {
    for await (const chunk of chunks) yield chunk;
    ended = true;
  } finally {
    // The connection takes no other command before the copy is over, not even a rollback.
    if (!ended && !stream.destroyed) {
      await sql`select pg_cancel_backend(${pid})`;
      await new Promise((over) => stream.once("close", over).on("error", () => {}).resume());
    }
  }
}
