// One conversation as a client holds it: messages by seq, and a cursor that never passes over what was missed.
import type { Cursor, Message, Position } from "../../protocol/models.ts";
import type { MessagePage } from "../../protocol/rest.ts";
import type { SyncedConversation, SyncedListEntry } from "../../protocol/sync.ts";
import { indexOfSeq, mergeMessages, unbroken } from "./messages.ts";

export interface Held {
  readonly conversationId: string;
  /** Every change up to `version` of every message up to `seq` is here. Null: nothing is certain yet. */
  readonly cursor: Cursor | null;
  /** By seq, from `firstSeq` on. Beyond the cursor there may be holes. */
  readonly messages: readonly Message[];
  /** Earlier messages are not held: they are paged in when somebody scrolls up. 0: all that is ours is here. */
  readonly firstSeq: number;
  /** Changes of messages before `firstSeq`: a page that was read before them must not undo them. */
  readonly aside: readonly Message[];
  /** The highest seq and version that are known to exist: above the cursor's, something was missed. */
  readonly heard: Cursor;
  /** Asked about on this connection. */
  readonly checked: boolean;
  /** The server cannot resume this one: its newest page is to be fetched. */
  readonly needsPage: boolean;
  readonly positions: Readonly<Record<string, Position>>;
  /** Its line in the list; null until a sync brings it. */
  readonly entry: SyncedListEntry | null;
}

type Page = Pick<MessagePage, "messages" | "hasBefore">;

export function emptyHeld(conversationId: string): Held {
  return {
    conversationId,
    cursor: null,
    messages: [],
    firstSeq: 0,
    aside: [],
    heard: { seq: 0, version: 0 },
    checked: false,
    needsPage: false,
    positions: {},
    entry: null,
  };
}

/** [R10] Something was missed, or may have been. */
export function isBehind({ cursor, heard, checked }: Held): boolean {
  return !checked || cursor === null || !reaches(cursor, heard);
}

/**
 * Live messages. The cursor goes on only where nothing lies between: what is beyond a gap is kept, and waits for a sync.
 * However many come at once, each meets the cursor as those before it have left it.
 */
export function withLiveMessages(held: Held, messages: readonly Message[]): Held {
  let { cursor } = held;
  const ours: Message[] = [];
  for (const message of messages) {
    if (isPast(cursor, held.firstSeq, message)) continue;
    cursor = onward(cursor, message);
    ours.push(message);
  }
  return { ...withAuthorsRead(placed(held, ours), ours), cursor };
}

/**
 * [R9] Up to the cursor all that is ours is here. What comes again, as the answer to something that was sent in an earlier
 * time in the conversation, would stand before a hole.
 */
function isPast(cursor: Cursor | null, firstSeq: number, { seq, version }: Message): boolean {
  return cursor !== null && seq >= firstSeq && seq <= cursor.seq && version <= cursor.version;
}

function onward(cursor: Cursor | null, { seq, version }: Message): Cursor | null {
  if (cursor === null || version !== cursor.version + 1) return cursor;
  // After half an answer the cursor's seq lies behind its version: a message further on does not close that gap.
  return { seq: seq === cursor.seq + 1 ? seq : cursor.seq, version };
}

/** What `sync` answered to a question with the cursor `asked`. */
export function withAnswer(held: Held, asked: Cursor, answer: SyncedConversation): Held {
  if (answer.state === "reset") {
    return { ...emptyHeld(held.conversationId), needsPage: true, entry: held.entry, positions: held.positions };
  }
  // Left and come back while the question was under way: an answer that builds on what we forgot is of no use.
  if (answer.cursor === null || (held.cursor === null && asked.version > 0)) return held;
  // Asked from the start, so all that is ours begins with it; to any other question the server says `reset` where less is ours.
  const ours = asked.version > 0 ? held : beginningAt(held, answer.messages[0]?.seq ?? answer.cursor.seq + 1);
  const next = withPositions(placed(ours, answer.messages), answer.positions);
  const cursor = next.cursor !== null && reaches(next.cursor, answer.cursor) ? next.cursor : answer.cursor;
  return { ...next, cursor, heard: highest(next.heard, cursor), checked: answer.state !== "more" };
}

