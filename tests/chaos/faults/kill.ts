// Kill: the server, PostgreSQL or both end from one moment to the next, as in a crash.
import { pause } from "../waiting.ts";
import type { Fault } from "./fault.ts";

/** `twice`: the server, and both once more while everybody comes back and resends. */
const KILLS = ["server", "both", "postgres", "twice"] as const;

export function killFault(): Fault {
  return {
    name: "kill",
    async strike({ site, random, write }, round) {
      const kill = KILLS[round % KILLS.length]!;
      if (kill === "postgres") {
        await site.killPostgres();
        return `kill of ${kill}`;
      }
      await (kill === "both" ? site.killBoth() : site.killServer());
      await site.startAgain();
      if (kill === "twice") {
        write();
        await pause(random.fraction() * 100);
        await site.killBoth();
        await site.startAgain();
      }
      return `kill of ${kill}`;
    },
  };
}
