// What this device keeps of one person's messages, in IndexedDB: shown at once after a reload, and offline.
import type { Conversation, Me, User } from "../../protocol/models.ts";
import type { PublicConfig } from "../../protocol/rest.ts";
import type { Pending } from "../state/outbox.ts";
import type { Held } from "../state/replica_conversation.ts";
import { Database, type Work } from "./database.ts";
import * as rows from "./storage_rows.ts";

export type SavedThread = rows.SavedThread;

export interface Saved {
  epoch: string | null;
  conversations: Record<string, Conversation>;
  people: Record<string, User>;
  drafts: Record<string, string>;
  /** Oldest first. */
  pending: Pending[];
  /** Conversations whose messages are kept: `loadThread` brings them. */
  threadIds: string[];
}

export interface SavedAccount {
  config: PublicConfig;
  me: Me;
}

/**
 * Nothing here ever throws or rejects: where the browser keeps nothing (private windows, a full disk) the page works
 * without. What gives nothing back is written a moment later, together with what follows, and when the page goes away.
 */
export interface Storage {
  /** Who was here last; null: nobody, or they went away. */
  loadAccount(): Promise<SavedAccount | null>;
  saveAccount(config: PublicConfig, me: Me): void;
  /** The session ended: the next visitor is not shown what is kept; the same person, signed in again, finds it. */
  forgetAccount(): void;

  /** Opens what is kept of a person. All that is saved from here on is theirs, and whatever was another person's goes. */
  load(ownerId: string): Promise<Saved>;
  loadThread(id: string): Promise<SavedThread | null>;
  /** Its newest messages are kept. One of which nothing is certain (no cursor) is not saved over what is kept. */
  saveConversation(held: Held): void;
  /** Its messages and its draft go; its line goes with the list that lacks it. */
  removeConversation(id: string): void;
  /** All that the list knows: only what is not the same object as the last time is written. */
  saveList(conversations: Record<string, Conversation>, people: Record<string, User>): void;
  saveDraft(id: string, body: string): void;
  /** Another epoch than the one before: the messages and the list that were kept mean nothing, and go. */
  saveEpoch(epoch: string): void;

  /** Resolves when it is on the disk. One that is there already keeps its place in the order. */
  putPending(pending: Pending): Promise<void>;
  removePending(clientId: string): Promise<void>;
  /** Oldest first, also what other tabs have put. */
  allPending(): Promise<Pending[]>;

  /** Signed out by choice: nothing stays. */
  clear(): Promise<void>;
}

const SAVE_AFTER_MS = 300;
const NOTHING: rows.List = { conversations: {}, people: {} };

