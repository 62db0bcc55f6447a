// Tidying: sessions that have ended and codes that are spent are deleted at the start and every hour.
import { background } from "../background.ts";
import type { Log } from "../log.ts";
import type { Store } from "../store/store.ts";

const EVERY_MS = 3_600_000;
/** Kept for so long after their end: the clocks of two servers on one database may differ. */
const KEPT_MS = 24 * 3_600_000;
/** A statement that deletes a million rows would be cut off by its time limit, again each hour. */
const BATCH_ROWS = 1_000;

type TidyStore = Pick<Store, "sessions" | "codes">;

/** Begins at once; `stop` resolves when nothing of it runs any more. `now`: milliseconds since 1970. */
export function startTidying(store: TidyStore, now: () => number, log: Log): { stop: () => Promise<void> } {
  let stopped = false;
  let running = Promise.resolve();
  const begin = () => {
    const work = running.then(() => tidy(store, new Date(now() - KEPT_MS), () => stopped));
    background(work, log, "delete ended sessions and spent codes");
    running = work.catch(() => {});
  };
  begin();
  const timer = setInterval(begin, EVERY_MS);
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
      return running;
    },
  };
}

/** Deletes what had ended by `before`, batch by batch, until nothing is left or it `isOver`. */
export async function tidy(
  { sessions, codes }: TidyStore,
  before: Date,
  isOver: () => boolean = () => false,
): Promise<void> {
  for (const deleteSome of [sessions.deleteEnded, codes.deleteSpent]) {
    while (!isOver() && await deleteSome(before, BATCH_ROWS) === BATCH_ROWS);
  }
}
