// Sends what waits in the outbox until the server has it: in order, one at a time per conversation, always under the
// same client id, so that an attempt whose answer was lost can be repeated without a second message.
import type { Message } from "../../protocol/models.ts";
import { asFailure } from "../state/failure.ts";
import { nextOfEach, type Pending } from "../state/outbox.ts";
import type { Store } from "../state/store.ts";
import { backoffMs, type Clock } from "./clock.ts";

export interface OutboxOptions {
  store: Store;
  clock: Clock;
  /** Asks the server once; throws a Failure. */
  deliver(pending: Pending): Promise<Message>;
  onUnauthenticated(): void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  /** Conversations with a send under way. */
  readonly #busy = new Set<string>();
  #attempt = 0;
  #cancelRetry: (() => void) | null = null;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Tries what waits, at once: after a send, a reconnect, a retry by hand. */
  flush(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    const { store } = this.#options;
    if (store.state.peek().account.status !== "in") return;
    for (const pending of nextOfEach(store.state.peek().outbox)) {
      if (!this.#busy.has(pending.conversationId)) this.#send(pending);
    }
  }

  async #send(pending: Pending): Promise<void> {
    const { store, deliver, onUnauthenticated } = this.#options;
    this.#busy.add(pending.conversationId);
    try {
      const message = await deliver(pending);
      this.#attempt = 0;
      store.apply({ type: "message", message });
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code === "unauthenticated") return onUnauthenticated();
      if (failure.retryable) return this.#retryLater(failure.retryAfter);
      store.apply({ type: "refused", clientId: pending.clientId, code: failure.code });
    } finally {
      this.#busy.delete(pending.conversationId);
    }
    this.flush();
  }

  #retryLater(afterSeconds: number | undefined): void {
    const { clock } = this.#options;
    const waitMs = Math.max(backoffMs(this.#attempt++, clock.random()), (afterSeconds ?? 0) * 1000);
    this.#cancelRetry?.();
    this.#cancelRetry = clock.after(waitMs, () => this.flush());
  }
}