/** The newest page, read no earlier than the conversation was found to be at `at`; it begins anew from there. */
export function withNewestPage(held: Held, page: Page, at: Cursor): Held {
  const firstSeq = page.hasBefore ? page.messages[0]?.seq ?? 0 : 0;
  const ours = page.hasBefore ? held : beginningAt(held, page.messages[0]?.seq ?? at.seq + 1);
  const next = placed({ ...ours, firstSeq }, page.messages);
  return { ...next, cursor: at, heard: highest(next.heard, at), checked: false, needsPage: false };
}

/** The page before `firstSeq`. One that ends elsewhere was asked for before a reset: what it holds may not be ours now. */
export function withOlderPage(held: Held, page: Page): Held {
  const last = page.messages.at(-1);
  if (last && last.seq !== held.firstSeq - 1) return held;
  const firstSeq = page.messages[0]?.seq ?? held.firstSeq;
  if (page.hasBefore) return placed({ ...held, firstSeq }, page.messages);
  return placed({ ...beginningAt(held, firstSeq), firstSeq: 0 }, page.messages);
}

/** [P1] Positions only grow, whatever order they are heard in. */
export function withPositions(held: Held, incoming: readonly Position[]): Held {
  if (incoming.length === 0) return held;
  const positions = { ...held.positions };
  for (const position of incoming) raise(positions, position);
  return { ...held, positions };
}

function raise(positions: Record<string, Position>, { userId, lastReadSeq, lastDeliveredSeq }: Position): void {
  const old = positions[userId];
  const read = Math.max(lastReadSeq, old?.lastReadSeq ?? 0);
  positions[userId] = {
    userId,
    lastReadSeq: read,
    lastDeliveredSeq: Math.max(read, lastDeliveredSeq, old?.lastDeliveredSeq ?? 0),
  };
}

/** What a view may show: without what lies behind a hole. */
export function withoutHoles({ messages }: Held): readonly Message[] {
  return unbroken(messages);
}

/** [P2] Unread messages of a person; 0 while it is not known how far they have read. */
export function unreadOf({ heard, positions }: Held, userId: string): number {
  return Math.max(0, heard.seq - (positions[userId]?.lastReadSeq ?? heard.seq));
}

export function highest(a: Cursor, b: Cursor): Cursor {
  return { seq: Math.max(a.seq, b.seq), version: Math.max(a.version, b.version) };
}

function reaches(cursor: Cursor, other: Cursor): boolean {
  return cursor.seq >= other.seq && cursor.version >= other.version;
}

/**
 * [R9] What is ours begins with `seq`. Earlier messages were heard in an earlier time in the conversation: somebody was put
 * out and added again, and did not hear of it.
 */
function beginningAt(held: Held, seq: number): Held {
  const isOurs = (message: Message) => message.seq >= seq;
  return { ...held, messages: held.messages.filter(isOurs), aside: held.aside.filter(isOurs) };
}

function placed(held: Held, incoming: readonly Message[]): Held {
  if (incoming.length === 0 && held.aside.length === 0) return held;
  const known = held.aside.length === 0 ? held.messages : [...held.aside, ...held.messages];
  const all = mergeMessages(known, incoming);
  const split = indexOfSeq(all, held.firstSeq);
  return {
    ...held,
    messages: split === 0 ? all : all.slice(split),
    aside: all.slice(0, split),
    heard: incoming.reduce(highest, held.heard),
  };
}

/** [P2] Who writes has read all up to it; who only changes the conversation, where nothing was unread to them. */
function withAuthorsRead(held: Held, messages: readonly Message[]): Held {
  const positions = { ...held.positions };
  for (const { kind, senderId, seq } of messages) {
    const hasRead = kind === "text" || positions[senderId]?.lastReadSeq === seq - 1;
    if (hasRead) raise(positions, { userId: senderId, lastReadSeq: seq, lastDeliveredSeq: seq });
  }
  return { ...held, positions };
}
