// From a seed to a whole world: who is in it, what the weather is, and what happens when.
import { Random } from "../chaos/random.ts";
import { type Feature, type StepName, STEPS } from "./steps.ts";
import type { Weather } from "./site.ts";

export interface PlannedStep {
  name: StepName;
  who: number;
  where: number;
  pick: number;
  /** Before the next one, in milliseconds. */
  pauseMs: number;
}

export interface Plan {
  seed: number;
  /** Of each person, of each browser: how many tabs. */
  people: number[][];
  weather: Weather;
  hasLongTexts: boolean;
  steps: PlannedStep[];
}

export const STEPS_OF_A_WORLD = 200;

const FEATURES: Feature[] = [
  "changing",
  "reading",
  "membership",
  "sessions",
  "tabs",
  "links",
  "losses",
  "crashes",
  "store",
  "making",
];
const TABS = [[[1], [1]], [[1], [1], [1]], [[2], [1], [1]], [[1, 1], [1], [1]], [[1], [2], [1], [1]], [
  [2, 1],
  [2],
  [1],
  [1, 1],
]];
const PAUSES_MS = [0, 0, 0, 2, 5, 10, 10, 20, 40, 100, 400];

export function planOf(seed: number, count = STEPS_OF_A_WORLD): Plan {
  const random = new Random(seed);
  // Of some features most worlds have enough by half; a loss that nobody is told of is looked for in few.
  const chosen = new Set<Feature>([
    "always",
    ...FEATURES.filter((one) => random.fraction() < (one === "losses" ? 0.2 : 0.6)),
  ]);
  const share = (most: number) => random.fraction() * most;
  const has = (feature: Feature) => chosen.has(feature);
  const weather: Weather = {
    storeFaults: has("store") ? share(0.03) : 0,
    storeLosses: has("store") ? share(0.05) : 0,
    restLosses: has("links") ? share(0.1) : 0,
    restDoubles: has("links") ? share(0.2) : 0,
    delayMs: random.pick([1, 5, 5, 20]),
    sessionMs: Infinity,
  };
  const names = (Object.keys(STEPS) as StepName[])
    .flatMap((name) => has(STEPS[name].feature) ? Array<StepName>(STEPS[name].weight).fill(name) : []);
  const steps = Array.from({ length: count }, () => ({
    name: random.pick(names),
    who: random.between(0, 59),
    where: random.between(0, 59),
    pick: random.between(0, 59),
    pauseMs: random.pick(PAUSES_MS),
  }));
  return { seed, people: random.pick(TABS), weather, hasLongTexts: random.fraction() < 0.06, steps };
}
