// The proof by simulation: so many worlds, each from a seed, in which whatever can go wrong does.
import { runWorlds } from "../simulation/processes.ts";
import seeds from "../simulation/seeds.json" with { type: "json" };
import type { Suite } from "./suite.ts";

const QUICK_SEEDS = 1_000;
const LONG_SEEDS = 20_000;

/** `count`: how many seeds, from `seed` on. Seeds that found something once go first. */
export const simulation: Suite = {
  name: "simulation",
  async run({ quick, count = quick ? QUICK_SEEDS : LONG_SEEDS, seed: first = 1, report }) {
    const half = Math.ceil(count / 2);
    const begun = performance.now();
    const progress = [0, 0];
    const tell = (which: number) => (ran: number) => {
      progress[which] = ran;
      const all = progress[0]! + progress[1]!;
      report(`${all} of ${count} worlds, ${(all / (performance.now() - begun) * 1000).toFixed(0)} a second`);
    };
    const known = await runWorlds({ seeds: seeds.map(({ seed }) => seed), minimise: true });
    const fresh = await Promise.all([
      runWorlds({ first, count: half, minimise: true, onProgress: tell(0) }),
      runWorlds({ first: first + half, count: count - half, minimise: true, onProgress: tell(1) }),
    ]);
    const all = [known, ...fresh];
    return {
      name: simulation.name,
      tried: all.reduce((sum, { ran }) => sum + ran, 0),
      violations: all.flatMap(({ failed }) => failed).map(({ seed, violations, steps }) =>
        `seed ${seed}: ${violations[0]} after ${steps?.join("; ")}`
      ),
    };
  },
};
