// What a simulated store holds: conversations with their participants and messages, as PostgreSQL would have them.
import type { Conversation, Listing, Message, ParticipantRole, SystemNote, User } from "../../protocol/models.ts";
import { PREVIEW_PARTICIPANTS } from "../../protocol/limits.ts";

export interface ParticipantRow {
  userId: string;
  role: ParticipantRole;
  joinedAt: number;
  isActive: boolean;
  /** By their own will: only then may they come back to a direct conversation. */
  hasLeft: boolean;
  visibleAfterSeq: number;
  archivedSeq: number | null;
  mutedUntil: string | null;
  lastReadSeq: number;
  lastDeliveredSeq: number;
  markedUnread: boolean;
}

export interface ConversationRow {
  id: string;
  kind: "direct" | "group";
  title: string | null;
  colour: number | null;
  listing: Listing | null;
  createdBy: string;
  createdAt: number;
  lastActivityAt: number;
  lastSeq: number;
  lastVersion: number;
  /** By seq: the first stands at 0. Never changed in place. */
  messages: Message[];
  /** Of edited and deleted messages, by seq: the text that was sent. */
  firstTexts: Map<number, string>;
  bySender: Map<string, number>;
  participants: Map<string, ParticipantRow>;
}

export class Rows {
  readonly users = new Map<string, User>();
  readonly conversations = new Map<string, ConversationRow>();

  addUser(id: string, name: string): void {
    this.users.set(id, { id, name, username: null, picture: null, deactivated: false });
  }

  active(id: string, userId: string): ParticipantRow | null {
    const row = this.conversations.get(id)?.participants.get(userId);
    return row?.isActive ? row : null;
  }
}

export const iso = (ms: number): string => new Date(ms).toISOString();
export const byText = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;

export function activeIn({ participants }: ConversationRow): ParticipantRow[] {
  return [...participants.values()].filter((one) => one.isActive);
}

export function newParticipant(userId: string, joinedAt: number): ParticipantRow {
  return {
    userId,
    role: "member",
    joinedAt,
    isActive: true,
    hasLeft: false,
    visibleAfterSeq: 0,
    archivedSeq: null,
    mutedUntil: null,
    lastReadSeq: 0,
    lastDeliveredSeq: 0,
    markedUnread: false,
  };
}

/** As the triggers of migrations/0001 and 0004 do it: positions never go back, and who reads on takes the mark away. */
export function advance(row: ParticipantRow, read: number, delivered = read): void {
  if (read > row.lastReadSeq) row.markedUnread = false;
  row.lastReadSeq = Math.max(row.lastReadSeq, read);
  row.lastDeliveredSeq = Math.max(row.lastDeliveredSeq, delivered, row.lastReadSeq);
}

/** Appends what somebody did, under the next seq and version; they have read it where nothing unread stands before. */
export function appendNote(row: ConversationRow, actorId: string, system: SystemNote, now: number): Message {
  const message: Message = {
    conversationId: row.id,
    seq: ++row.lastSeq,
    version: ++row.lastVersion,
    kind: "system",
    senderId: actorId,
    clientId: null,
    body: null,
    system,
    replyToSeq: null,
    createdAt: iso(now),
    editedAt: null,
    deletedAt: null,
  };
  row.messages.push(message);
  row.lastActivityAt = now;
  const actor = row.participants.get(actorId);
  if (actor?.lastReadSeq === message.seq - 1) advance(actor, message.seq);
  return message;
}

/** As the view conversation_list of migrations/0004 has it. */
export function isListed({ kind, lastSeq, createdBy }: ConversationRow, viewerId: string): boolean {
  return kind === "group" || lastSeq > 0 || createdBy === viewerId;
}

export function isArchived({ lastSeq }: ConversationRow, mine: ParticipantRow, now: number): boolean {
  const isMuted = mine.mutedUntil !== null && Date.parse(mine.mutedUntil) > now;
  return mine.archivedSeq !== null && (mine.archivedSeq >= lastSeq || isMuted);
}

export function unreadIn({ lastSeq }: ConversationRow, { lastReadSeq, visibleAfterSeq }: ParticipantRow): number {
  return lastSeq - Math.max(lastReadSeq, visibleAfterSeq);
}

export function seenBy(rows: Rows, row: ConversationRow, viewerId: string, now: number): Conversation {
  const mine = row.participants.get(viewerId)!;
  const people = row.kind === "direct" ? [...row.participants.values()] : activeIn(row);
  const shown = people.toSorted((a, b) =>
    Number(b.userId === viewerId) - Number(a.userId === viewerId) || a.joinedAt - b.joinedAt ||
    byText(a.userId, b.userId)
  );
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    colour: row.colour,
    listing: row.listing,
    createdBy: row.createdBy,
    createdAt: iso(row.createdAt),
    lastActivityAt: iso(row.lastActivityAt),
    lastSeq: row.lastSeq,
    lastVersion: row.lastVersion,
    participantCount: activeIn(row).length,
    participants: shown.slice(0, PREVIEW_PARTICIPANTS).map((one) => ({
      user: rows.users.get(one.userId)!,
      resembles: false,
      role: one.role,
      joinedAt: iso(one.joinedAt),
      lastReadSeq: one.lastReadSeq,
      lastDeliveredSeq: one.lastDeliveredSeq,
    })),
    lastMessage: row.lastSeq > mine.visibleAfterSeq ? row.messages[row.lastSeq - 1] ?? null : null,
    unreadCount: unreadIn(row, mine),
    my: {
      role: mine.role,
      lastReadSeq: mine.lastReadSeq,
      archived: isArchived(row, mine, now),
      mutedUntil: mine.mutedUntil,
      markedUnread: mine.markedUnread,
    },
  };
}
