// Stop: the server is held (SIGSTOP) as on a machine that sleeps, and goes on after a while as if nothing had been.
import type { Fault } from "./fault.ts";
import { holdFor } from "./hold.ts";

export function stopFault({ longestMs = 6_000 } = {}): Fault {
  return {
    name: "stop",
    // some give up while it lasts and come back by another connection
    patienceMs: [2_000, 4_000, 8_000, 15_000],
    async strike({ site, random, write }) {
      const ms = await holdFor([site.pid], { random, longestMs, write });
      return `server held for ${ms} ms`;
    },
  };
}
