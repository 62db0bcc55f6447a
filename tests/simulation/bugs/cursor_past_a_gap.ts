// Planted: the client's cursor goes on over versions that it has not seen.
import type { Bug } from "../plant.ts";

export const bug: Bug = {
  name: "cursor_past_a_gap",
  file: "client/state/replica_conversation.ts",
  before: "if (cursor === null || version !== cursor.version + 1) return cursor;",
  after: "if (cursor === null || version <= cursor.version) return cursor;",
};
