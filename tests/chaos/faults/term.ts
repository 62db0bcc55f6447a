// Term: the server is asked to stop, as at an update, and started again; it drains within ten seconds.
import type { Fault } from "./fault.ts";

const DRAIN_MAX_MS = 10_000;

export function termFault(): Fault {
  const drains: number[] = [];
  return {
    name: "term",
    async strike({ site, ledger, random, write }) {
      const draining = site.drain();
      // those who have not been sent away yet go on writing, and so does the outbox of those who have
      for (let wave = random.between(1, 3); wave > 0; wave--) write();
      const { ms, status } = await draining;
      drains.push(ms);
      if (ms > DRAIN_MAX_MS) ledger.report("slow", `the drain took ${Math.round(ms)} ms`);
      if (status.code !== 0) {
        ledger.report("stuck", `the drain ended with ${status.code}: ${site.output.slice(-10).join("\n")}`);
      }
      await site.startAgain();
      return `drained in ${Math.round(ms)} ms`;
    },
    figures() {
      const sorted = drains.toSorted((a, b) => a - b);
      const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
      return `drains ${Math.round(median)} ms in the middle, ${Math.round(sorted.at(-1) ?? 0)} ms at worst`;
    },
  };
}
