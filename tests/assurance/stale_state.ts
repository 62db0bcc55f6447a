// The proof against stale state (after Zulip): what a page holds after an event is what a fresh fetch gives.
import { tryAll } from "./crash_points.ts";
import type { Suite } from "./suite.ts";

export const staleState: Suite = {
  name: "stale state",
  async run() {
    return { name: staleState.name, ...await tryAll("tests/simulation/stale_runs.ts") };
  },
};
