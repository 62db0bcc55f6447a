// How much processor time the generator, the server and PostgreSQL take: read from /proc (proc(5)).
import process from "node:process";
import type { CpuShares, Watched } from "./job.ts";

const TICKS_PER_SECOND = 100;

/** Starts to watch; the function that is returned says what was used since, as shares of one core. */
export function watchCpu({ server, postmaster }: Watched): () => CpuShares {
  const startedAt = performance.now();
  const own = process.cpuUsage();
  const serverBefore = cpuSeconds(server);
  const postgresBefore = postgresSeconds(postmaster);
  return () => {
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(own);
    return {
      generator: (user + system) / 1e6 / seconds,
      server: share(serverBefore, cpuSeconds(server), seconds),
      postgres: share(postgresBefore, postgresSeconds(postmaster), seconds),
    };
  };
}

function share(before: number | null, after: number | null, seconds: number): number | null {
  return before === null || after === null ? null : (after - before) / seconds;
}

/** The time of the process and of its children that have ended and been waited for; null: there is no /proc. */
function cpuSeconds(pid: number): number | null {
  try {
    // The second field, the name, may hold spaces and brackets; those that count come after its last bracket.
    const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\)/, "").trim().split(" ");
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
    return (user + system + childUser + childSystem) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

function postgresSeconds(postmaster: number): number | null {
  const own = cpuSeconds(postmaster);
  if (own === null) return null;
  const children = Deno.readTextFileSync(`/proc/${postmaster}/task/${postmaster}/children`).trim().split(" ");
  return children.reduce((sum, pid) => sum + (cpuSeconds(Number(pid)) ?? 0), own);
}
