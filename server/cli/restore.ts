// `chautari restore FILE`: checks a backup to its last byte, then puts it into an empty database, whole or not at all.
import { readConfig, readEnvironment } from "../config.ts";
import { MIGRATIONS } from "../places.ts";
import { openDatabase, type Sql } from "../store/database.ts";
import { migrate, type Migration, readMigrations } from "../store/migrate.ts";
import { restoreRows } from "../store/restore.ts";
import { StartError } from "../store/start_error.ts";
import { type Tell, toTerminal } from "./backup/progress.ts";
import { type Backup, checkBackup, loadBackup } from "./backup/read.ts";
import { type Command, parseCommand } from "./command.ts";
import { placeOf } from "./serve.ts";

export const restoreCommand: Command = {
  summary: "Put a backup into an empty data directory or database",
  help: `Usage: chautari restore FILE [settings]

Checks all of FILE first; then puts it into the data directory (--data-dir) or the database (--database-url), which must
be empty and without a running server. It does not matter which of the two kinds, or which version of PostgreSQL, the
backup came from. A backup of an older release is brought up to this one.

People stay signed in; their pages fetch their conversations anew.`,
  async run(args) {
    const { positionals: [file], settings } = parseCommand(args, { positionals: ["FILE"] });
    const config = readConfig(readEnvironment(), settings);
    const { databaseUrl, dataDir } = config;
    const migrations = await readMigrations(MIGRATIONS);
    const backup = await checkBackup(file!, toTerminal("Checking"));
    checkSchema(backup, migrations);
    // one connection: whoever else is connected as Chautari is a server
    const database = await openDatabase({ databaseUrl, dataDir, log: () => {}, poolSize: 1 });
    try {
      await restoreBackup(database.sql, backup, migrations, toTerminal("Restoring"));
      await migrate(database.sql, { directory: MIGRATIONS, log: (line) => console.error(line) });
    } finally {
      await database.close();
    }
    const rows = backup.manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    console.error(`Restored ${rows} rows of ${backup.head.createdAt} to ${placeOf(config)}`);
    return 0;
  },
};

/** Loads a checked backup, of this schema or an older one. The pool must have one connection. */
export async function restoreBackup(sql: Sql, backup: Backup, migrations: Migration[], tell?: Tell): Promise<void> {
  const { head, manifest } = backup;
  await restoreRows(
    sql,
    { applied: head.migrations, migrations, tables: manifest.tables },
    (fill) => loadBackup(backup, fill, tell),
  );
}

/** Throws StartError for a backup of a newer schema, or of one that is not in this program's line. */
export function checkSchema({ path, head }: Backup, migrations: Migration[]): void {
  for (const [index, { version, name, checksum }] of head.migrations.entries()) {
    const known = migrations[index];
    if (known === undefined) {
      throw new StartError(
        `${path} is of a newer release (${head.program}, with migration ${version}, ${name}; this program ends at ` +
          `${migrations.length}): restore it with that release`,
      );
    }
    if (known.version !== version || known.name !== name || known.checksum !== checksum) {
      throw new StartError(`${path} is of another program: its migration ${version} (${name}) is not this one's`);
    }
  }
}
