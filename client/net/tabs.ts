// One person's tabs on one device: one of them sends and notifies at a time, all of them hear what the others do.
import type { Message } from "../../protocol/models.ts";
import type { FailureCode } from "../state/failure.ts";
import type { Pending } from "../state/outbox.ts";

/** What one tab tells the others. */
export type News =
  /** It was written, or is to be tried again: it is in storage by now. */
  | { type: "queued"; pending: Pending }
  | { type: "arrived"; message: Message }
  | { type: "refused"; clientId: string; code: FailureCode }
  /** It waits no more: discarded, or arrived, whichever way that was learned. */
  | { type: "discarded"; clientId: string }
  | { type: "draft"; conversationId: string; body: string }
  /** By choice: what this device kept is gone. */
  | { type: "signedOut" };

/** Between tabs only: one went out of sight, so that another one that is in sight had better send. */
type Hidden = { type: "hidden" };

export interface TabsOptions {
  /** Another tab's news. */
  onNews(news: News): void;
  /** From now on this tab sends: all that waits in storage is its to send, also what another tab left behind. */
  onSender(): void;
}

export interface Tabs {
  /** Where there are no locks (plain http) every tab sends: doubles are impossible by client id, only order may suffer. */
  readonly isSender: boolean;
  tell(news: News): void;
  close(): void;
}

/**
 * The tab that the person looked at last sends: it takes the lock from any other, because a tab out of sight may be
 * frozen and would never let go of it. A tab that closes or crashes leaves it to the next in the queue.
 */
export function createTabs(ownerId: string, { onNews, onSender }: TabsOptions): Tabs {
  const name = `chautari.${ownerId}`;
  let locks = navigator.locks as LockManager | undefined;
  const closed = new AbortController();
  const { signal } = closed;
  /** One's hold of the lock; another hold of our own may follow before the end of the last is heard of. */
  let holding: symbol | null = null;

  /** Resolves at the end of the hold; false: there was none. */
  async function hold(locks: LockManager, how: LockOptions): Promise<boolean> {
    const own = Symbol();
    let wasHeld = false;
    try {
      await locks.request(name, how, () => {
        if (signal.aborted) return;
        wasHeld = true;
        holding = own;
        onSender();
        return new Promise<void>((release) => signal.addEventListener("abort", () => release()));
      });
    } catch {
      // Taken by another tab, or closed while in the queue.
    }
    if (holding === own) holding = null;
    return wasHeld;
  }

  async function queue(): Promise<void> {
    while (locks && !signal.aborted) {
      // Refused: a page that the browser gives no locks to.
      if (!await hold(locks, { signal }) && !signal.aborted) locks = undefined;
    }
  }

  function claim(): void {
    if (locks && holding === null && document.visibilityState === "visible") hold(locks, { steal: true });
  }

  const channel = new BroadcastChannel(name);
  channel.addEventListener("message", ({ data }: MessageEvent<News | Hidden>) => {
    if (data.type === "hidden") claim();
    else onNews(data);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") claim();
    else channel.postMessage({ type: "hidden" } satisfies Hidden);
  }, { signal });

  claim();
  queue();

  return {
    get isSender() {
      return (!locks || holding !== null) && !signal.aborted;
    },
    tell: (news) => {
      if (!signal.aborted) channel.postMessage(news);
    },
    close: () => {
      closed.abort();
      channel.close();
    },
  };
}
