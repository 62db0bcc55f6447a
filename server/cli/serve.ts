// `chautari serve`: the database, the server above it, and a clean stop at SIGINT or SIGTERM.
import { type Config, ConfigError, readConfig, readEnvironment } from "../config.ts";
import { createLog, type Log } from "../log.ts";
import { openDatabase } from "../store/database.ts";
import { migrate } from "../store/migrate.ts";
import { StartError } from "../store/start_error.ts";
import { type RunningServer, startServer } from "./server.ts";

const MIGRATIONS = new URL("../../migrations", import.meta.url).pathname;

/** Runs until it is told to stop. Returns the exit code. `started` is called once requests are taken. */
export async function serve(
  args: string[],
  started: (server: RunningServer, config: Config) => Promise<void> | void = announce,
  adjust: (environment: Record<string, string | undefined>) => Record<string, string | undefined> = (same) => same,
): Promise<number> {
  try {
    const config = readConfig(adjust(readEnvironment()), args);
    const log = createLog({ level: config.logLevel, format: config.logFormat });
    return await run(config, log, started);
  } catch (error) {
    if (error instanceof ConfigError) { for (const line of error.lines) console.error(line); }
    else if (error instanceof StartError) console.error(error.message);
    else throw error;
    return 1;
  }
}

async function run(
  config: Config,
  log: Log,
  started: (server: RunningServer, config: Config) => Promise<void> | void,
): Promise<number> {
  const stopped = stopSignal();
  const report = (message: string, fields?: object) => log.info(message, { ...fields });
  const database = await openDatabase({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log: report });
  try {
    await migrate(database.sql, { directory: MIGRATIONS, log: report });
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

async function startOrExplain(config: Config, log: Log, sql: Parameters<typeof startServer>[0]["sql"]) {
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

function announce(server: RunningServer, config: Config): void {
  console.log(`Chautari is at ${addressOf(server)}/en/messages`);
  if (!config.portGiven && server.port !== config.port) {
    console.log(`  Port ${config.port} is taken, so this is port ${server.port}.`);
  }
  console.log(`  Data: ${config.databaseUrl === null ? config.dataDir : "the database of DATABASE_URL"}`);
  if (config.jwt === null) console.log("  The first account made there owns this installation.");
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
