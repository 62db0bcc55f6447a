// `chautari migrate`: brings the database's schema up to this program's, as a start would, without serving.
import { readConfig, readEnvironment } from "../config.ts";
import { MIGRATIONS } from "../places.ts";
import { reachDatabase } from "../store/database.ts";
import { pendingMigrations } from "../store/migrate.ts";
import { type Command, parseCommand } from "./command.ts";
import { upgradeDatabase } from "./upgrade.ts";

export const migrateCommand: Command = {
  summary: "Bring the database up to this release, without serving",
  help: `Usage: chautari migrate [--dry-run]

Applies what the database lacks; where there is data, a backup into DATA_DIR/backups comes first. A start of the server
does the same. --dry-run only says what would be applied.

The data is found by --data-dir or --database-url, as serve finds it.`,
  async run(args) {
    const { values, settings } = parseCommand(args, { options: { "dry-run": { type: "boolean" } } });
    const { databaseUrl, dataDir } = readConfig(readEnvironment(), settings);
    const dryRun = values["dry-run"] === true;
    const database = await reachDatabase({ databaseUrl, dataDir, log: () => {}, create: !dryRun });
    try {
      const { pending } = await pendingMigrations(database.sql, MIGRATIONS);
      if (pending.length === 0) console.log("The database is up to date");
      else if (dryRun) console.log(["Would apply:", ...pending].join("\n  "));
      else await upgradeDatabase(database.sql, { dataDir, log: (line) => console.log(line) });
    } finally {
      await database.close();
    }
    return 0;
  },
};
