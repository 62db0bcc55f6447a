// Runs simulated worlds, in a process of its own since it takes over time: one JSON line for each that failed, then how many ran.
//   runs.ts [--steps 200] [--minimise] [--until-found] [--repeat] seed …
import { parseArgs } from "node:util";
import { minimise } from "./minimise.ts";
import { planOf, STEPS_OF_A_WORLD } from "./plan.ts";
import { World } from "./world.ts";

export interface Failed {
  seed: number;
  violations: string[];
  /** Where it was made smaller: the steps that are left. */
  steps?: string[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: "string", default: String(STEPS_OF_A_WORLD) },
    minimise: { type: "boolean", default: false },
    "until-found": { type: "boolean", default: false },
    repeat: { type: "boolean", default: false },
  },
});

let ran = 0;
for (const seed of positionals.map(Number)) {
  const plan = planOf(seed, Number(values.steps));
  const world = new World(plan);
  let violations = await world.run();
  ran++;
  if (values.repeat) {
    const again = new World(plan);
    await again.run();
    if (again.trace !== world.trace) violations = [...violations, "the same seed went another way the second time"];
  }
  if (violations.length === 0) continue;
  const smaller = values.minimise ? await minimise(plan, violations) : null;
  const steps = smaller?.plan.steps.map(({ name, who, where, pick, pauseMs }) =>
    `${name}(${who}, ${where}, ${pick}) ${pauseMs}`
  );
  const failed: Failed = { seed, violations: smaller?.violations ?? violations, ...(steps && { steps }) };
  console.log(JSON.stringify(failed));
  if (values["until-found"]) break;
}
console.log(JSON.stringify({ ran }));
