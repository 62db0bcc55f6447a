// Makes a failing world smaller: steps are left out, by halves and then one by one, as long as it fails the same way.
import type { Plan, PlannedStep } from "./plan.ts";
import { World } from "./world.ts";

const TRIES_MAX = 600;

/** A violation without its ids and numbers: two worlds that fail alike give the same. */
export function kindOf(violation: string): string {
  return violation.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "id").replaceAll(/\d+/g, "0").slice(0, 60);
}

export async function minimise(plan: Plan, violations: string[]): Promise<{ plan: Plan; violations: string[] }> {
  const kinds = new Set(violations.map(kindOf));
  let smallest = { plan, violations };
  let tries = 0;
  async function fails(steps: PlannedStep[]): Promise<boolean> {
    const smaller = { ...smallest.plan, steps };
    tries++;
    const found = await new World(smaller).run();
    if (!found.some((one) => kinds.has(kindOf(one)))) return false;
    smallest = { plan: smaller, violations: found };
    return true;
  }
  for (let size = plan.steps.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < smallest.plan.steps.length && tries < TRIES_MAX;) {
      const { steps } = smallest.plan;
      // What is left out leaves its pause behind, so that the others keep their times.
      const left = steps.slice(at, at + size).reduce((ms, { pauseMs }) => ms + pauseMs, 0);
      const before = steps[at - 1];
      const kept = before ? [...steps.slice(0, at - 1), { ...before, pauseMs: before.pauseMs + left }] : [];
      if (!await fails([...kept, ...steps.slice(at + size)])) at += size;
    }
  }
  return smallest;
}