export function openStorage(name = "chautari"): Storage {
  const database = new Database({ name, version: rows.VERSION, upgrade: rows.createStores });
  let owner: string | null = null;
  let epoch: string | null = null;
  /** What the database has of the list, as objects of the state. */
  let written = NOTHING;
  let list: rows.List | null = null;
  let threads = new Map<string, Held | null>();
  let drafts = new Map<string, string>();
  let timer: ReturnType<typeof setTimeout> | null = null;

  async function read<Result>(stores: readonly string[], work: Work<Result>): Promise<Result | undefined> {
    return await database.run("readonly", stores, work).catch(() => undefined);
  }

  /** Null: it is written. Where the disk is full old threads make room: half of them, then all; the outbox never does. */
  async function write(
    stores: readonly string[],
    work: Work<void>,
    durability?: IDBTransactionDurability,
  ): Promise<DOMException | null> {
    let failure: DOMException | null = null;
    for (const dropped of [0, 0.5, 1]) {
      const room: Work<void> = (store) => rows.dropOldThreads(store, (count) => Math.ceil(count * dropped));
      try {
        if (dropped > 0) await database.run("readwrite", ["threads"], room);
        await database.run("readwrite", stores, work, durability);
        return null;
      } catch (error) {
        failure = error as DOMException;
        if (failure.name !== "QuotaExceededError") break;
      }
    }
    return failure;
  }

  function later(): void {
    timer ??= setTimeout(flush, SAVE_AFTER_MS);
  }

  function forgetUnwritten(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    list = null;
    threads = new Map();
    drafts = new Map();
  }

  async function flush(): Promise<void> {
    const ownerId = owner;
    const due = { list, threads, drafts };
    const before = written;
    forgetUnwritten();
    if (ownerId === null || (due.list === null && due.threads.size === 0 && due.drafts.size === 0)) return;
    if (due.list) written = due.list;
    const failure = await write(rows.BY_OWNER, (store) => {
      if (due.list) {
        rows.putChanged(store("conversations"), ownerId, before.conversations, due.list.conversations);
        rows.putChanged(store("people"), ownerId, before.people, due.list.people);
      }
      for (const [id, held] of due.threads) {
        const row = held && { held: rows.newestOf(held), savedAt: Date.now() } satisfies rows.ThreadRow;
        if (row) store("threads").put(row, [ownerId, id]);
        else store("threads").delete([ownerId, id]);
      }
      for (const [id, body] of due.drafts) {
        if (body === "") store("drafts").delete([ownerId, id]);
        else store("drafts").put({ id, body } satisfies rows.DraftRow, [ownerId, id]);
      }
      // Not left to the browser: of a page that is going away only what is committed counts.
      store("drafts").transaction.commit();
    });
    if (failure) written = NOTHING;
  }

  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush();
  });

  return {
    loadAccount: async () =>
      await read(["kept"], (store) => {
        const account: IDBRequest<SavedAccount | undefined> = store("kept").get("account");
        return () => account.result ?? null;
      }) ?? null,
    saveAccount: (config, me) => {
      write(["kept"], (store) => void store("kept").put({ config, me } satisfies SavedAccount, "account"));
    },
    forgetAccount: () => {
      write(["kept"], (store) => void store("kept").delete("account"));
    },

    async load(ownerId) {
      if (owner !== ownerId) forgetUnwritten();
      owner = ownerId;
      const found = await read(rows.ALL, (store) => rows.readAll(store, ownerId));
      const saved = found ?? { epoch: null, conversations: {}, people: {}, drafts: {}, pending: [], threadIds: [] };
      epoch = saved.epoch;
      written = { conversations: saved.conversations, people: saved.people };
      write([...rows.BY_OWNER, "outbox"], (store) => rows.tidy(store, ownerId, rows.SAVED_THREADS));
      return saved;
    },

    async loadThread(id) {
      const ownerId = owner;
      if (ownerId === null) return null;
      const unwritten = threads.get(id);
      if (unwritten !== undefined) return unwritten && rows.newestOf(unwritten);
      const row = await read(["threads"], (store) => {
        const thread: IDBRequest<rows.ThreadRow | undefined> = store("threads").get([ownerId, id]);
        return () => thread.result;
      });
      return row?.held ?? null;
    },

    saveConversation(held) {
      if (held.cursor === null || held.needsPage) return;
      threads.set(held.conversationId, held);
      later();
    },
    removeConversation(id) {
      threads.set(id, null);
      drafts.set(id, "");
      later();
    },
    saveList(conversations, people) {
      list = { conversations, people };
      later();
    },
    saveDraft(id, body) {
      drafts.set(id, body);
      later();
    },
    saveEpoch(next) {
      const ownerId = owner;
      if (ownerId === null || next === epoch) return;
      const isOther = epoch !== null;
      epoch = next;
      if (isOther) {
        written = NOTHING;
        list = null;
        threads = new Map();
      }
      write([...rows.BY_OWNER, "kept"], (store) => {
        store("kept").put({ ownerId, epoch: next } satisfies rows.EpochRow, "epoch");
        const meaningless = isOther ? ["conversations", "people", "threads"] : [];
        for (const name of meaningless) store(name).delete(rows.rowsOf(ownerId));
      });
    },

    async putPending(pending) {
      const ownerId = owner;
      if (ownerId === null) return;
      const row: rows.PendingRow = { ownerId, pending };
      const failure = await write(["outbox"], (store) => {
        store("outbox").add(row);
        store("outbox").transaction.commit();
      }, "strict");
      if (failure?.name !== "ConstraintError") return;
      await write(["outbox"], (store) => {
        const key = store("outbox").index("clientId").getKey(pending.clientId);
        key.onsuccess = () => key.result !== undefined && store("outbox").put(row, key.result);
      });
    },
    async removePending(clientId) {
      await write(["outbox"], (store) => {
        const key = store("outbox").index("clientId").getKey(clientId);
        key.onsuccess = () => key.result !== undefined && store("outbox").delete(key.result);
      });
    },
    async allPending() {
      const ownerId = owner;
      if (ownerId === null) return [];
      return await read(["outbox"], (store) => rows.readPending(store, ownerId)) ?? [];
    },

    async clear() {
      forgetUnwritten();
      owner = null;
      epoch = null;
      written = NOTHING;
      await write(rows.ALL, (store) => {
        for (const name of rows.ALL) store(name).clear();
      });
    },
  };
}
