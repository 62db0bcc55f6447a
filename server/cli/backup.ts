// `chautari backup FILE`: everything the database holds at one moment, into one file, while the server runs.
import { readConfig, readEnvironment } from "../config.ts";
import { reachDatabase } from "../store/database.ts";
import { writeWhole } from "./backup/file.ts";
import { toTerminal } from "./backup/progress.ts";
import { writeBackup } from "./backup/write.ts";
import { type Command, parseCommand } from "./command.ts";
import process from "node:process";

export const backupCommand: Command = {
  summary: "Write everything into one file, while the server runs",
  help: `Usage: chautari backup FILE [settings]

Writes a snapshot of everything into FILE, a gzipped tar: chautari-2026-11-22.tar.gz, for example. FILE must not be
there yet; it appears when it is whole. "-" writes to the standard output. Keep it as secret as the data itself.

The data is found by --data-dir or --database-url, as serve finds it; the server may be running.`,
  async run(args) {
    const { positionals: [file], settings } = parseCommand(args, { positionals: ["FILE"] });
    const { databaseUrl, dataDir } = readConfig(readEnvironment(), settings);
    const database = await reachDatabase({ databaseUrl, dataDir, create: false, log: () => {} });
    try {
      const tell = toTerminal("Backing up");
      const { rows } = file === "-"
        ? await writeBackup(database.sql, process.stdout, tell)
        : await writeWhole(file!, (out) => writeBackup(database.sql, out, tell));
      console.error(`Backed up ${rows} rows${file === "-" ? "" : ` to ${file}`}`);
    } finally {
      await database.close();
    }
    return 0;
  },
};
