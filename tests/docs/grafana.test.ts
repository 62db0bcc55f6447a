// The dashboard and the alerts name only figures that /metrics gives, with the labels that it gives them.
import { expect, it } from "vitest";
import { createTestServer } from "../helpers/server.ts";
import { pair, refusal, say, START, syncOne } from "../helpers/talk.ts";

const TOKEN = "prometheus-carries-this";
const read = (name: string) => Deno.readTextFile(new URL(`../../docs/grafana/${name}`, import.meta.url));

it("every figure of the dashboard and of the alerts exists", async () => {
  const freeBytes = () => Promise.resolve(2 ** 40);
  const server = await createTestServer({ environment: { METRICS_TOKEN: TOKEN }, freeBytes });
  try {
    const { a, id } = await pair(server);
    await say(a, id, "x");
    await syncOne(a, id, START);
    await refusal(a, { command: "nonsense" });
    const scrape = async () =>
      await (await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();
    // the first is itself the first request that is counted
    await scrape();
    const text = await scrape();
    const given = new Set(
      [...text.matchAll(/^# TYPE (\S+) (\w+)$/gm)].flatMap(([, name, type]) =>
        type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name!]
      ),
    );
    const dashboard = JSON.parse(await read("chautari.json"));
    const expressions: string[] = dashboard.panels.flatMap((panel: { targets: { expr: string }[] }) =>
      panel.targets.map(({ expr }) => expr)
    );
    const alerts = await read("alerts.yaml");
    expect(alerts.match(/^ +- alert: /gm)).toHaveLength(3);
    const named = [...expressions, alerts].flatMap((words) => words.match(/\b(chautari|process)_[a-z_]+/g) ?? []);
    expect(named.length).toBeGreaterThan(25);
    for (const name of named) expect([...given], name).toContain(name);
    // what was closed or turned away has not happened here; `le` and `instance` are Prometheus' own
    const labels = new Set(
      expressions.flatMap((words) => [...words.matchAll(/by \((\w+)\)/g)].map((found) => found[1]!)),
    );
    for (const label of labels.difference(new Set(["le", "instance", "reason"]))) {
      expect(text).toMatch(new RegExp(`[{,]${label}="`));
    }
  } finally {
    await server.close();
  }
});
