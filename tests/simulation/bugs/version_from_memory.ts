// Planted: after an uncertain commit the room takes the version that it remembers for the store's.
import type { Bug } from "../plant.ts";

export const bug: Bug = {
  name: "version_from_memory",
  file: "server/room/room.ts",
  before: "    if (this.#last.version === state.lastVersion) return;\n",
  after: "    if (this.#last.version <= state.lastVersion) return;\n",
};
