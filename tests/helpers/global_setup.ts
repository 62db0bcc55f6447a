// Starts the PostgreSQL servers that all tests share, each with a migrated template database, and leaves nothing behind.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import process from "node:process";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../../server/store/database.ts";
import { chooseAccount, giveTo } from "../../server/store/embedded/account.ts";
import { type Binaries, findBinaries } from "../../server/store/embedded/binaries.ts";
import { CLUSTER_USER, ensureCluster, SETTINGS } from "../../server/store/embedded/cluster.ts";
import { clearRemains } from "../../server/store/embedded/remains.ts";
import { startPostmaster } from "../../server/store/embedded/postmaster.ts";
import { migrate } from "../../server/store/migrate.ts";

/** embedded: the PostgreSQL 18 that the server brings; machine: the one installed here, as an owner might have. */
export type TestServer = "embedded" | "machine";

declare module "vitest" {
  export interface ProvidedContext {
    /** Of each server that runs, the address without the database's name. */
    databaseServers: Partial<Record<TestServer, string>>;
  }
}

export const TEMPLATE = "chautari_template";

const MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));

const PREFIX = "chautari-test-";

/** Tests lose nothing of value in a power cut. */
const TEST_SETTINGS = {
  listen_addresses: "127.0.0.1",
  max_connections: "100",
  shared_buffers: "64MB",
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  lc_messages: "C",
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await using running = new AsyncDisposableStack();
  await sweep();
  const machine = await machineBinaries();
  const [embedded, installed] = await Promise.allSettled([
    startServer(running, await findBinaries(), { ...SETTINGS, ...TEST_SETTINGS }),
    machine && startServer(running, machine, TEST_SETTINGS, ["--locale=C"]),
  ]);
  if (embedded.status === "rejected") throw embedded.reason;
  if (installed.status === "rejected") throw installed.reason;
  project.provide("databaseServers", {
    embedded: embedded.value,
    ...(installed.value === null ? {} : { machine: installed.value }),
  });
  const stays = running.move();
  return () => stays.disposeAsync();
}

/** Starts a server with its template database; gives its address without a database's name. */
async function startServer(
  running: AsyncDisposableStack,
  binaries: Binaries,
  settings: Record<string, string>,
  initdb?: string[],
): Promise<string> {
  const directory = await Deno.makeTempDir({ prefix: `${PREFIX}${Deno.pid}-` });
  running.defer(() => Deno.remove(directory, { recursive: true }));
  await Deno.chmod(directory, 0o755);
  const cluster = join(directory, "cluster");
  const account = await chooseAccount(cluster, [dirname(binaries.postgres), directory]);
  await ensureCluster({ binaries, account, directory: cluster, log: () => {}, args: initdb });
  const socketDirectory = join(directory, "run");
  await Deno.mkdir(socketDirectory, { mode: 0o700 });
  await giveTo(account, socketDirectory);
  const port = freePort();
  const postmaster = await startPostmaster({
    binaries,
    account,
    cluster,
    socketDirectory,
    settings: { ...settings, port: String(port) },
    onLine: () => {},
  });
  running.defer(() => postmaster.stop());
  const url = `postgres://${CLUSTER_USER}@127.0.0.1:${port}`;
  await makeTemplate(url);
  return url;
}

async function makeTemplate(url: string): Promise<void> {
  const options = { dataDir: "", log: () => {}, poolSize: 1 };
  const server = await openDatabase({ ...options, databaseUrl: `${url}/postgres` });
  await server.sql.unsafe(`create database ${TEMPLATE}`);
  await server.close();
  const template = await openDatabase({ ...options, databaseUrl: `${url}/${TEMPLATE}` });
  await migrate(template.sql, { directory: MIGRATIONS, log: () => {} });
  await template.close();
}

/** The newest PostgreSQL installed on this machine. Without one the tests go on, loudly; where CI is set they may not. */
async function machineBinaries(): Promise<Binaries | null> {
  const root = "/usr/lib/postgresql";
  const versions: number[] = [];
  try {
    for await (const { name } of Deno.readDir(root)) versions.push(Number(name));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const version = versions.filter(Number.isInteger).sort((a, b) => a - b).pop();
  if (version === undefined) {
    const missing = `No PostgreSQL is installed in ${root}: the store is NOT tested against an external server`;
    if (Deno.env.has("CI")) throw new Error(missing);
    console.warn(`\n*** ${missing} ***\n`);
    return null;
  }
  const bin = join(root, String(version), "bin");
  return { initdb: join(bin, "initdb"), postgres: join(bin, "postgres"), pgCtl: join(bin, "pg_ctl") };
}

/** Stops and removes the servers of test runs that were killed before they could do so. */
async function sweep(): Promise<void> {
  const binaries = await findBinaries();
  const probe = await Deno.makeTempDir();
  await Deno.remove(probe);
  for await (const { name } of Deno.readDir(dirname(probe))) {
    const [, pid] = name.match(new RegExp(`^${PREFIX}(\\d+)-`)) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const directory = join(dirname(probe), name);
    const cluster = join(directory, "cluster");
    await clearRemains({ binaries, account: await chooseAccount(cluster, []), cluster }, () => {});
    await Deno.remove(directory, { recursive: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
