// Planted: what was held back during a sync is dropped at its end.
import type { Bug } from "../plant.ts";

export const bug: Bug = {
  name: "cutover_drops_held",
  file: "server/realtime/holds.ts",
  before: "      return held.batches;\n",
  after: "      return [];\n",
};
