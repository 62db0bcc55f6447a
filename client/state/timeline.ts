// Messages as they are read: parted by days, gathered by sender and time, the unsent ones at the end.
import type { Message } from "../../protocol/models.ts";
import type { Pending } from "./outbox.ts";

/** Messages of one sender stand together while no pause is longer than this. */
export const GROUP_PAUSE_MS = 5 * 60_000;

/** Where an entry stands in its group. */
export interface Place {
  isFirst: boolean;
  isLast: boolean;
}

export type TimelineItem =
  | { kind: "day"; key: string; at: string }
  | { kind: "unread"; key: string }
  | { kind: "system"; key: string; message: Message }
  | { kind: "message"; key: string; message: Message; place: Place }
  | { kind: "pending"; key: string; pending: Pending; place: Place };

export interface TimelineInput {
  messages: Message[];
  pending: Pending[];
  meId: string;
  unreadAfter: number | null;
  /** The calendar day of a time, where the reader is. */
  dayOf?: (at: string) => string;
}

interface Entry {
  at: string;
  /** Null: not part of any group. */
  senderId: string | null;
  message: Message | null;
  pending: Pending | null;
}

export function timeline(input: TimelineInput): TimelineItem[] {
  const { messages, pending, meId, unreadAfter, dayOf = localDay } = input;
  const entries: Entry[] = [
    ...messages.map((message): Entry => ({
      at: message.createdAt,
      senderId: message.kind === "text" ? message.senderId : null,
      message,
      pending: null,
    })),
    ...pending.map((pending): Entry => ({ at: pending.createdAt, senderId: meId, message: null, pending })),
  ];
  const items: TimelineItem[] = [];
  let day = "";
  let isLineDrawn = unreadAfter === null;
  let isCut = true;
  entries.forEach((entry, index) => {
    const itsDay = dayOf(entry.at);
    // A clock that is behind must not put an unsent message before today's line a second time.
    if (itsDay !== day && (entry.message || itsDay > day)) {
      items.push({ kind: "day", key: `day ${itsDay} ${entry.message?.seq ?? "unsent"}`, at: entry.at });
      day = itsDay;
      isCut = true;
    }
    if (!isLineDrawn && entry.message && entry.message.seq > unreadAfter! && entry.message.senderId !== meId) {
      items.push({ kind: "unread", key: "unread" });
      isLineDrawn = true;
      isCut = true;
    }
    const next = entries[index + 1];
    const place = {
      isFirst: isCut || !areTogether(entries[index - 1], entry),
      isLast: !next || dayOf(next.at) !== itsDay || !areTogether(entry, next),
    };
    items.push(toItem(entry, place, meId));
    isCut = false;
  });
  return items;
}

function toItem({ message, pending, senderId }: Entry, place: Place, meId: string): TimelineItem {
  if (pending) return { kind: "pending", key: pending.clientId, pending, place };
  if (senderId === null) return { kind: "system", key: `seq ${message!.seq}`, message: message! };
  // Our own keep the key they were sent under: the bubble stays the same one when the server's answer comes.
  const key = senderId === meId && message!.clientId ? message!.clientId : `seq ${message!.seq}`;
  return { kind: "message", key, message: message!, place };
}

function areTogether(one: Entry | undefined, next: Entry): boolean {
  return one !== undefined && one.senderId !== null && one.senderId === next.senderId &&
    Date.parse(next.at) - Date.parse(one.at) <= GROUP_PAUSE_MS;
}

/** year-month-day in the reader's own time zone; sorts as text. */
export function localDay(at: string | number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
