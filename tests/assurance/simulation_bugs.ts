// The proof that the simulation sees: each bug that is planted on purpose is found within a thousand worlds.
import { allBugs, type Bug, hunt } from "../simulation/plant.ts";
import type { Suite } from "./suite.ts";

const WORLDS_MAX = 1_000;

/** Two at a time, on two cores. */
export const plantedBugs: Suite = {
  name: "planted bugs",
  async run({ count = WORLDS_MAX, report }) {
    const bugs = await allBugs();
    const waiting = [...bugs];
    const violations: string[] = [];
    const huntAll = async () => {
      for (let bug: Bug | undefined; (bug = waiting.shift());) {
        const { ran, failed: [found] } = await hunt(bug, { first: 1, count });
        if (found) report(`${bug.name}: found in world ${ran}, ${found.violations[0]}`);
        else violations.push(`${bug.name} was not found in ${ran} worlds`);
      }
    };
    await Promise.all([huntAll(), huntAll()]);
    return { name: plantedBugs.name, tried: bugs.length, violations };
  },
};
