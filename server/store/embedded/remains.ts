// What an earlier run left when it was killed: a PostgreSQL that lives on, or files that say so though it is gone.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "../start_error.ts";
import { type Account, runAs } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { socketName } from "./socket.ts";

type Where = { binaries: Binaries; account: Account; cluster: string };

/** Higher than any process id, so PostgreSQL takes the one it stands for as ended. */
const NO_PROCESS = 2 ** 31 - 1;

/**
 * Makes the cluster free to start on. The caller holds the data directory's lock, so whatever still runs is nobody's.
 * Gives the socket folder of the earlier run ("" when there was none). Throws StartError when a left-over PostgreSQL
 * will not stop.
 */
export async function clearRemains(
  where: Where,
  log: (message: string, fields?: object) => void,
): Promise<string> {
  const pidFile = join(where.cluster, "postmaster.pid");
  const text = await Deno.readTextFile(pidFile).catch(missing);
  if (text === null) return "";
  const { pid, port, socketDirectory, state } = readPidFile(text);
  if (await answers(where, join(socketDirectory, socketName(port)), state === "" ? 10 : 1)) {
    log("Stopping the PostgreSQL that an earlier run left behind", { pid: Number(pid) });
    await stopOrphan(where);
  } else if (await pgCtl(where, "status")) {
    // Some other process has that number by now. The file stays, since its last line lets PostgreSQL find out whether
    // a part of the earlier run still uses its shared memory; only the number is made one that cannot be alive.
    await Deno.writeTextFile(pidFile, text.replace(/^.*/, String(NO_PROCESS)));
  }
  return socketDirectory;
}

/** What `postmaster.pid` says; each "" until it has been written. */
export function readPidFile(text: string) {
  // https://www.postgresql.org/docs/18/storage-file-layout.html: pid, data directory, start, port, socket directory,
  // listen address, shared memory, and, which the page leaves out, the state
  const [pid = "", , , port = "", socketDirectory = "", , , state = ""] = text.split("\n");
  return { pid, port, socketDirectory, state: state.trim() };
}

/**
 * Whether the PostgreSQL that wrote the file is alive. Its process id proves nothing, since ids are used again; its
 * socket does: only the postmaster itself listens there. It listens before it has a state to write, and only until then
 * is there anything to wait for.
 */
async function answers(where: Where, path: string, attempts: number): Promise<boolean> {
  for (; attempts > 0; attempts--) {
    try {
      (await Deno.connect({ transport: "unix", path })).close();
      return true;
    } catch {
      if (attempts === 1 || !await pgCtl(where, "status")) return false;
      await sleep(50);
    }
  }
  return false;
}

async function stopOrphan(where: Where): Promise<void> {
  if (await pgCtl(where, "stop", "--mode=fast", "--timeout=30")) return;
  if (await pgCtl(where, "stop", "--mode=immediate", "--timeout=10")) return;
  throw new StartError(
    `The PostgreSQL that an earlier run left on ${where.cluster} does not stop: ` +
      `end the process named in the first line of ${join(where.cluster, "postmaster.pid")}`,
  );
}

async function pgCtl({ binaries, account, cluster }: Where, ...args: string[]): Promise<boolean> {
  return (await runAs(account, binaries.pgCtl, [...args, `--pgdata=${cluster}`]).output()).success;
}

function missing(error: unknown): null {
  if (error instanceof Deno.errors.NotFound) return null;
  throw error;
}
