// The stores of the page's database: how rows are keyed, what of a conversation is kept, and whose they are.
import type { Conversation, User } from "../../protocol/models.ts";
import type { Pending } from "../state/outbox.ts";
import { type Held, withoutHoles } from "../state/replica_conversation.ts";

/** A change of the stores takes the next number and a step in `createStores`. */
export const VERSION = 1;
export const SAVED_MESSAGES = 100;
export const SAVED_THREADS = 200;

/** Keyed by [owner, id], so that a late write for one person never meets what is another's. */
export const BY_OWNER = ["conversations", "people", "threads", "drafts"] as const;
/** `kept`: the account that was here last, and the epoch. `outbox`: numbered by the database, in order over all tabs. */
export const ALL = [...BY_OWNER, "kept", "outbox"] as const;

/** A conversation as it was held, with its newest messages only; `checked` is false and `aside` empty. */
export type SavedThread = Held;

export interface ThreadRow {
  held: SavedThread;
  savedAt: number;
}
export interface DraftRow {
  id: string;
  body: string;
}
export interface PendingRow {
  ownerId: string;
  pending: Pending;
}
export interface EpochRow {
  ownerId: string;
  epoch: string;
}
export interface List {
  conversations: Readonly<Record<string, Conversation>>;
  people: Readonly<Record<string, User>>;
}

type Stores = (name: string) => IDBObjectStore;

export function createStores(database: IDBDatabase, from: number): void {
  if (from > 0) return;
  for (const name of BY_OWNER) database.createObjectStore(name);
  database.createObjectStore("kept");
  database.createObjectStore("outbox", { autoIncrement: true }).createIndex("clientId", "pending.clientId", {
    unique: true,
  });
}

/** All keys of one owner: an array sorts after everything that is none. */
export function rowsOf(ownerId: string): IDBKeyRange {
  return IDBKeyRange.bound([ownerId], [ownerId, []]);
}

export function readAll(store: Stores, ownerId: string) {
  const range = rowsOf(ownerId);
  const epoch: IDBRequest<EpochRow | undefined> = store("kept").get("epoch");
  const conversations: IDBRequest<Conversation[]> = store("conversations").getAll(range);
  const people: IDBRequest<User[]> = store("people").getAll(range);
  const drafts: IDBRequest<DraftRow[]> = store("drafts").getAll(range);
  const threads = store("threads").getAllKeys(range);
  const pending = readPending(store, ownerId);
  return () => ({
    epoch: epoch.result?.ownerId === ownerId ? epoch.result.epoch : null,
    conversations: byId(conversations.result),
    people: byId(people.result),
    drafts: Object.fromEntries(drafts.result.map(({ id, body }) => [id, body])),
    threadIds: threads.result.map((key) => (key as [string, string])[1]),
    pending: pending(),
  });
}

export function readPending(store: Stores, ownerId: string): () => Pending[] {
  const rows: IDBRequest<PendingRow[]> = store("outbox").getAll();
  return () => rows.result.filter((row) => row.ownerId === ownerId).map(({ pending }) => pending);
}

/** What is not this owner's goes, and the threads that were saved the longest ago, down to so many. */
export function tidy(store: Stores, ownerId: string, threadsLeft: number): void {
  for (const name of BY_OWNER) {
    store(name).delete(IDBKeyRange.upperBound([ownerId], true));
    store(name).delete(IDBKeyRange.lowerBound([ownerId, []], true));
  }
  const outbox = store("outbox").openCursor();
  outbox.onsuccess = () => {
    if (outbox.result === null) return;
    if ((outbox.result.value as PendingRow).ownerId !== ownerId) outbox.result.delete();
    outbox.result.continue();
  };
  dropOldThreads(store, (count) => count - threadsLeft);
}

/** @param excess how many of so many are to go */
export function dropOldThreads(store: Stores, excess: (count: number) => number): void {
  const keys = store("threads").getAllKeys();
  keys.onsuccess = () => {
    const count = excess(keys.result.length);
    if (count <= 0) return;
    const rows: IDBRequest<ThreadRow[]> = store("threads").getAll();
    rows.onsuccess = () => {
      const ages = rows.result.map(({ savedAt }, index) => ({ savedAt, key: keys.result[index]! }));
      ages.sort((a, b) => a.savedAt - b.savedAt);
      for (const { key } of ages.slice(0, count)) store("threads").delete(key);
    };
  };
}

/** Only what is not the same object as before. */
export function putChanged<Row>(
  store: IDBObjectStore,
  ownerId: string,
  before: Readonly<Record<string, Row>>,
  now: Readonly<Record<string, Row>>,
): void {
  for (const id in now) if (now[id] !== before[id]) store.put(now[id], [ownerId, id]);
  for (const id in before) if (!(id in now)) store.delete([ownerId, id]);
}

/** The newest messages without a hole; what is behind one is asked for again. */
export function newestOf(held: Held): SavedThread {
  const whole = withoutHoles(held);
  const messages = whole.slice(-SAVED_MESSAGES);
  const firstSeq = messages.length < whole.length ? messages[0]!.seq : held.firstSeq;
  return { ...held, messages, firstSeq, aside: [], checked: false };
}

function byId<Row extends { id: string }>(rows: Row[]): Record<string, Row> {
  return Object.fromEntries(rows.map((row) => [row.id, row]));
}
