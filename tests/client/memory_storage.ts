// What a device keeps, in memory: the same promises as net/storage.ts, and it outlives the page that wrote it.
import type { Saved, SavedAccount, SavedThread, Storage } from "../../client/net/storage.ts";
import type { Pending } from "../../client/state/outbox.ts";

export class MemoryDevice {
  ownerId: string | null = null;
  account: SavedAccount | null = null;
  epoch: string | null = null;
  list: Pick<Saved, "conversations" | "people"> = { conversations: {}, people: {} };
  readonly threads = new Map<string, SavedThread>();
  readonly drafts = new Map<string, string>();
  readonly pending = new Map<string, Pending>();

  #forget(): void {
    this.ownerId = null;
    this.epoch = null;
    this.list = { conversations: {}, people: {} };
    for (const store of [this.threads, this.drafts, this.pending]) store.clear();
  }

  /** As a page opens it. */
  open(): Storage {
    return {
      loadAccount: () => Promise.resolve(this.account),
      saveAccount: (config, me) => void (this.account = structuredClone({ config, me })),
      forgetAccount: () => void (this.account = null),
      load: (ownerId) => {
        if (this.ownerId !== ownerId) this.#forget();
        this.ownerId = ownerId;
        return Promise.resolve(structuredClone({
          epoch: this.epoch,
          ...this.list,
          drafts: Object.fromEntries(this.drafts),
          pending: [...this.pending.values()],
          threadIds: [...this.threads.keys()],
        }));
      },
      loadThread: (id) => Promise.resolve(structuredClone(this.threads.get(id) ?? null)),
      saveConversation: (held) => {
        if (held.cursor === null || held.needsPage) return;
        this.threads.set(held.conversationId, structuredClone({ ...held, aside: [], checked: false }));
      },
      removeConversation: (id) => {
        this.threads.delete(id);
        this.drafts.delete(id);
      },
      saveList: (conversations, people) => void (this.list = structuredClone({ conversations, people })),
      saveDraft: (id, body) => void this.drafts.set(id, body),
      saveEpoch: (epoch) => {
        if (this.epoch !== null && this.epoch !== epoch) {
          this.threads.clear();
          this.list = { conversations: {}, people: {} };
        }
        this.epoch = epoch;
      },
      putPending: (pending) => {
        this.pending.set(pending.clientId, pending);
        return Promise.resolve();
      },
      removePending: (clientId) => {
        this.pending.delete(clientId);
        return Promise.resolve();
      },
      allPending: () => Promise.resolve([...this.pending.values()]),
      clear: () => {
        this.#forget();
        this.account = null;
        return Promise.resolve();
      },
    };
  }
}
