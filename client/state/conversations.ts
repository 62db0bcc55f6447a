// What the list knows: conversations by id, brought forward by answers and events, never back.
import type { Conversation, Message, Position } from "../../protocol/models.ts";
import type { SyncedListEntry } from "../../protocol/sync.ts";

export type Conversations = Record<string, Conversation>;
/** The person's own settings of a conversation, as one of them changes. */
export type MyChange = Partial<Conversation["my"]>;

/**
 * An answer may be older than the messages that overtook it: those stand, and read positions only grow. A whole page at
 * once: a copy of thousands for each of its rows would be felt.
 */
export function withConversations(known: Conversations, incoming: readonly Conversation[]): Conversations {
  const next = { ...known };
  for (const one of incoming) {
    const old = known[one.id];
    const newer = !old || one.lastVersion >= old.lastVersion ? one : { ...one, ...messagesOf(old) };
    next[one.id] = old ? readUpTo(newer, old.my.lastReadSeq) : newer;
  }
  return next;
}

function messagesOf({ lastSeq, lastVersion, lastMessage, lastActivityAt, unreadCount }: Conversation) {
  return { lastSeq, lastVersion, lastMessage, lastActivityAt, unreadCount };
}

export interface FreshPage {
  conversations: Conversation[];
  archived: boolean;
  /** There is nothing after it. */
  isWhole: boolean;
  /** The one that is open: its own page looks after it. */
  keepId: string | null;
}

/**
 * The first page of a list, read afresh. Whatever we know that should stand on that page and does not, is gone (left,
 * archived elsewhere).
 */
export function withFreshList(
  known: Conversations,
  { conversations, archived, isWhole, keepId }: FreshPage,
): Conversations {
  const onPage = new Set(conversations.map((conversation) => conversation.id));
  const end = isWhole ? "" : conversations.at(-1)?.lastActivityAt ?? "";
  const next: Conversations = {};
  for (const conversation of Object.values(known)) {
    const { id, my, lastActivityAt } = conversation;
    const isGone = !onPage.has(id) && my.archived === archived && lastActivityAt > end;
    if (!isGone || id === keepId) next[id] = conversation;
  }
  return withConversations(next, conversations);
}

/** Messages, new or changed, in the list: their text, their time, the unread count. */
export function withListMessages(known: Conversations, messages: readonly Message[], meId: string): Conversations {
  let next = known;
  for (const message of messages) {
    const old = next[message.conversationId];
    const row = old && withMessage(old, message, meId);
    if (!row || row === old) continue;
    if (next === known) next = { ...known };
    next[row.id] = row;
  }
  return next;
}

function withMessage(old: Conversation, message: Message, meId: string): Conversation {
  const lastVersion = Math.max(old.lastVersion, message.version);
  if (message.seq <= old.lastSeq) {
    const isLast = message.seq === old.lastSeq && message.version > (old.lastMessage?.version ?? 0);
    if (!isLast && lastVersion === old.lastVersion) return old;
    return { ...old, lastVersion, lastMessage: isLast ? message : old.lastMessage };
  }
  // [P2] Who writes has read all before it; who only changes the conversation, where nothing was unread to them.
  const isMine = message.senderId === meId && (message.kind === "text" || old.my.lastReadSeq === message.seq - 1);
  const isMuted = old.my.mutedUntil !== null && old.my.mutedUntil > message.createdAt;
  return {
    ...old,
    lastSeq: message.seq,
    lastVersion,
    lastMessage: message,
    lastActivityAt: message.createdAt > old.lastActivityAt ? message.createdAt : old.lastActivityAt,
    // [P1] A position may overtake the messages that it counts: those are read already.
    unreadCount: isMine ? 0 : old.unreadCount + Math.max(0, message.seq - Math.max(old.lastSeq, old.my.lastReadSeq)),
    my: {
      ...old.my,
      lastReadSeq: isMine ? Math.max(message.seq, old.my.lastReadSeq) : old.my.lastReadSeq,
      archived: old.my.archived && isMuted,
      markedUnread: old.my.markedUnread && !(isMine && message.kind === "text"),
    },
  };
}

/** [R8] The lines of a sync. Its last message is not in a line: `lastSeq` tells that another one is to be fetched. */
export function withEntries(known: Conversations, entries: readonly SyncedListEntry[]): Conversations {
  const next = { ...known };
  for (const { conversationId: id, title, participantCount, ...line } of entries) {
    const old = next[id];
    // Events that overtook the answer know better.
    if (!old || line.lastVersion < old.lastVersion) continue;
    const { lastSeq, lastVersion, lastActivityAt, unreadCount, lastReadSeq, ...settings } = line;
    const row = { ...old, title, participantCount, lastSeq, lastVersion, lastActivityAt, unreadCount };
    next[id] = readUpTo({ ...row, my: { ...old.my, ...settings, lastReadSeq } }, old.my.lastReadSeq);
  }
  return next;
}

/** How far people have read and received; one of them may be us, on another device. However many rows: one copy. */
export function withRowPositions(
  known: Conversations,
  told: readonly { conversationId: string; positions: readonly Position[] }[],
  meId: string,
): Conversations {
  const next = { ...known };
  for (const { conversationId: id, positions } of told) {
    const old = next[id];
    if (!old) continue;
    const byId = new Map(positions.map((position) => [position.userId, position]));
    const participants = old.participants.map((participant) => {
      const position = byId.get(participant.user.id);
      if (!position) return participant;
      return {
        ...participant,
        lastReadSeq: Math.max(participant.lastReadSeq, position.lastReadSeq),
        lastDeliveredSeq: Math.max(participant.lastDeliveredSeq, position.lastDeliveredSeq),
      };
    });
    next[id] = readUpTo({ ...old, participants }, byId.get(meId)?.lastReadSeq ?? 0);
  }
  return next;
}

/** The person has read up to a seq on this device, which also takes the mark "unread" away. */
export function withRead(known: Conversations, id: string, seq: number): Conversations {
  const old = known[id];
  if (!old) return known;
  return { ...known, [id]: readUpTo({ ...old, my: { ...old.my, markedUnread: false } }, seq) };
}

export function withMy(known: Conversations, id: string, my: MyChange): Conversations {
  const old = known[id];
  return old ? { ...known, [id]: { ...old, my: { ...old.my, ...my } } } : known;
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
    my: { ...conversation.my, lastReadSeq: seq, markedUnread: false },
  };
}

/** The list as it is shown: the latest activity first. */
export function inOrder(conversations: Conversations, archived = false): Conversation[] {
  const byActivity = (a: Conversation, b: Conversation) =>
    compare(b.lastActivityAt, a.lastActivityAt) || compare(b.id, a.id);
  return Object.values(conversations).filter((conversation) => conversation.my.archived === archived).sort(byActivity);
}

/** ISO times and ids: no language's order, which would cost a hundred times as much. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
