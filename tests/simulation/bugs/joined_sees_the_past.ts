// Planted: a sync gives what was said before somebody joined.
import type { Bug } from "../plant.ts";

export const bug: Bug = {
  name: "joined_sees_the_past",
  file: "server/room/room.ts",
  before: "      changes: found.messages.filter((message) => message.seq > present.visibleAfterSeq),\n",
  after: "      changes: found.messages,\n",
};
