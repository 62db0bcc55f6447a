// Mixed: each round another fault strikes the same program, so that one start serves them all.
import type { SiteOptions } from "../site.ts";
import type { Fault } from "./fault.ts";

/** At most one of `faults` may need a place, and one an entrance of its own. Clients have the page's patience. */
export function mixedFault(faults: readonly Fault[]): Fault {
  const entering = faults.find(({ entrance }) => entrance);
  return {
    name: "mixed",
    endsTokens: faults.some(({ endsTokens }) => endsTokens),
    async prepare() {
      const all: SiteOptions = {};
      for (const fault of faults) {
        const options = await fault.prepare?.();
        Object.assign(all, options, { settings: { ...all.settings, ...options?.settings } });
      }
      return all;
    },
    ...(entering && { entrance: (site) => entering.entrance!(site) }),
    strike: (scene, round) => faults[round % faults.length]!.strike(scene, Math.floor(round / faults.length)),
    async end() {
      for (const fault of faults) await fault.end?.();
    },
    figures: () => faults.map((fault) => fault.figures?.() ?? "").filter((words) => words !== "").join(", "),
  };
}
