// Sends what waits in the outbox until the server has it: kept on this device first, in order, one at a time per
// conversation, by one of the person's tabs, always under the same client id, so that an attempt whose answer was lost
// can be repeated without a second message.
import type { Message } from "../../protocol/models.ts";
import { asFailure } from "../state/failure.ts";
import type { Pending } from "../state/outbox.ts";
import { sendsDue } from "../state/replica_outbox.ts";
import { meId } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { backoffMs, type Clock } from "./clock.ts";
import type { Storage } from "./storage.ts";
import type { News, Tabs } from "./tabs.ts";

/** A disk that takes longer must not hide what somebody has just written. */
const KEEP_TIMEOUT_MS = 250;
const THIS_TAB = "this";

export interface OutboxOptions {
  store: Store;
  clock: Clock;
  /** What has left the outbox is taken from it elsewhere (saving.ts), which also tells the other tabs. */
  storage: Pick<Storage, "putPending" | "allPending">;
  /** Asks the server once; throws a Failure. */
  deliver(pending: Pending): Promise<Message>;
  onUnauthenticated(): void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  #tabs: Pick<Tabs, "isSender" | "tell"> | null = null;
  /** Client ids that this tab has sent and that are not answered. */
  #underWay: string[] = [];
  /** Conversations whose last attempt failed for now: they wait, the others go on. */
  readonly #resting = new Set<string>();
  #attempt = 0;
  #cancelRetry: (() => void) | null = null;
  #lastKept: Promise<unknown> = Promise.resolve();

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Where a person has several tabs, one of them sends for all; null: this one. */
  shareWith(tabs: Pick<Tabs, "isSender" | "tell"> | null): void {
    this.#tabs = tabs;
  }

  /** Shown once it is kept, so that what looks written survives a crash. Several keep their order. */
  add(pending: Pending): Promise<void> {
    const { store, storage, clock } = this.#options;
    const kept = storage.putPending(pending);
    const late = new Promise<void>((resolve) => clock.after(KEEP_TIMEOUT_MS, resolve));
    const turn = Promise.all([this.#lastKept, Promise.race([kept, late])]).then(() => {
      store.apply({ type: "queued", pending });
      this.#tabs?.tell({ type: "queued", pending });
      this.#sendDue();
    });
    this.#lastKept = turn;
    return turn;
  }

  retry(clientId: string): void {
    const { store, storage } = this.#options;
    store.apply({ type: "retried", clientId });
    const pending = store.state.peek().outbox.find((one) => one.clientId === clientId);
    if (!pending) return;
    storage.putPending(pending);
    this.#tabs?.tell({ type: "queued", pending });
    this.flush();
  }

  discard(clientId: string): void {
    this.#options.store.apply({ type: "discarded", clientId });
    this.#tabs?.tell({ type: "discarded", clientId });
  }

  /** This tab sends from now on: also what another one left behind. */
  async takeOver(): Promise<void> {
    const { store, storage } = this.#options;
    const owner = meId(store.state.peek());
    for (const pending of await storage.allPending()) {
      if (meId(store.state.peek()) !== owner) return;
      store.apply({ type: "queued", pending });
    }
    this.flush();
  }

  /** What another tab tells of the outbox. */
  hear(news: News): void {
    const { store } = this.#options;
    if (news.type === "queued") store.apply(news);
    else if (news.type === "arrived") store.apply({ type: "answered", message: news.message });
    else if (news.type === "refused" || news.type === "discarded") store.apply(news);
    else return;
    this.#sendDue();
  }

  /** Tries what waits, at once: on a new connection, or when the network, the person or a tab's turn comes. */
  flush(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#resting.clear();
    // It may have arrived while this tab was not told (signed out, for one): the tab that sends asks once more.
    if (this.#tabs?.isSender === false) {
      for (const pending of this.#options.store.state.peek().outbox) {
        if (pending.failed === null) this.#tabs.tell({ type: "queued", pending });
      }
    }
    this.#sendDue();
  }

  #sendDue(): void {
    const state = this.#options.store.state.peek();
    if (state.account.status !== "in" || !(this.#tabs?.isSender ?? true)) return;
    const shared = { meId: meId(state), pending: state.outbox, senderId: THIS_TAB, underWay: this.#underWay };
    for (const pending of sendsDue(shared, THIS_TAB)) {
      if (!this.#resting.has(pending.conversationId)) this.#send(pending);
    }
  }

  async #send(pending: Pending): Promise<void> {
    const { store, storage, deliver, onUnauthenticated } = this.#options;
    const { clientId } = pending;
    this.#underWay.push(clientId);
    try {
      const message = await deliver(pending);
      this.#attempt = 0;
      // Told before it leaves the outbox here: the other tabs show it in its place at once.
      this.#tabs?.tell({ type: "arrived", message });
      store.apply({ type: "answered", message });
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.code === "unauthenticated") return onUnauthenticated();
      if (failure.retryable) return this.#retryLater(pending.conversationId, failure.retryAfter);
      store.apply({ type: "refused", clientId, code: failure.code });
      storage.putPending({ ...pending, failed: failure.code });
      this.#tabs?.tell({ type: "refused", clientId, code: failure.code });
    } finally {
      this.#underWay = this.#underWay.filter((one) => one !== clientId);
    }
    this.#sendDue();
  }

  #retryLater(conversationId: string, afterSeconds: number | undefined): void {
    const { clock } = this.#options;
    this.#resting.add(conversationId);
    const waitMs = Math.max(backoffMs(this.#attempt++, clock.random()), (afterSeconds ?? 0) * 1000);
    this.#cancelRetry?.();
    this.#cancelRetry = clock.after(waitMs, () => this.flush());
  }
}
