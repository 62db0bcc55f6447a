// The figures of /metrics, as Prometheus takes them, for whoever carries the token that the owner set.
import { createHash, timingSafeEqual } from "node:crypto";
import { CommandError } from "../../protocol/errors.ts";
import { CountBy, Spread, tally } from "../metrics.ts";
import type { App, Services } from "./context.ts";

/** What is read at the moment of asking. */
export interface Levels {
  version: string;
  connections: number;
  rooms: number;
  commitQueue: number;
  sendBacklogBytes: number;
  requestsUnderWay: number;
  /** Null: not known. */
  freeBytes: number | null;
  writesRefused: boolean;
  draining: boolean;
  /** Null: PostgreSQL does not answer. */
  pool: { max: number; byState: { state: string; count: number }[] } | null;
}

/** Without a token there is no such page: behind a proxy on this machine everybody comes from it. */
export function metricsRoutes(app: App, { config, levels }: Pick<Services, "config" | "levels">): void {
  const { metricsToken } = config;
  if (metricsToken === null) return;
  app.get("/metrics", async (c) => {
    const given = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    if (!timingSafeEqual(digest(given), digest(metricsToken))) throw new CommandError("unauthenticated");
    const { Registry } = await import("prom-client");
    const registry = new Registry();
    for (const metric of metrics(await levels())) registry.registerMetric(metric as never);
    return c.body(await registry.metrics(), 200, {
      "content-type": registry.contentType,
      "cache-control": "no-store",
    });
  });
}

/** Of one length, so that comparing them tells nothing of the token, not even its length. */
const digest = (text: string) => createHash("sha256").update(text).digest();

interface Value {
  value: number;
  labels: Record<string, string>;
  metricName?: string;
}

/** What prom-client's registry asks of a metric: it writes and escapes, our own numbers stand behind it. */
interface Metric {
  name: string;
  get: () => { name: string; help: string; type: string; values: Value[]; aggregator: "sum" };
}

function metric(type: "counter" | "gauge" | "histogram", name: string, help: string, values: Value[]): Metric {
  return { name, get: () => ({ name, help, type, values, aggregator: "sum" }) };
}

function metrics(now: Levels): Metric[] {
  const gauge = (name: string, help: string, value: number) =>
    metric("gauge", name, help, [{ value: Number(value), labels: {} }]);
  const { rss } = Deno.memoryUsage();
  const build = { version: now.version, deno: Deno.version.deno };
  return [
    metric("gauge", "chautari_build_info", "Which program this is; always 1", [{ value: 1, labels: build }]),
    gauge("chautari_connections", "Open sockets", now.connections),
    gauge("chautari_rooms", "Conversations that are live in memory", now.rooms),
    gauge("chautari_commit_queue_messages", "Messages that wait to be committed", now.commitQueue),
    gauge("chautari_send_backlog_bytes", "Bytes that wait in sockets for slow readers", now.sendBacklogBytes),
    gauge("chautari_requests_under_way", "HTTP requests that are being answered", now.requestsUnderWay),
    gauge("chautari_writes_refused", "1 while nothing is written for want of disk space", Number(now.writesRefused)),
    gauge("chautari_draining", "1 while the server is stopping", Number(now.draining)),
    gauge("process_resident_memory_bytes", "Memory that the server process holds, without PostgreSQL", rss),
    ...(now.freeBytes === null ? [] : [gauge("chautari_disk_free_bytes", "Free space for the data", now.freeBytes)]),
    ...poolMetrics(now.pool),
    ...counted(),
    spread("chautari_commit_messages", "Messages in one commit", tally.commitMessages),
    spread("chautari_commit_seconds", "Time that one commit took", tally.commitSeconds),
    spread("chautari_event_loop_delay_seconds", "How late the event loop was", tally.eventLoopDelaySeconds),
  ];
}

function poolMetrics(pool: Levels["pool"]): Metric[] {
  const up = metric("gauge", "chautari_database_up", "1 while PostgreSQL answers", [
    { value: pool === null ? 0 : 1, labels: {} },
  ]);
  if (pool === null) return [up];
  const byState = pool.byState.map(({ state, count }) => ({ value: count, labels: { state } }));
  return [
    up,
    metric("gauge", "chautari_database_connections", "Connections to PostgreSQL, by their state", byState),
    metric("gauge", "chautari_database_connections_max", "Connections to PostgreSQL at most", [
      { value: pool.max, labels: {} },
    ]),
  ];
}

function counted(): Metric[] {
  const count = (name: string, help: string, value: number) => metric("counter", name, help, [{ value, labels: {} }]);
  const by = <Word extends string>(name: string, help: string, label: string, { counts }: CountBy<Word>) =>
    metric("counter", name, help, [...counts].map(([word, value]) => ({ value, labels: { [label]: word } })));
  return [
    count("chautari_frames_total", "Frames sent to sockets", tally.frames),
    count("chautari_deliveries_total", "Events delivered to sockets", tally.deliveries),
    by("chautari_closed_total", "Sockets that the server closed", "reason", tally.closed),
    by("chautari_turned_away_total", "Sockets that were refused before they opened", "code", tally.turnedAway),
    by("chautari_refused_total", "Commands that failed", "code", tally.refused),
    by("chautari_resumes_total", "Conversations resumed, by where that came from", "kind", tally.resumes),
    by("chautari_http_requests_total", "HTTP requests answered", "status", tally.requests),
  ];
}

function spread(name: string, help: string, { bounds, counts, sum }: Spread): Metric {
  let total = 0;
  const buckets = counts.map((count, at) => ({
    value: total += count,
    labels: { le: at < bounds.length ? String(bounds[at]) : "+Inf" },
    metricName: `${name}_bucket`,
  }));
  const ends = [{ value: sum, labels: {}, metricName: `${name}_sum` }, {
    value: total,
    labels: {},
    metricName: `${name}_count`,
  }];
  return metric("histogram", name, help, [...buckets, ...ends]);
}
