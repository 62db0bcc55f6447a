// Skeletons of names from before there were any: written after the start, some at a time, while everything else goes on.
import { background } from "../background.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";

/** Short enough that nobody who changes their name then waits for it. */
const BATCH_ROWS = 500;

/** Begins at once; `stop` resolves when nothing of it runs any more. */
export function startSkeletons({ users }: Pick<Store, "users">, log: Log): { stop: () => Promise<void> } {
  let stopped = false;
  const fill = async () => {
    while (!stopped && await users.fillSkeletons(BATCH_ROWS) === BATCH_ROWS);
  };
  const work = fill();
  background(work, log, "write the skeletons of names");
  return {
    stop() {
      stopped = true;
      return work.catch(() => {});
    },
  };
}
