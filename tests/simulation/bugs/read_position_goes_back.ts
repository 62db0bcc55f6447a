// Planted: of two read positions the client takes the later heard, not the higher.
import type { Bug } from "../plant.ts";

export const bug: Bug = {
  name: "read_position_goes_back",
  file: "client/state/replica_conversation.ts",
  before: "  const read = Math.max(lastReadSeq, old?.lastReadSeq ?? 0);\n",
  after: "  const read = lastReadSeq;\n",
};
