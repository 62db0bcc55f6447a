// Planted: a sync reads first and holds live events back a moment later.
import type { Bug } from "../plant.ts";

export const bug: Bug = {
  name: "live_before_hold_back",
  file: "server/realtime/sync.ts",
  before: "    connection.hold(ids);\n",
  after: "    queueMicrotask(() => Promise.resolve().then(() => setTimeout(() => connection.hold(ids), 3)));\n",
};
