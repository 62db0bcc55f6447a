// The PostgreSQL that a running server keeps on a data directory: where a command beside that server finds it.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "../start_error.ts";
import { clusterOf } from "./cluster.ts";
import { type Address, addressIn } from "./embedded.ts";
import { readPidFile } from "./remains.ts";

/** A server that is just starting may have to recover first; then this many milliseconds are enough, or never. */
const PATIENCE_MS = 15_000;
const PAUSE_MS = 50;

/**
 * Where the PostgreSQL of the server that holds `dataDir` listens, once it takes connections.
 * Throws StartError when it does not, or belongs to somebody else.
 */
export async function findRunning(dataDir: string, patienceMs = PATIENCE_MS): Promise<Address> {
  const pidFile = join(clusterOf(dataDir), "postmaster.pid");
  for (const end = performance.now() + patienceMs; performance.now() < end; await sleep(PAUSE_MS)) {
    const { socketDirectory, state } = readPidFile(await readOr(pidFile, dataDir));
    if (state === "ready") return addressIn(socketDirectory);
  }
  throw new StartError(
    `A server is running on the data directory ${dataDir}, but its PostgreSQL takes no connections: ` +
      `wait until that server is ready, or stop it, and try again`,
  );
}

async function readOr(pidFile: string, dataDir: string): Promise<string> {
  try {
    return await Deno.readTextFile(pidFile);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw new StartError(
      `A server of another user is running on the data directory ${dataDir}: run this as that user, or as root`,
    );
  }
}
