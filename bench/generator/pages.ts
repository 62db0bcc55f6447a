// The newest page of random conversations over HTTP, each asked for at its time: how long until it is there.
import { Buffer } from "node:buffer";
import { Agent, request } from "node:http";
import { watchCpu } from "./cpu.ts";
import type { PagesJob, PagesResult } from "./job.ts";
import { Latencies } from "./latencies.ts";
import { tokenOf } from "./tokens.ts";

const PAGE_ROWS = 50;

export async function pagesRun(job: PagesJob): Promise<PagesResult> {
  const { conversationIds, membersPerRoom, perSecond, connections, warmUpMs, measureMs } = job;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  // The first member of each room asks; tokens are made before anything is timed.
  const tokens = conversationIds.map((_, room) => tokenOf(room * membersPerRoom, job.jwt));
  const latencies = new Latencies();
  const underWay = new Set<Promise<void>>();
  let refused = 0;
  const start = performance.now();
  const from = start + warmUpMs;
  const until = from + measureMs;
  let used = watchCpu(job.watched);
  let watching = false;
  for (let next = 0;; next++) {
    const dueAt = start + (next * 1000) / perSecond;
    if (dueAt >= until) break;
    while (performance.now() < dueAt) await new Promise((done) => setTimeout(done, 0));
    if (!watching && dueAt >= from) [watching, used] = [true, watchCpu(job.watched)];
    const room = Math.floor(Math.random() * conversationIds.length);
    const asked = ask(job, agent, conversationIds[room]!, tokens[room]!).then((isPage) => {
      if (!isPage) refused++;
      if (dueAt >= from) latencies.add(performance.now() - dueAt);
    });
    underWay.add(asked);
    asked.finally(() => underWay.delete(asked));
  }
  const cpu = used();
  await Promise.all(underWay);
  agent.destroy();
  return { kind: "pages", pages: latencies.summary(), refused, cpu };
}

/** Resolves when the whole answer is there: whether it was a full page. */
function ask(job: PagesJob, agent: Agent, conversationId: string, token: string): Promise<boolean> {
  const prefix = job.protocol === "chautari" ? "/api/messages" : "";
  return new Promise((resolve, reject) => {
    const asked = request({
      agent,
      port: job.port,
      host: "127.0.0.1",
      path: `${prefix}/conversations/${conversationId}/messages?limit=${PAGE_ROWS}`,
      headers: { authorization: `Bearer ${token}` },
    }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const bodies = Buffer.concat(chunks).toString("latin1").split('"body":"').length - 1;
        resolve(response.statusCode === 200 && bodies === PAGE_ROWS);
      });
      response.on("error", reject);
    });
    asked.on("error", reject);
    asked.end();
  });
}
