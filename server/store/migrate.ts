// Brings the database's schema up to this program's: numbered SQL files, each applied once, in order, in a transaction.

import { createHash } from "node:crypto";
import { join } from "node:path";
import type { TransactionSql } from "postgres";
import type { Sql } from "./database.ts";
import { StartError } from "./start_error.ts";

/** As the table schema_migrations keeps it. */
export type AppliedMigration = { version: number; name: string; checksum: string };
export type Migration = AppliedMigration & { file: string; text: string };

/** Any number, the same in every process that migrates: "chau" in ASCII. */
export const MIGRATION_LOCK = 0x63686175;

/**
 * Applies what is missing from `directory` (files `NNNN_name.sql`, numbered from 0001 without a gap). Every transaction
 * takes the same advisory lock and looks anew at what is applied, so any number of processes may do this at once.
 * Throws StartError when a migration fails, when the files have a gap, when an applied one has changed since, or when
 * the database is newer than the files.
 */
export async function migrate(
  sql: Sql,
  options: { directory: string; log: (message: string, fields?: object) => void; now?: () => Date },
): Promise<void> {
  const { directory, log, now = () => new Date() } = options;
  const migrations = await readMigrations(directory);
  for (;;) {
    const begun = performance.now();
    const applied = await applyNext(sql, migrations, now);
    if (applied === null) return;
    log(`Migrated the database: ${applied.file}`, { ms: Math.round(performance.now() - begun) });
  }
}

/**
 * The files that `migrate` would apply, in order, and how many are applied already; changes nothing.
 * Throws StartError where `migrate` would refuse.
 */
export async function pendingMigrations(
  sql: Sql,
  directory: string,
): Promise<{ applied: number; pending: string[] }> {
  const migrations = await readMigrations(directory);
  const [table] = await sql<{ there: boolean }[]>`select to_regclass('schema_migrations') is not null as there`;
  const applied = table!.there
    ? await sql<AppliedMigration[]>`select version, name, checksum from schema_migrations order by version`
    : [];
  check(applied, migrations);
  return { applied: applied.length, pending: migrations.slice(applied.length).map(({ file }) => file) };
}

async function applyNext(sql: Sql, migrations: Migration[], now: () => Date): Promise<Migration | null> {
  return await sql.begin(async (tx) => {
    // a migration may take long, and so may waiting for another process's
    await tx`select set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)`;
    await tx`select pg_advisory_xact_lock(${MIGRATION_LOCK})`;
    await makeMigrationsTable(tx);
    const applied = await tx<
      AppliedMigration[]
    >`select version, name, checksum from schema_migrations order by version`;
    check(applied, migrations);
    const next = migrations[applied.length];
    if (next === undefined) return null;
    try {
      await tx.unsafe(next.text);
    } catch (error) {
      throw failed(next, error as Error & { position?: string });
    }
    await tx`
      insert into schema_migrations (version, name, checksum, applied_at)
      values (${next.version}, ${next.name}, ${next.checksum}, ${now()})`;
    return next;
  });
}

export async function makeMigrationsTable(tx: TransactionSql): Promise<void> {
  await tx`
    create table if not exists schema_migrations (
      version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null
    )`;
}

function failed({ file, text }: Migration, error: Error & { position?: string }): StartError {
  const line = error.position && ` (line ${text.slice(0, Number(error.position)).split("\n").length})`;
  return new StartError(`Migration ${file} failed and left nothing behind: ${error.message}${line ?? ""}`);
}

function check(applied: AppliedMigration[], migrations: Migration[]): void {
  for (const [index, { version, name, checksum }] of applied.entries()) {
    const migration = migrations[index];
    if (version !== index + 1) {
      throw new StartError(
        `The database says that migration ${version} (${name}) is applied, but not ${index + 1}: ` +
          `its table schema_migrations has been changed by hand; restore it from a backup`,
      );
    }
    if (migration === undefined) {
      throw new StartError(
        `The database is newer than this program: it has migration ${version} (${name}), and this program ends at ` +
          `${migrations.length}. Run the newer release again, or restore the backup from before the upgrade`,
      );
    }
    if (migration.checksum !== checksum || migration.name !== name) {
      throw new StartError(
        `Migration ${migration.file} is not the one this database was made with (${fileName(version, name)}): ` +
          `put the file back as it was, and write the change as a new migration`,
      );
    }
  }
}

export async function readMigrations(directory: string): Promise<Migration[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(directory)) {
    if (entry.name.endsWith(".sql")) files.push(entry.name);
  }
  return await Promise.all(
    files.sort().map(async (file, index) => {
      const [, number, name] = file.match(/^(\d{4})_([a-z0-9_]+)\.sql$/) ?? [];
      const version = index + 1;
      if (name === undefined || Number(number) !== version) {
        throw new StartError(
          `The migrations in ${directory} must be numbered from 0001 without a gap, as 0001_name.sql: ` +
            `expected ${fileName(version, "…")}, found ${file}. Put the missing file back, or rename this one`,
        );
      }
      // one checksum for a file, however a checkout ends its lines
      const text = (await Deno.readTextFile(join(directory, file))).replaceAll("\r\n", "\n");
      return { version, name, file, text, checksum: createHash("sha256").update(text).digest("hex") };
    }),
  );
}

function fileName(version: number, name: string): string {
  return `${String(version).padStart(4, "0")}_${name}.sql`;
}
