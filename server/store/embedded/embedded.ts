// The built-in PostgreSQL of a data directory: found, made if there is none, started, kept running, stopped.

import { dirname, join } from "node:path";
import { StartError } from "../start_error.ts";
import { chooseAccount } from "./account.ts";
import { makeBinaries } from "./binaries.ts";
import { CLUSTER_DATABASE, CLUSTER_USER, clusterOf, ensureCluster, SETTINGS } from "./cluster.ts";
import { lockDataDirectory } from "./lock.ts";
import { openLogFile } from "./log_file.ts";
import { startPostmaster } from "./postmaster.ts";
import { clearRemains } from "./remains.ts";
import { clearSocket, makeSocketDirectory, removeShortDirectory, SOCKET_NAME } from "./socket.ts";
import { keepRunning } from "./supervisor.ts";

/** What postgres.js needs to connect. */
export type Address = {
  path: string;
  host: string;
  port: number;
  username: string;
  password: string;
  database: string;
};

export type Embedded = {
  address: Address;
  /** Stops PostgreSQL and lets go of the data directory. */
  close(): Promise<void>;
};

type Report = (message: string, fields?: object) => void;
type Options = { dataDir: string; log: Report; warn?: Report };

/** Starts PostgreSQL on `dataDir`, making both when there are none. Throws StartError, one sentence for the owner. */
export async function startEmbedded(options: Options): Promise<Embedded> {
  if (Deno.build.os === "windows") {
    throw new StartError("The built-in PostgreSQL does not run on Windows: name a PostgreSQL server in DATABASE_URL");
  }
  try {
    return await start(options);
  } catch (error) {
    if (error instanceof StartError || !(error instanceof Error && "code" in error)) throw error;
    throw new StartError(
      `Cannot keep data in ${options.dataDir}: ${error.message}. ` +
        `Start the server as the user who owns that folder, or name another one in DATA_DIR`,
    );
  }
}

async function start({ dataDir, log, warn = log }: Options): Promise<Embedded> {
  await using open = new AsyncDisposableStack();
  const directory = await makeDataDirectory(dataDir);
  open.use(await lockDataDirectory(directory));

  const binaries = await makeBinaries(directory);
  const cluster = clusterOf(directory);
  const account = await chooseAccount(cluster, [dirname(binaries.postgres), directory]);
  await ensureCluster({ binaries, account, directory: cluster, log });

  const socketDirectory = await makeSocketDirectory(directory, account);
  open.defer(() => removeShortDirectory(socketDirectory));
  const logFile = openLogFile(join(directory, "postgres.log"));
  open.defer(() => logFile.close());

  const onLine = (line: string) => {
    logFile.write(line);
    if (line.includes("automatic recovery in progress")) log("PostgreSQL recovers what an unclean stop left");
  };
  const run = async () => {
    const earlier = await clearRemains({ binaries, account, cluster }, log);
    if (earlier !== socketDirectory) await removeShortDirectory(earlier);
    await clearSocket(socketDirectory);
    return await startPostmaster({ binaries, account, cluster, socketDirectory, settings: SETTINGS, onLine });
  };
  const running = keepRunning(await run(), run, warn);
  open.defer(() => running.stop());
  await binaries.clearOlder();

  const held = open.move();
  return { address: addressIn(socketDirectory), close: () => held.disposeAsync() };
}

/** Where PostgreSQL is found that listens in this folder. */
export function addressIn(socketDirectory: string): Address {
  return {
    path: join(socketDirectory, SOCKET_NAME),
    host: "localhost",
    port: 5432,
    username: CLUSTER_USER,
    password: "",
    database: CLUSTER_DATABASE,
  };
}

/** Others may pass through a folder that root makes, since PostgreSQL runs as someone else; what is in it is closed. */
async function makeDataDirectory(dataDir: string): Promise<string> {
  await Deno.mkdir(dataDir, { recursive: true, mode: Deno.uid() === 0 ? 0o711 : 0o700 });
  return await Deno.realPath(dataDir);
}
