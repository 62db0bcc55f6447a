// /metrics: for the owner's Prometheus alone, in its own form, true figures, and nothing of anybody in them.
import { afterAll, beforeAll, expect, it } from "vitest";
import { createTestServer, type TestServer } from "../helpers/server.ts";
import { pair, refusal, say, START, syncOne, three } from "../helpers/talk.ts";

const TOKEN = "prometheus-carries-this";
let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ environment: { METRICS_TOKEN: TOKEN } });
});
afterAll(() => server.close());

const scrape = async (authorization = `Bearer ${TOKEN}`) =>
  await fetch(`${server.url}/metrics`, { headers: { authorization } });

async function figures(): Promise<Map<string, number>> {
  const lines = (await (await scrape()).text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
  );
}

it("is closed without the token, and is no page at all where the owner set none", async () => {
  for (const authorization of ["", "Bearer", `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, TOKEN, "Basic eDp5"]) {
    const response = await scrape(authorization);
    expect([authorization, response.status]).toEqual([authorization, 401]);
    expect(await response.text()).not.toContain("chautari_");
  }
  const without = await createTestServer();
  const response = await fetch(`${without.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect([response.status, await response.text()]).toEqual([404, expect.stringContaining("not_found")]);
  await without.close();
});

it("counts what happens", async () => {
  const before = await figures();
  const { a, b, c, id } = await three(server);
  await say(a, id, "one");
  await Promise.all([b.message("one"), c.message("one")]);
  await syncOne(b, id, START);
  await refusal(b, { command: "nonsense" });
  await syncOne(b, id, { seq: 999, version: 999 });
  const after = await figures();
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  expect(after.get("chautari_connections")).toBe(3);
  expect(grown("chautari_rooms")).toBe(1);
  // each hears the message, and each was welcomed
  expect(grown("chautari_deliveries_total")).toBeGreaterThanOrEqual(6);
  expect(grown("chautari_commit_messages_count")).toBe(1);
  expect(grown("chautari_commit_messages_sum")).toBe(1);
  expect(grown('chautari_commit_messages_bucket{le="1"}')).toBe(1);
  expect(grown('chautari_commit_seconds_bucket{le="+Inf"}')).toBe(1);
  expect(grown('chautari_refused_total{code="invalid"}')).toBe(1);
  const resumed = grown('chautari_resumes_total{kind="ring"}') + grown('chautari_resumes_total{kind="backfill"}');
  expect([resumed, grown('chautari_resumes_total{kind="reset"}')]).toEqual([1, 1]);
  expect(grown('chautari_http_requests_total{status="2xx"}')).toBeGreaterThan(0);
  expect(after.get("chautari_database_up")).toBe(1);
  expect(after.get("chautari_database_connections_max")).toBeGreaterThan(0);
  expect([...after.keys()].some((name) => /^chautari_build_info\{version="[^"]+",deno="[^"]+"\}$/.test(name))).toBe(
    true,
  );
  expect(after.get("chautari_writes_refused")).toBe(0);
});

it("holds no name, no id and no word of anybody", async () => {
  const { a, id, sita } = await pair(server);
  await say(a, id, "a secret word");
  const text = await (await scrape()).text();
  for (const hidden of [id, sita.me.id, "secret", "Sita", TOKEN]) expect(text).not.toContain(hidden);
});

it("gives Prometheus its own form: help and type before each metric, histograms that add up", async () => {
  const response = await scrape();
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  const names = [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name]) => name!);
  expect(new Set(names).size).toBe(names.length);
  for (const line of text.split("\n").filter((one) => one !== "" && !one.startsWith("#"))) {
    expect(line).toMatch(/^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? \d+(\.\d+)?(e[+-]?\d+)?$/);
    const name = /^[a-z_]+/.exec(line)![0].replace(/_(bucket|sum|count)$/, "");
    expect(names.some((known) => known === name || line.startsWith(known))).toBe(true);
  }
  const all = await figures();
  expect(all.get('chautari_commit_seconds_bucket{le="+Inf"}')).toBe(all.get("chautari_commit_seconds_count"));
});
