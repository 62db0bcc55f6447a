// Connections: what an idle one costs in memory, how many are opened a second, and how all come back at once.
import type { ConnectJob, ReconnectJob } from "../generator/job.ts";
import { wait } from "../interruption.ts";
import { pssBytes } from "../machine.ts";
import { runJob } from "../run_job.ts";
import type { Side } from "../sides/side.ts";
import { BODY_CHARS, conversationIds, figure, ours, ratio, type Trial } from "./trial.ts";

const CONNECTIONS = 10_000;
const WARM_UP_CONNECTIONS = 500;
const AT_ONCE = 100;
const SETTLE_MS = 500;

const MEMORY = "memory per idle authenticated connection, at 10,000";
const OPENED = "authenticated connections opened per second";

export const connections: Trial = {
  id: "connections",
  world: () => ({ rooms: 1000, membersPerRoom: 10 }),
  figures: [
    figure(MEMORY, "KB", ours("≤", 9), ours("≤", 6)),
    figure(OPENED, "connections/s", ratio("≥", 2), ours("≥", 10_000)),
  ],
  fresh: true,
  async run(side) {
    await runJob<ConnectJob>(side, { kind: "connect", people: WARM_UP_CONNECTIONS, atOnce: AT_ONCE });
    const before = await settledPss(side);
    let after: number | null = null;
    const result = await runJob<ConnectJob>(
      side,
      { kind: "connect", people: CONNECTIONS, atOnce: AT_ONCE },
      async () => {
        after = await settledPss(side);
      },
    );
    const perConnection = before === null || after === null ? null : (after - before) / CONNECTIONS / 1024;
    return {
      values: { [MEMORY]: perConnection, [OPENED]: result.connectionsPerSecond },
      cpu: result.cpu,
      faults: null,
    };
  },
};

/** The server's memory after a full collection of garbage; null where there is no /proc. */
async function settledPss({ collect, watched }: Side): Promise<number | null> {
  for (let times = 0; times < 3; times++) {
    await collect();
    await wait(SETTLE_MS);
  }
  return pssBytes(watched.server);
}

const BACK = "10,000 clients reconnect and resume, until the last has all";
const READS = "… reads of the messages' index meanwhile";

export const reconnect: Trial = {
  id: "reconnect",
  // One of each room stays and goes on sending; the other 50 of 200 rooms are the ten thousand.
  world: () => ({ rooms: 200, membersPerRoom: 51 }),
  figures: [figure(BACK, "s", ours("≤", 5), ours("≤", 1.5)), figure(READS, "reads")],
  async run(side) {
    const readsBefore = await messageReads(side);
    const result = await runJob<ReconnectJob>(side, {
      kind: "reconnect",
      conversationIds: conversationIds(this.world({ rounds: 0, warmUpMs: 0, measureMs: 0, stored: 0 })),
      membersPerRoom: 51,
      bodyChars: BODY_CHARS,
      perSecond: 200,
      // More than fit into a listening socket's queue (511) would wait for the kernel to try again.
      atOnce: 400,
      awayMs: 1_000,
    });
    const reads = await messageReads(side) - readsBefore;
    return { values: { [BACK]: result.allBackMs / 1000, [READS]: reads }, cpu: result.cpu, faults: result.faults };
  },
};

/** How often PostgreSQL looked messages up by conversation: a resume does, sending does not. */
async function messageReads({ sql, protocol }: Side): Promise<number> {
  const index = protocol === "chautari" ? "messages_pkey" : "messages_of_conversation";
  // Connections that are idle hand in their counts after at most a second.
  await wait(1_100);
  const [row] = await sql<{ reads: string }[]>`
    select coalesce(sum(idx_scan), 0) as reads from pg_stat_user_indexes where indexrelname = ${index}`;
  return Number(row!.reads);
}
