// The proof: every suite that shows that nothing is lost, doubled or shown to the wrong person, each in its long form.
//   deno task proof [--quick] [--seeds N] [name …]
import { parseArgs } from "node:util";
import type { Suite } from "../tests/assurance/suite.ts";

/** Each is loaded when its turn comes: some stand on much that the others do not need. */
const SUITES: [name: string, load: () => Promise<Pick<Suite, "run">>][] = [
  ["simulation", async () => (await import("../tests/assurance/simulation.ts")).simulation],
  ["planted_bugs", async () => (await import("../tests/assurance/simulation_bugs.ts")).plantedBugs],
  ["crash_points", async () => (await import("../tests/assurance/crash_points.ts")).crashPoints],
  ["stale_state", async () => (await import("../tests/assurance/stale_state.ts")).staleState],
  ["authorization", () => import("../tests/assurance/authorization.ts")],
  ["forged_tokens", () => import("../tests/assurance/forged_tokens.ts")],
  ["fuzz_frames", async () => (await import("../tests/assurance/fuzz_frames.ts")).fuzzFrames],
  ["fuzz_requests", async () => (await import("../tests/assurance/fuzz_requests.ts")).fuzzRequests],
  ["text_attacks", () => import("../tests/assurance/text_attacks.ts")],
  ["chaos", async () => (await import("../tests/assurance/chaos.ts")).chaos],
  ["regexes", async () => (await import("../tests/assurance/regexes.ts")).regexes],
];
const SHOWN = 5;
const TELL_EVERY_MS = 10_000;

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean", default: false }, seeds: { type: "string" } },
  allowPositionals: true,
});
const seeds = values.seeds === undefined ? undefined : Number(values.seeds);
const names = SUITES.map(([name]) => name);
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0 || seeds !== undefined && !(Number.isInteger(seeds) && seeds > 0)) {
  console.error(`Usage: deno task proof [--quick] [--seeds N] [${names.join(" | ")}]`);
  Deno.exit(2);
}

let failed = false;
for (const [name, load] of SUITES) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const begun = performance.now();
  let toldAt = begun;
  const report = (line: string) => {
    if (performance.now() - toldAt < TELL_EVERY_MS) return;
    toldAt = performance.now();
    console.error(`  ${name}: ${line}`);
  };
  try {
    const { run } = await load();
    // How many seeds says nothing to a suite that counts something else.
    const count = name === "simulation" ? seeds : undefined;
    const { tried, violations } = await run({ quick: values.quick, report, ...(count !== undefined && { count }) });
    const seconds = ((performance.now() - begun) / 1000).toFixed(0);
    console.log(`${name}: ${tried} tried, ${violations.length} violations, ${seconds} s`);
    for (const violation of violations.slice(0, SHOWN)) console.error(`  ${violation}`);
    if (violations.length > SHOWN) console.error(`  … and ${violations.length - SHOWN} more`);
    failed ||= violations.length > 0;
  } catch (error) {
    console.log(`${name}: could not run: ${error instanceof Error ? error.message : error}`);
    failed = true;
  }
}
Deno.exit(failed ? 1 : 0);
