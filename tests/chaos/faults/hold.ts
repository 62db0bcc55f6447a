// Holding processes (SIGSTOP) for a while, in which people go on writing, and letting them go on (SIGCONT).
import { pause } from "../waiting.ts";
import type { Scene } from "./fault.ts";

const SHORTEST_MS = 200;
const WAVES_MAX = 3;

/** Holds for SHORTEST_MS to `longestMs`, mostly briefly; resolves to the milliseconds. A process that has ended is passed over. */
export async function holdFor(
  pids: number[],
  { random, longestMs, write }: Pick<Scene, "random" | "write"> & { longestMs: number },
): Promise<number> {
  const ms = Math.round(SHORTEST_MS + (longestMs - SHORTEST_MS) * random.fraction() ** 3);
  const waves = random.between(1, WAVES_MAX);
  try {
    for (const pid of pids) signal(pid, "SIGSTOP");
    for (let wave = 0; wave < waves; wave++) {
      write();
      await pause(ms / waves);
    }
  } finally {
    for (const pid of pids) signal(pid, "SIGCONT");
  }
  return ms;
}

export function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
