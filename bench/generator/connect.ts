// Authenticated connections: how many a second can be opened; then they are held, so that their memory can be measured.
import { Client, openAll, SeenFrames } from "./client.ts";
import { watchCpu } from "./cpu.ts";
import { tokenOf } from "./tokens.ts";
import type { ConnectJob, ConnectResult } from "./job.ts";

/** `hold` is called when all are open; they are closed when it resolves. */
export async function connectRun(
  job: ConnectJob,
  hold: (result: ConnectResult) => Promise<void>,
): Promise<ConnectResult> {
  const seen = new SeenFrames();
  const clients: Client[] = [];
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  const tokens = Array.from({ length: job.people }, (_, person) => tokenOf(person, job.jwt));
  const opening = tokens.map((token, person) => () => {
    const client = new Client({ job, person, token, seen, received: () => {}, failed: lost.reject });
    clients.push(client);
    return client;
  });
  try {
    const used = watchCpu(job.watched);
    const begun = performance.now();
    await Promise.race([openAll(opening, job.atOnce), lost.promise]);
    const seconds = (performance.now() - begun) / 1000;
    const result: ConnectResult = { kind: "connect", connectionsPerSecond: job.people / seconds, cpu: used() };
    await Promise.race([hold(result), lost.promise]);
    return result;
  } finally {
    for (const client of clients) client.close();
  }
}
