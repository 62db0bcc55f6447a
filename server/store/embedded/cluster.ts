// The cluster: PostgreSQL's own directory, made once, and the settings it runs with.

import { basename, dirname, join } from "node:path";
import { StartError } from "../start_error.ts";
import { type Account, giveTo, runAs } from "./account.ts";
import type { Binaries } from "./binaries.ts";

/** The superuser of the built-in cluster, and its database: the one every tool connects to and initdb makes itself,
 * so that there is no second step for a kill to fall into. */
export const CLUSTER_USER = "chautari";
export const CLUSTER_DATABASE = "postgres";

/** PostgreSQL 18 for one server process on a small machine; durability stays at PostgreSQL's own defaults. */
export const SETTINGS: Record<string, string> = {
  listen_addresses: "",
  unix_socket_permissions: "0700",
  max_connections: "40",
  // memory: what is not touched is not resident; helpers that this server has no use for are not started
  shared_buffers: "64MB",
  huge_pages: "off",
  io_method: "sync",
  jit: "off",
  max_worker_processes: "4",
  autovacuum_worker_slots: "3",
  max_logical_replication_workers: "0",
  // no standby reads this log, so it need not say everything
  wal_level: "minimal",
  max_wal_senders: "0",
  random_page_cost: "1.1",
  // `terse`: a detail line of an error holds the row, and a row holds what people wrote
  log_error_verbosity: "terse",
  lc_messages: "C",
};

/** Sorts and folds alike on every machine, whatever locales it has (PostgreSQL 17 and later). */
const LOCALE = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"];

/**
 * Makes the cluster at `directory` if there is none; its parent exists. It is built beside and renamed into place:
 * whenever this is killed, there is a whole cluster or none. One process at a time (the data directory's lock).
 */
export async function ensureCluster(
  options: {
    binaries: Binaries;
    account: Account;
    directory: string;
    log: (message: string, fields?: object) => void;
    args?: string[];
  },
): Promise<void> {
  const { binaries, account, directory, log, args = LOCALE } = options;
  await clearUnfinished(directory);
  if (await exists(join(directory, "PG_VERSION"))) return await checkVersion(directory);
  await checkFree(directory);
  log("Making the built-in PostgreSQL's files", { directory });
  const making = await Deno.makeTempDir({ dir: dirname(directory), prefix: unfinishedPrefix(directory) });
  await giveTo(account, making);
  const output = await runAs(account, binaries.initdb, [
    `--pgdata=${making}`,
    `--username=${CLUSTER_USER}`,
    "--auth=trust",
    "--encoding=UTF8",
    "--no-instructions",
    ...args,
  ]).output();
  if (!output.success) {
    await clearUnfinished(directory);
    const words = new TextDecoder().decode(output.stderr).trim();
    throw new StartError(`PostgreSQL could not make its files in ${directory}: ${plainly(words)}`);
  }
  await Deno.rename(making, directory);
  await syncDirectory(dirname(directory));
  await clearUnfinished(directory);
}

/** Whether there is a whole cluster in the data directory. */
export async function hasCluster(dataDir: string): Promise<boolean> {
  return await exists(join(clusterOf(dataDir), "PG_VERSION"));
}

export const clusterOf = (dataDir: string): string => join(dataDir, "postgres");

function plainly(words: string): string {
  if (!words.includes("Permission denied")) return words;
  return "the account it runs as may not pass through a folder on the way there; " +
    `name a DATA_DIR outside of closed folders such as /root, or start the server as an ordinary user. It said: ${words}`;
}

const unfinishedPrefix = (directory: string) => `${basename(directory)}.making-`;

/**
 * Removes what killed first starts left. Their initdb may still be at work there, which is why each has a name of its
 * own and why a failure does not matter: it loses the ground it stands on, and the rest goes the next time.
 */
async function clearUnfinished(directory: string): Promise<void> {
  for await (const { name } of Deno.readDir(dirname(directory))) {
    if (!name.startsWith(unfinishedPrefix(directory))) continue;
    await Deno.remove(join(dirname(directory), name), { recursive: true }).catch(() => {});
  }
}

async function checkVersion(directory: string): Promise<void> {
  const version = (await Deno.readTextFile(join(directory, "PG_VERSION"))).trim();
  if (version !== "18") {
    throw new StartError(
      `The files in ${directory} are of PostgreSQL ${version}, and this program brings 18: ` +
        `start the release that made them, dump the data, and restore it here`,
    );
  }
}

async function checkFree(directory: string): Promise<void> {
  if (!await exists(directory)) return;
  for await (const _ of Deno.readDir(directory)) {
    throw new StartError(
      `${directory} exists but holds no PostgreSQL data: move it away, or name another folder in DATA_DIR`,
    );
  }
}

/** A rename survives a power loss only once its directory is on disk. */
async function syncDirectory(path: string): Promise<void> {
  using directory = await Deno.open(path);
  await directory.sync();
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, (error) => ignoreMissing(error) ?? false);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
