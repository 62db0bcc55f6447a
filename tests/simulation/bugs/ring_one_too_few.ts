// Planted: the ring gives one change less than was missed.
import type { Bug } from "../plant.ts";

export const bug: Bug = {
  name: "ring_one_too_few",
  file: "server/room/ring.ts",
  before: "    const newest = this.#changes.slice(from);\n",
  after: "    const newest = this.#changes.slice(from + 1);\n",
};
