// One run of PostgreSQL: a child process, from its start until all of it has ended.

import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "../start_error.ts";
import { type Account, runAs } from "./account.ts";
import type { Binaries } from "./binaries.ts";

export type PostmasterOptions = {
  binaries: Binaries;
  account: Account;
  cluster: string;
  socketDirectory: string;
  settings: Record<string, string>;
  /** Takes each line that PostgreSQL logs. */
  onLine: (line: string) => void;
};

export type Postmaster = {
  pid: number;
  /** Resolves when the postmaster and every process it started have gone: only then can the next run begin. */
  ended: Promise<void>;
  /** Fast shutdown; harsher after a while. */
  stop(): Promise<void>;
};

/** A fast shutdown writes a checkpoint, which a slow disk may take long over; the next two lose no commit either. */
const STOP_SIGNALS = [["SIGINT", 30_000], ["SIGQUIT", 5_000], ["SIGKILL", 5_000]] as const;

const READY = "database system is ready to accept connections";

/** What PostgreSQL says while a part of a killed run has yet to notice that it is alone. */
const EARLIER_ENDING = "pre-existing shared memory block";
const EARLIER_ENDS_WITHIN_MS = 15_000;
const AGAIN_AFTER_MS = 100;

/**
 * Starts PostgreSQL and resolves when it takes connections, however long a recovery takes. Waits for what is left of an
 * earlier run that was killed. Throws StartError with PostgreSQL's own reason when it ends before that.
 */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  for (const end = performance.now() + EARLIER_ENDS_WITHIN_MS;; await sleep(AGAIN_AFTER_MS)) {
    const started = await tryToStart(options);
    if (typeof started !== "string") return started;
    if (started.includes(EARLIER_ENDING) && performance.now() < end) continue;
    throw new StartError(`PostgreSQL did not start on ${options.cluster}: ${started}`);
  }
}

/** The reason where it ends before it takes connections. */
async function tryToStart(options: PostmasterOptions): Promise<Postmaster | string> {
  const { binaries, account, cluster, socketDirectory, onLine } = options;
  const settings = { ...options.settings, unix_socket_directories: `"${socketDirectory.replaceAll('"', '""')}"` };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = runAs(account, binaries.postgres, ["-D", cluster, ...args]).spawn();
  const ready = Promise.withResolvers<boolean>();
  let reason = "it said nothing";
  const output = eachLine(child.stderr, (line) => {
    onLine(line);
    if (line.includes(READY)) ready.resolve(true);
    if (/(FATAL|error while loading|setpriv):/.test(line)) reason = line.replace(/^.*FATAL: +/, "");
  });
  const ended = Promise.all([child.status, output]).then(() => ready.resolve(false));
  if (!await ready.promise) return reason;
  return { pid: child.pid, ended, stop: () => stop(child, ended) };
}

async function stop(child: Deno.ChildProcess, ended: Promise<void>): Promise<void> {
  for (const [signal, patience] of STOP_SIGNALS) {
    try {
      child.kill(signal);
    } catch {
      // it has ended by itself; what it started may still be on its way
    }
    if (await within(ended, patience)) return;
  }
}

async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([promise.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function eachLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>, take: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(take);
  }
  if (rest !== "") take(rest);
}
