// Messages as they are read, for the rows that are drawn: parted by days, gathered by sender and time, the unsent ones last.
import type { Message } from "../../protocol/models.ts";
import type { Pending } from "./outbox.ts";
import type { Range } from "./row_window.ts";

/** Messages of one sender stand together while no pause is longer than this. */
export const GROUP_PAUSE_MS = 5 * 60_000;

export interface Entries {
  /** Oldest first, without holes: each row's position is its seq, the unsent ones follow. */
  messages: readonly Message[];
  pending: readonly Pending[];
  meId: string;
  /** The unread line stands after this seq; null: there is none. */
  unreadAfter: number | null;
  /** More can be loaded before the first message. */
  hasBefore: boolean;
  /** The calendar day of a time, where the reader is. */
  dayOf?: (at: string) => string;
}

export interface TimelineRow {
  /** One's own keep theirs from unsent to sent, so that the bubble stays the same one. */
  key: string;
  pos: number;
  message: Message | null;
  pending: Pending | null;
  /** A time of the day that begins here; null: the day goes on. */
  day: string | null;
  isUnreadStart: boolean;
  /** Its place in its group. */
  isFirst: boolean;
  isLast: boolean;
  /** The next one is of another minute: the time is shown here. */
  endsMinute: boolean;
}

export function boundsOf({ messages, pending }: Entries): Range {
  const from = messages[0]?.seq ?? 1;
  return { from, to: from + messages.length + pending.length };
}

/** The rows of a stretch; looks at nothing but them and their neighbours. */
export function timeline(entries: Entries, range: Range): TimelineRow[] {
  const bounds = boundsOf(entries);
  const unread = unreadPos(entries);
  const rows: TimelineRow[] = [];
  const begins = (pos: number) => pos === unread || beginsDay(entries, pos) || !isTogether(entries, pos);
  let isFirst = begins(range.from);
  for (let pos = range.from; pos < range.to; pos++) {
    const message = messageAt(entries, pos);
    const isLast = pos + 1 >= bounds.to || begins(pos + 1);
    rows.push({
      key: keyAt(entries, pos),
      pos,
      message,
      pending: message ? null : pendingAt(entries, pos),
      day: beginsDay(entries, pos) ? timeAt(entries, pos) : null,
      isUnreadStart: pos === unread,
      isFirst,
      isLast,
      endsMinute: isLast || minuteOf(timeAt(entries, pos)) !== minuteOf(timeAt(entries, pos + 1)),
    });
    isFirst = isLast;
  }
  return rows;
}

/** Before which row the unread line stands: the first unread one of somebody else. */
export function unreadPos(entries: Entries): number | null {
  const { messages, meId, unreadAfter } = entries;
  if (unreadAfter === null || isUnreadBefore(entries)) return null;
  const { from } = boundsOf(entries);
  for (let at = Math.max(0, unreadAfter + 1 - from); at < messages.length; at++) {
    if (messages[at]!.senderId !== meId) return from + at;
  }
  return null;
}

/** The unread ones begin before what is loaded. */
export function isUnreadBefore(entries: Entries): boolean {
  return entries.unreadAfter !== null && entries.hasBefore && entries.unreadAfter + 1 < boundsOf(entries).from;
}

export function keyAt(entries: Entries, pos: number): string {
  const message = messageAt(entries, pos);
  if (!message) return pendingAt(entries, pos)?.clientId ?? "";
  return message.senderId === entries.meId && message.clientId ? message.clientId : `seq ${message.seq}`;
}

/** The message with this seq, if it is loaded. */
export function messageAt({ messages }: Entries, pos: number): Message | null {
  return messages[pos - (messages[0]?.seq ?? 1)] ?? null;
}

function pendingAt({ messages, pending }: Entries, pos: number): Pending | null {
  return pending[pos - (messages[0]?.seq ?? 1) - messages.length] ?? null;
}

function timeAt(entries: Entries, pos: number): string {
  return messageAt(entries, pos)?.createdAt ?? pendingAt(entries, pos)?.createdAt ?? "";
}

function senderAt(entries: Entries, pos: number): string | null {
  const message = messageAt(entries, pos);
  if (message) return message.kind === "text" ? message.senderId : null;
  return pendingAt(entries, pos) && entries.meId;
}

function isTogether(entries: Entries, pos: number): boolean {
  const sender = senderAt(entries, pos);
  return sender !== null && sender === senderAt(entries, pos - 1) &&
    Date.parse(timeAt(entries, pos)) - Date.parse(timeAt(entries, pos - 1)) <= GROUP_PAUSE_MS;
}

function beginsDay(entries: Entries, pos: number): boolean {
  const { messages, dayOf = localDay } = entries;
  const first = boundsOf(entries).from;
  if (pos <= first) return true;
  const day = dayOf(timeAt(entries, pos));
  if (messageAt(entries, pos)) return day !== dayOf(timeAt(entries, pos - 1));
  // A clock that is behind must not put an unsent message before today's line a second time.
  const before = Math.max(first, first + messages.length - 1);
  for (let at = before; at < pos; at++) if (day <= dayOf(timeAt(entries, at))) return false;
  return true;
}

function minuteOf(at: string): number {
  return Math.floor(Date.parse(at) / 60_000);
}

/** year-month-day in the reader's own time zone; sorts as text. */
export function localDay(at: string | number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
