// Postgres-stop: PostgreSQL, or some of its processes, is held (SIGSTOP) for a while, as by a disk that does not answer.
import type { Fault, Scene } from "./fault.ts";
import { holdFor } from "./hold.ts";

const HELD = ["everything", "the postmaster", "all backends", "one backend", "a helper"] as const;

export function postgresStopFault({ longestMs = 6_000 } = {}): Fault {
  return {
    name: "postgres-stop",
    async strike(scene, round) {
      const held = HELD[round % HELD.length]!;
      const ms = await holdFor(await pidsOf(held, scene), { ...scene, longestMs });
      return `${held} held for ${ms} ms`;
    },
  };
}

async function pidsOf(held: typeof HELD[number], { site, random }: Scene): Promise<number[]> {
  const processes = await site.postgresProcesses();
  const pids = (backends: boolean) =>
    processes.filter(({ title }) => title.startsWith("chautari ") === backends).map(({ pid }) => pid);
  const one = (of: number[]) => of.length === 0 ? [] : [random.pick(of)];
  switch (held) {
    case "everything":
      return [await site.postmasterPid(), ...pids(true), ...pids(false)];
    case "the postmaster":
      return [await site.postmasterPid()];
    case "all backends":
      return pids(true);
    case "one backend":
      return one(pids(true));
    case "a helper":
      return one(pids(false));
  }
}
