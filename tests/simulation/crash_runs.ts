// Crashes every call to the store of every scenario, in each way: one JSON line for each that ended badly, then how many were tried.
import { onStage, play, type Scenario, SCENARIOS } from "./scenarios.ts";
import type { Fault } from "./faults.ts";
import { memoryStore } from "./store.ts";
import { Rows } from "./rows.ts";
import { VirtualTime } from "./time.ts";

const FAULTS: Fault[] = ["before", "lost", "crashBefore", "crashAfter"];
const RESTART_MS = 400;
const AFTERMATH_MS = 3_000;
/** What nothing in these scenarios asks for. */
const NOT_ASKED = new Set(["participants.page", "users.findByExternalId", "presence.setHidden"]);

const isQuick = Deno.args.includes("--quick");
const called = new Set<string>();
let tried = 0;

for (const scenario of Object.values(SCENARIOS).flat()) {
  const { names, from } = await record(scenario);
  const seen = new Set<string>();
  for (const [index, name] of names.entries()) {
    called.add(name);
    // The short form crashes the first call of each name.
    if (isQuick && seen.has(name)) continue;
    seen.add(name);
    for (const fault of FAULTS) {
      tried++;
      const violations = await withFault(scenario, from + index, fault);
      if (violations.length === 0) continue;
      console.log(JSON.stringify({ what: `${scenario.name}, ${fault} at ${name} (call ${index + 1})`, violations }));
    }
  }
}
for (const name of namesOf()) {
  if (called.has(name) || NOT_ASKED.has(name)) continue;
  console.log(JSON.stringify({ what: name, violations: ["no scenario calls it, so it was never crashed"] }));
}
console.log(JSON.stringify({ tried }));

/** The calls that a scenario makes when all goes well, in their order. */
function record(scenario: Scenario): Promise<{ names: string[]; from: number }> {
  return onStage(async (stage) => {
    const { calls } = stage.world.site;
    const from = calls.length;
    await play(scenario, stage);
    await stage.world.time.run(AFTERMATH_MS);
    return { names: calls.slice(from), from };
  });
}

function withFault(scenario: Scenario, at: number, fault: Fault): Promise<string[]> {
  return onStage(async (stage) => {
    const { world } = stage;
    const { site } = world;
    const { onCrash } = site;
    site.faults.set(at, fault);
    site.onCrash = () => {
      onCrash();
      world.time.after(RESTART_MS, () => site.start());
    };
    await play(scenario, stage);
    await world.time.run(AFTERMATH_MS);
    await world.settle();
    await world.check();
    site.onCrash = onCrash;
    return world.ledger.violations;
  });
}

/** Every method of the store, as the store itself has them. */
function namesOf(): string[] {
  const store = memoryStore(new Rows(), () => new VirtualTime(1).now);
  return Object.entries(store).flatMap(([table, methods]) => Object.keys(methods).map((name) => `${table}.${name}`));
}
