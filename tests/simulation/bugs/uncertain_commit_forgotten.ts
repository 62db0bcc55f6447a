// Planted: after a commit whose answer was lost the room goes on as if it knew what is stored.
import type { Bug } from "../plant.ts";

export const bug: Bug = {
  name: "uncertain_commit_forgotten",
  file: "server/room/room.ts",
  before: `      if (lost) {
        this.#lose();
`,
  after: "      if (lost) {\n",
};
