// The server under fuzz, as its own process: as in production, but for limits that would hide it from most of the fuzz.
// Prints its port when it takes requests, and how it is at each line it is given. Ends when its input does.
import { createInterface } from "node:readline";
import process from "node:process";
import { Readable } from "node:stream";
import { migrateDatabase } from "../../../server/cli/serve.ts";
import { startServer } from "../../../server/cli/server.ts";
import { readConfig } from "../../../server/config.ts";
import { createLog } from "../../../server/log.ts";
import { openDatabase } from "../../../server/store/database.ts";

/** What the program says of itself. */
export interface Health {
  /** Bytes, after a full garbage collection. */
  memory: number;
  /** The longest time in which the event loop was held by work of its own, in milliseconds. */
  longestStallMs: number;
  /** Lines that were logged as errors. */
  errors: string[];
}

const TICK_MS = 20;
const LIMITS = {
  commandsPerMinute: 100_000_000,
  restPerMinute: 100_000_000,
  connectionsPerAddress: 100_000,
  connectionsPerPerson: 100_000,
};

const [dataDir, settings] = Deno.args;
const config = readConfig({ PORT: "0", DATA_DIR: dataDir!, ...JSON.parse(settings!) }, []);
const errors: string[] = [];
const log = createLog({
  level: "warn",
  format: "json",
  write: (line) => {
    if (JSON.parse(line).level === "error") errors.push(line);
  },
});

let longestStallMs = 0;
let last = { atMs: performance.now(), cpu: process.cpuUsage() };
setInterval(() => {
  const now = { atMs: performance.now(), cpu: process.cpuUsage() };
  const waitedMs = now.atMs - last.atMs - TICK_MS;
  const workedMs = (now.cpu.user + now.cpu.system - last.cpu.user - last.cpu.system) / 1000;
  // A machine that gives its cores to others makes us late, but does no work in our name.
  longestStallMs = Math.max(longestStallMs, Math.min(waitedMs, workedMs));
  last = now;
}, TICK_MS);

const database = await openDatabase({ databaseUrl: null, dataDir: dataDir!, log: () => {} });
await migrateDatabase(database.sql, log);
const server = await startServer({ config, sql: database.sql, log, limits: LIMITS });
longestStallMs = 0;
console.log(JSON.stringify({ port: server.port }));

// deno-lint-ignore no-explicit-any -- node's and the Web's types of the same stream differ
for await (const _line of createInterface({ input: Readable.fromWeb(Deno.stdin.readable as any) })) {
  const stall = longestStallMs;
  (globalThis as { gc?: () => void }).gc?.();
  const memory = Deno.memoryUsage().rss;
  console.log(JSON.stringify({ memory, longestStallMs: stall, errors: errors.splice(0) } satisfies Health));
  await new Promise((resolve) => setTimeout(resolve, 2 * TICK_MS));
  longestStallMs = 0;
}
await server.stop();
await database.close();
Deno.exit(0);
