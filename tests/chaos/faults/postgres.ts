// Postgres: one of PostgreSQL's processes is killed; the server itself lives on and must bring PostgreSQL back.
import type { Fault } from "./fault.ts";
import { signal } from "./hold.ts";

/** `backend`: one that serves the server. `helper`: the writer of the log, the checkpointer and the like. */
const VICTIMS = ["postmaster", "backend", "helper"] as const;

export function postgresFault(): Fault {
  const kills = { postmaster: 0, backend: 0, helper: 0 };
  return {
    name: "postgres",
    async strike({ site, random }, round) {
      const victim = VICTIMS[round % VICTIMS.length]!;
      let what: string = victim;
      if (victim === "postmaster") await site.killPostgres();
      else {
        const processes = await site.postgresProcesses();
        const fitting = processes.filter(({ title }) => title.startsWith("chautari ") === (victim === "backend"));
        // between a crash and the end of its recovery there may be none of a kind
        if (fitting.length > 0) {
          const { pid, title } = random.pick(fitting);
          signal(pid, "SIGKILL");
          what = title;
        }
      }
      kills[victim]++;
      return `kill of ${what}`;
    },
    figures: () => Object.entries(kills).map(([victim, count]) => `${victim} ${count} times`).join(", "),
  };
}
