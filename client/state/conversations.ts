// What the list knows: conversations by id, brought forward by answers and events, never back.
import type { Conversation, Message } from "../../protocol/models.ts";

export type Conversations = Record<string, Conversation>;

/** An answer may be older than the events that overtook it: the higher lastVersion stands, read positions only grow. */
export function withConversation(known: Conversations, incoming: Conversation): Conversations {
  const old = known[incoming.id];
  if (!old) return { ...known, [incoming.id]: incoming };
  const newer = incoming.lastVersion >= old.lastVersion ? incoming : old;
  const readSeq = Math.max(old.my.lastReadSeq, incoming.my.lastReadSeq);
  return { ...known, [incoming.id]: readUpTo(newer, readSeq) };
}

/**
 * The first page of the list, read afresh. Whatever we know that should stand on that page and does not, is gone
 * (left, archived elsewhere); `keep` names the one that is open, which its own page looks after.
 */
export function withFreshList(
  known: Conversations,
  page: Conversation[],
  isWhole: boolean,
  keep: string | null,
): Conversations {
  const onPage = new Set(page.map((conversation) => conversation.id));
  const end = isWhole ? "" : page.at(-1)?.lastActivityAt ?? "";
  let next: Conversations = {};
  for (const conversation of Object.values(known)) {
    const isGone = !onPage.has(conversation.id) && !conversation.my.archived && conversation.lastActivityAt > end;
    if (!isGone || conversation.id === keep) next[conversation.id] = conversation;
  }
  for (const conversation of page) next = withConversation(next, conversation);
  return next;
}

/** A message, new or changed, in the list: its text, its time, the unread count. */
export function withListMessage(known: Conversations, message: Message, meId: string): Conversations {
  const old = known[message.conversationId];
  if (!old) return known;
  const lastVersion = Math.max(old.lastVersion, message.version);
  if (message.seq <= old.lastSeq) {
    const isLast = old.lastMessage?.seq === message.seq && message.version > old.lastMessage.version;
    if (!isLast && lastVersion === old.lastVersion) return known;
    return { ...known, [old.id]: { ...old, lastVersion, lastMessage: isLast ? message : old.lastMessage } };
  }
  const isMine = message.senderId === meId;
  const isMuted = old.my.mutedUntil !== null && old.my.mutedUntil > message.createdAt;
  return {
    ...known,
    [old.id]: {
      ...old,
      lastSeq: message.seq,
      lastVersion,
      lastMessage: message,
      lastActivityAt: message.createdAt > old.lastActivityAt ? message.createdAt : old.lastActivityAt,
      unreadCount: isMine ? 0 : old.unreadCount + message.seq - old.lastSeq,
      my: {
        ...old.my,
        lastReadSeq: isMine ? message.seq : old.my.lastReadSeq,
        archived: old.my.archived && isMuted,
      },
    },
  };
}

/** Somebody has read up to a seq; it may be us, on another device. */
export function withRead(known: Conversations, id: string, userId: string, seq: number, meId: string): Conversations {
  const old = known[id];
  if (!old) return known;
  const participants = old.participants.map((participant) =>
    participant.user.id === userId && participant.lastReadSeq < seq ? { ...participant, lastReadSeq: seq } : participant
  );
  const next = { ...old, participants };
  return { ...known, [id]: userId === meId ? readUpTo(next, seq) : next };
}

export function withoutConversation(known: Conversations, id: string): Conversations {
  const { [id]: _gone, ...rest } = known;
  return rest;
}

function readUpTo(conversation: Conversation, seq: number): Conversation {
  if (seq <= conversation.my.lastReadSeq) return conversation;
  return {
    ...conversation,
    unreadCount: Math.min(conversation.unreadCount, Math.max(0, conversation.lastSeq - seq)),
    my: { ...conversation.my, lastReadSeq: seq },
  };
}

/** The list as it is shown: the latest activity first. */
export function inOrder(conversations: Conversations, archived = false): Conversation[] {
  return Object.values(conversations)
    .filter((conversation) => conversation.my.archived === archived)
    .sort((a, b) => b.lastActivityAt.localeCompare(a.lastActivityAt) || b.id.localeCompare(a.id));
}

/** Unread messages in all that is neither archived nor muted. */
export function unreadTotal(conversations: Conversations, nowIso: string): number {
  let total = 0;
  for (const { my, unreadCount } of Object.values(conversations)) {
    if (!my.archived && !(my.mutedUntil && my.mutedUntil > nowIso)) total += unreadCount;
  }
  return total;
}
