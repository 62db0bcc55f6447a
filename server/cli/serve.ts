// `chautari serve`: the database, the server above it, and a clean stop at SIGINT or SIGTERM.
import { type Config, readConfig, readEnvironment } from "../config.ts";
import { freeBytesOf } from "../guards/space.ts";
import { createLog, type Log } from "../log.ts";
import { openDatabase, type Sql } from "../store/database.ts";
import { migrate, pendingMigrations } from "../store/migrate.ts";
import { StartError } from "../store/start_error.ts";
import { MIGRATIONS } from "../places.ts";
import { helpText } from "../settings.ts";
import { type Command, parseCommand } from "./command.ts";
import { upgradeDatabase } from "./upgrade.ts";
import { type RunningServer, type ServerOptions, startServer } from "./server.ts";

export const serveCommand: Command = {
  summary: "Run the server; what happens when no command is named",
  help: `Usage: chautari serve [settings]\n\n${helpText()}`,
  /** Runs until it is told to stop. */
  async run(args) {
    const { settings } = parseCommand(args, {});
    const config = readConfig(readEnvironment(), settings);
    const prepare = (sql: Sql, log: Log) => prepareDatabase(sql, log, config.dataDir);
    return await run(config, { prepare, started: announce });
  },
};

export interface Steps {
  /** Makes the database ready; nobody is served before. */
  prepare(sql: Sql, log: Log): Promise<void>;
  /** Called once requests are taken. */
  started(server: RunningServer, config: Config): Promise<void> | void;
}

/** Runs the database and the server until a signal. Returns the exit code. */
export async function run(config: Config, { prepare, started }: Steps): Promise<number> {
  const stopped = stopSignal();
  const log = createLog({ level: config.logLevel, format: config.logFormat });
  const { databaseUrl, dataDir } = config;
  const warn = (message: string, fields?: object) => log.warn(message, { ...fields });
  const database = await openDatabase({ databaseUrl, dataDir, log: reporter(log), warn });
  try {
    await prepare(database.sql, log);
    const freeBytes = database.kind === "embedded" && { freeBytes: () => freeBytesOf(dataDir) };
    const server = await startOrExplain({ config, sql: database.sql, log, ...freeBytes });
    try {
      await started(server, config);
      await stopped;
      log.info("Stopping");
    } finally {
      await server.stop();
    }
  } finally {
    await database.close();
  }
  return 0;
}

/** Migrates; where there is data that has to be, tells of the backup before and of each step, since it may take long. */
async function prepareDatabase(sql: Sql, log: Log, dataDir: string): Promise<void> {
  const { applied } = await pendingMigrations(sql, MIGRATIONS);
  const tell = applied === 0 ? reporter(log) : (message: string) => console.log(message);
  await upgradeDatabase(sql, { dataDir, log: tell });
}

/** Migrates data that nobody would miss: no backup comes first. */
export async function migrateDatabase(sql: Sql, log: Log): Promise<void> {
  await migrate(sql, { directory: MIGRATIONS, log: reporter(log) });
}

const reporter = (log: Log) => (message: string, fields?: object) => log.info(message, { ...fields });

async function startOrExplain(options: ServerOptions): Promise<RunningServer> {
  const { config } = options;
  try {
    return await startServer(options);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined || !Object.hasOwn(LISTEN_PROBLEMS, code)) throw error;
    throw new StartError(`Cannot listen on ${config.host} port ${config.port}: ${LISTEN_PROBLEMS[code]}`);
  }
}

export const LISTEN_PROBLEMS: Record<string, string> = {
  EADDRINUSE: "the port is taken by another program; give another PORT",
  EACCES: "this user may not use the port; give a PORT from 1024 up",
  EADDRNOTAVAIL: "this machine does not have that address; give another HOST",
  ENOTFOUND: "the host name is not known; give another HOST",
};

async function announce(server: RunningServer, config: Config): Promise<void> {
  console.log(`Chautari is at ${addressOf(server)}/en/messages`);
  if (!config.portGiven && server.port !== config.port) {
    console.log(`  Port ${config.port} is taken, so this is port ${server.port}.`);
  }
  console.log(`  Data: ${placeOf(config)}`);
  if (config.jwt === null && await server.store.users.needsOwner()) {
    console.log("  The first account made there owns this installation.");
  }
}

/** Where the data is, in words. */
export function placeOf({ databaseUrl, dataDir }: Config): string {
  return databaseUrl === null ? dataDir : "the database of DATABASE_URL";
}

/** Where a browser on this machine finds the server. */
export function addressOf({ host, port, scheme }: Pick<RunningServer, "host" | "port" | "scheme">): string {
  const open = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `${scheme}://${open.includes(":") ? `[${open}]` : open}:${port}`;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => resolve());
  });
}
