// `chautari serve`: the database, the server above it, and a clean stop at SIGINT or SIGTERM.
import { type Config, ConfigError, readConfig, readEnvironment } from "../config.ts";
import { createLog, type Log } from "../log.ts";
import { openDatabase, type Sql } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { StartError } from "../store/start_error.ts";
import { type RunningServer, startServer } from "./server.ts";

const MIGRATIONS = new URL("../../migrations", import.meta.url).pathname;

/** Runs until it is told to stop. Returns the exit code. */
export function serve(args: string[]): Promise<number> {
  return explained(() => run(readConfig(readEnvironment(), args), { prepare: migrateDatabase, started: announce }));
}

/** Does `work`; what keeps the server from starting is told in plain lines, with exit code 1. */
export async function explained(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ConfigError) { for (const line of error.lines) console.error(line); }
    else if (error instanceof StartError) console.error(error.message);
    else throw error;
    return 1;
  }
}

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
  const database = await openDatabase({ databaseUrl, dataDir, log: reporter(log) });
  try {
    await prepare(database.sql, log);
    const server = await startOrExplain(config, log, database.sql);
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

export async function migrateDatabase(sql: Sql, log: Log): Promise<void> {
  await migrate(sql, { directory: MIGRATIONS, log: reporter(log) });
}

const reporter = (log: Log) => (message: string, fields?: object) => log.info(message, { ...fields });

async function startOrExplain(config: Config, log: Log, sql: Sql) {
  try {
    return await startServer({ config, sql, log });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined || !Object.hasOwn(LISTEN_PROBLEMS, code)) throw error;
    throw new StartError(`Cannot listen on ${config.host} port ${config.port}: ${LISTEN_PROBLEMS[code]}`);
  }
}

const LISTEN_PROBLEMS: Record<string, string> = {
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
export function addressOf({ host, port }: Pick<RunningServer, "host" | "port">): string {
  const open = host === "0.0.0.0" || host === "::" ? "localhost" : host;
  return `http://${open.includes(":") ? `[${open}]` : open}:${port}`;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => resolve());
  });
}
