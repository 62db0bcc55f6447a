// Chautari as the benchmark runs it: as in production, except for limits that one person's fingers never reach.
// Prints one line when it takes requests: its port and the process ids to watch. Ends when its input does.
import { createInterface } from "node:readline";
import { join } from "node:path";
import { Readable } from "node:stream";
import { startServer } from "../server/cli/server.ts";
import { migrateDatabase } from "../server/cli/serve.ts";
import { readConfig } from "../server/config.ts";
import { createLog } from "../server/log.ts";
import { openDatabase } from "../server/store/database.ts";
import { JWT } from "./world.ts";

/**
 * A sender of the benchmark does in a second what a person does in an hour, and all come from one machine. Each limit
 * is still checked.
 */
const LIMITS = { commandsPerMinute: 10_000_000, restPerMinute: 10_000_000, connectionsPerAddress: 100_000 };

/** All garbage, and the free pages back to the system: memory is then what is held, not when it was last swept. */
function collect(): void {
  (globalThis as { gc?: (options: object) => void }).gc?.({ type: "major", flavor: "last-resort" });
}

const dataDir = Deno.args[0]!;
const config = readConfig({
  PORT: "0",
  DATA_DIR: dataDir,
  JWT_SECRET: JWT.secret,
  JWT_ISSUER: JWT.issuer,
  JWT_AUDIENCE: JWT.audience,
  LOG_LEVEL: "warn",
}, []);

Deno.addSignalListener("SIGINT", () => {});
const log = createLog({ level: config.logLevel, format: config.logFormat });
const database = await openDatabase({ databaseUrl: null, dataDir, log: (message) => log.info(message) });
await migrateDatabase(database.sql, log);
const server = await startServer({ config, sql: database.sql, log, limits: LIMITS });
const [postmaster] = (await Deno.readTextFile(join(dataDir, "postgres/postmaster.pid"))).split("\n");
console.log(JSON.stringify({ port: server.port, server: Deno.pid, postmaster: Number(postmaster) }));

// deno-lint-ignore no-explicit-any -- node's and the Web's types of the same stream differ
for await (const line of createInterface({ input: Readable.fromWeb(Deno.stdin.readable as any) })) {
  if (line === "collect") collect();
}
await server.stop();
await database.close();
Deno.exit(0);
