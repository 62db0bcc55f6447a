// Keeps PostgreSQL running: when it ends by itself it is started again, after a pause that grows while that goes on.

import { setTimeout as sleep } from "node:timers/promises";
import type { Postmaster } from "./postmaster.ts";

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;
/** A run as long as this was a good one: the pause begins anew. */
const GOOD_RUN_MS = 60_000;

/** Watches over `first` and its successors, which `start` makes. `stop` ends the one that runs, and the watch. */
export function keepRunning(
  first: Postmaster,
  start: () => Promise<Postmaster>,
  log: (message: string, fields?: object) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  let current = first;

  async function watch(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const since = performance.now();
      await current.ended;
      if (signal.aborted) return;
      if (performance.now() - since > GOOD_RUN_MS) pause = FIRST_PAUSE_MS;
      log("PostgreSQL ended by itself; starting it again", { pid: current.pid });
      pause = await startAgain(pause);
    }
  }

  async function startAgain(pause: number): Promise<number> {
    for (;;) {
      await sleep(pause, undefined, { signal }).catch(() => {});
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      if (signal.aborted) return pause;
      try {
        current = await start();
        log("PostgreSQL is running again", { pid: current.pid });
        return pause;
      } catch (error) {
        log("PostgreSQL did not start; trying again", { error: (error as Error).message, pauseMs: pause });
      }
    }
  }

  const watching = watch();
  return {
    async stop() {
      stopping.abort();
      await current.stop();
      await watching;
      // it may have been on its way up when the first stop came
      await current.stop();
    },
  };
}
