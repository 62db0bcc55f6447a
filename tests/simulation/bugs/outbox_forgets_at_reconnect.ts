// Planted: what was under way when the connection ended leaves the outbox.
import type { Bug } from "../plant.ts";

export const bug: Bug = {
  name: "outbox_forgets_at_reconnect",
  file: "client/net/outbox.ts",
  before: "      if (failure.retryable) return this.#retryLater(",
  after: `      if (failure.code === "offline") return store.apply({ type: "discarded", clientId });
      if (failure.retryable) return this.#retryLater(`,
};
