// The only way to start work and not wait for it: its failure is logged, never lost.
import type { Log } from "./log.ts";

/** `what` names the work in the log line, as in "mark the session as seen". */
export function background(work: Promise<unknown>, log: Log, what: string): void {
  work.catch((error) => log.error(`Cannot ${what}`, { error }));
}
