// Planted: who is put out stays among those whom the room tells.
import type { Bug } from "../plant.ts";

export const bug: Bug = {
  name: "missing_participant_check",
  file: "server/room/room.ts",
  before: "    for (const userId of gone) this.#forget(userId);\n",
  after:
    `    for (const userId of gone) this.#toPerson(userId, Batch.of({ event: "conversation:left", conversationId: this.id }));
`,
};
