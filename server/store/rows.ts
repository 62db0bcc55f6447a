// Rows of PostgreSQL as the models that travel: snake_case in, camelCase out.
import type { Conversation, Listing, Message, Participant, SystemNote, User } from "../../protocol/models.ts";

/** A timestamp as postgres.js gives it (Date) or as PostgreSQL's JSON holds it (text). */
type Time = Date | string;

export function iso(time: Time): string {
  return new Date(time).toISOString();
}

function isoOrNull(time: Time | null): string | null {
  return time === null ? null : iso(time);
}

export interface MessageRow {
  conversation_id: string;
  seq: number;
  version: number;
  kind: "text" | "system";
  sender_id: string;
  client_id: string | null;
  body: string | null;
  system: SystemNote | null;
  reply_to_seq: number | null;
  created_at: Time;
  edited_at: Time | null;
  deleted_at: Time | null;
}

export function toMessage(row: MessageRow): Message {
  return {
    conversationId: row.conversation_id,
    seq: row.seq,
    version: row.version,
    kind: row.kind,
    senderId: row.sender_id,
    clientId: row.client_id,
    body: row.body,
    system: row.system,
    replyToSeq: row.reply_to_seq,
    createdAt: iso(row.created_at),
    editedAt: isoOrNull(row.edited_at),
    deletedAt: isoOrNull(row.deleted_at),
  };
}

export interface UserRow {
  id: string;
  name: string;
  username: string | null;
  picture: string | null;
  deactivated_at: Time | null;
}

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    username: row.username,
    picture: row.picture,
    deactivated: row.deactivated_at !== null,
  };
}

export interface ParticipantRow extends UserRow {
  resembles: boolean;
  participant_role: "admin" | "member";
  joined_at: Time;
  last_read_seq: number;
  last_delivered_seq: number;
}

/** One of those who are listed with a conversation. */
export interface ListedRow extends Omit<ParticipantRow, "resembles"> {
  skeleton: string | null;
  is_active: boolean;
  /** Null: all are listed, and can be held against one another here. */
  resembles: boolean | null;
}

function toListed(row: ListedRow, _at: number, all: ListedRow[]): Participant {
  const isAlike = (other: ListedRow) => other !== row && other.is_active && other.skeleton === row.skeleton;
  return toParticipant({ ...row, resembles: row.resembles ?? (row.skeleton !== null && all.some(isAlike)) });
}

export function toParticipant(row: ParticipantRow): Participant {
  return {
    user: toUser(row),
    resembles: row.resembles,
    role: row.participant_role,
    joinedAt: iso(row.joined_at),
    lastReadSeq: row.last_read_seq,
    lastDeliveredSeq: row.last_delivered_seq,
  };
}

export interface ConversationRow {
  id: string;
  kind: "direct" | "group";
  title: string | null;
  colour: number | null;
  created_by: string;
  created_at: Time;
  last_activity_at: Time;
  last_seq: number;
  last_version: number;
  participant_count: number;
  listing_id: string | null;
  listing_title: string | null;
  listing_url: string | null;
  listing_image_url: string | null;
  listing_price: number | null;
  listing_currency: string | null;
  listing_status: Listing["status"] | null;
  my_role: "admin" | "member";
  my_last_read_seq: number;
  my_archived: boolean;
  my_muted_until: Time | null;
  my_marked_unread: boolean;
  unread_count: number;
  participants: ListedRow[];
  last_message: MessageRow | null;
}

export function toConversation(row: ConversationRow): Conversation {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    colour: row.colour,
    listing: row.listing_id === null ? null : {
      id: row.listing_id,
      title: row.listing_title!,
      url: row.listing_url,
      imageUrl: row.listing_image_url,
      price: row.listing_price,
      currency: row.listing_currency,
      status: row.listing_status!,
    },
    createdBy: row.created_by,
    createdAt: iso(row.created_at),
    lastActivityAt: iso(row.last_activity_at),
    lastSeq: row.last_seq,
    lastVersion: row.last_version,
    participantCount: row.participant_count,
    participants: row.participants.map(toListed),
    lastMessage: row.last_message === null ? null : toMessage(row.last_message),
    unreadCount: row.unread_count,
    my: {
      role: row.my_role,
      lastReadSeq: row.my_last_read_seq,
      archived: row.my_archived,
      mutedUntil: isoOrNull(row.my_muted_until),
      markedUnread: row.my_marked_unread,
    },
  };
}
