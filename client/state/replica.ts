// All that a client holds of its conversations, and how it stays right: by events, and by syncs that find what it missed.
import type { CommandDraft, CommandResult } from "../../protocol/commands.ts";
import type { Event } from "../../protocol/frames.ts";
import { SYNC_MAX_CURSORS } from "../../protocol/limits.ts";
import type { Conversation, Cursor, Message, Position } from "../../protocol/models.ts";
import type { MessagePage } from "../../protocol/rest.ts";
import type { SyncedListEntry } from "../../protocol/sync.ts";
import {
  emptyHeld,
  type Held,
  highest,
  isBehind,
  withAnswer,
  withLiveMessages,
  withNewestPage,
  withOlderPage,
  withPositions,
} from "./replica_conversation.ts";

export interface Replica {
  readonly meId: string;
  /** Everything that is heard of, or only conversations that were opened or kept: `withOpened`, `withKept`. */
  readonly holds: "all" | "opened";
  /** Of the data that this is a copy of; null before the first connection. */
  readonly epoch: string | null;
  readonly conversations: Readonly<Record<string, Held>>;
  /** The list is to be asked for: what is new, renamed or archived shows only there. */
  readonly listIsDue: boolean;
}

const START: Cursor = { seq: 0, version: 0 };

export function emptyReplica(meId: string, holds: Replica["holds"] = "all"): Replica {
  return { meId, holds, epoch: null, conversations: {}, listIsDue: true };
}

/** Somebody wants to see it: from now on it is held, once its newest page is fetched. */
export function withOpened(replica: Replica, id: string): Replica {
  if (replica.conversations[id]) return replica;
  return { ...replica, conversations: { ...replica.conversations, [id]: { ...emptyHeld(id), needsPage: true } } };
}

/** What this device kept of it; whatever has come meanwhile is newer. */
export function withKept(replica: Replica, held: Held): Replica {
  const { conversationId: id } = held;
  if (replica.conversations[id] && replica.conversations[id].cursor !== null) return replica;
  return { ...replica, conversations: { ...replica.conversations, [id]: { ...held, checked: false } } };
}

/** [C4] A new connection: what came while there was none is not known. Another epoch: nothing that we hold means anything. */
export function withWelcome(replica: Replica, epoch: string): Replica {
  if (replica.epoch !== null && replica.epoch !== epoch) return { ...emptyReplica(replica.meId, replica.holds), epoch };
  return { ...withDoubt(replica), epoch };
}

/** [R10] Asks about everything again: on a new connection, and now and then on a quiet one (there not always the list). */
export function withDoubt(replica: Replica, { list = true } = {}): Replica {
  const conversations: Record<string, Held> = {};
  for (const [id, held] of Object.entries(replica.conversations)) conversations[id] = { ...held, checked: false };
  return { ...replica, conversations, listIsDue: list || replica.listIsDue };
}

/** Live messages, in the order they came in. */
export function withMessages(replica: Replica, messages: readonly Message[]): Replica {
  const byConversation = new Map<string, Message[]>();
  for (const message of messages) {
    const others = byConversation.get(message.conversationId);
    if (others) others.push(message);
    else byConversation.set(message.conversationId, [message]);
  }
  let next = replica;
  for (const [id, its] of byConversation) next = changed(next, id, (held) => withLiveMessages(held, its));
  return next;
}

/** What the server tells by itself; typing and presence are not kept here. */
export function withEvent(replica: Replica, event: Event): Replica {
  switch (event.event) {
    case "welcome":
      return withWelcome(replica, event.epoch);
    case "message":
      return withMessages(replica, [event.message]);
    case "conversation":
      // Who holds only what was opened looks at this one alone.
      if (replica.holds === "opened") return replica;
      return { ...changed(replica, event.conversationId, (held) => held), listIsDue: true };
    case "conversation:left":
      return without(replica, event.conversationId);
    case "positions":
      return withPositionsOf(replica, event.conversationId, event.positions);
    default:
      return replica;
  }
}

export type Sync = CommandDraft<"sync">;

/** The syncs to ask now, one after the other; none: all that is here is current. Ask again what is due after each answer. */
export function syncsDue(replica: Replica): Sync[] {
  const cursors = Object.values(replica.conversations)
    .filter((held) => isBehind(held) && !held.needsPage)
    .map(({ conversationId, cursor }) => ({ conversationId, ...(cursor ?? START) }));
  const syncs: Sync[] = [];
  for (let from = 0; from < cursors.length || (from === 0 && replica.listIsDue); from += SYNC_MAX_CURSORS) {
    syncs.push({
      command: "sync",
      epoch: replica.epoch,
      cursors: cursors.slice(from, from + SYNC_MAX_CURSORS),
      list: from === 0 && replica.listIsDue,
    });
  }
  return syncs;
}

/** The list was asked for: what changes from now on makes it due again, also before the answer comes. */
export function withSyncAsked(replica: Replica, { list }: Sync): Replica {
  return list ? { ...replica, listIsDue: false } : replica;
}

/** The answer to `sync`; it came on the connection that is open. */
export function withSync(replica: Replica, sync: Sync, answer: CommandResult<"sync">): Replica {
  if (answer.reset) return { ...emptyReplica(replica.meId, replica.holds), epoch: answer.epoch };
  const asked = new Map(sync.cursors.map((cursor) => [cursor.conversationId, cursor]));
  let next = replica;
  for (const one of answer.conversations) {
    const held = next.conversations[one.conversationId];
    if (one.state === "gone") next = without(next, one.conversationId);
    else if (held) {
      next = changed(next, one.conversationId, (held) => withAnswer(held, asked.get(one.conversationId)!, one));
    }
  }
  for (const entry of answer.list ?? []) next = withEntry(next, entry);
  return next;
}

/** Conversations that cannot be resumed: the newest page of each is to be fetched. */
export function pagesDue(replica: Replica): string[] {
  return Object.values(replica.conversations).filter((held) => held.needsPage).map((held) => held.conversationId);
}

/** What was fetched of a conversation: it is held from this page on, and asked about from there. */
export function withDetail(
  replica: Replica,
  { conversation, page }: { conversation: Conversation; page: Pick<MessagePage, "messages" | "hasBefore"> },
): Replica {
  const { id, lastSeq, lastVersion, my, participants } = conversation;
  if (!replica.conversations[id]?.needsPage) return replica;
  const read = { userId: replica.meId, lastReadSeq: my.lastReadSeq, lastDeliveredSeq: my.lastReadSeq };
  const positions = participants.map(({ user, lastReadSeq, lastDeliveredSeq }) => ({
    userId: user.id,
    lastReadSeq,
    lastDeliveredSeq,
  }));
  const at = { seq: lastSeq, version: lastVersion };
  return changed(replica, id, (held) => withPositions(withNewestPage(held, page, at), [...positions, read]));
}

export function withOlder(replica: Replica, id: string, page: Pick<MessagePage, "messages" | "hasBefore">): Replica {
  return replica.conversations[id] ? changed(replica, id, (held) => withOlderPage(held, page)) : replica;
}

/** One's own position, as the answer to `message:read` tells it. */
export function withReadAnswer(replica: Replica, id: string, lastReadSeq: Position["lastReadSeq"]): Replica {
  return withPositionsOf(replica, id, [{ userId: replica.meId, lastReadSeq, lastDeliveredSeq: lastReadSeq }]);
}

export function withPositionsOf(replica: Replica, id: string, positions: readonly Position[]): Replica {
  return replica.conversations[id] ? changed(replica, id, (held) => withPositions(held, positions)) : replica;
}

/** No participant any more: nothing of it stays. */
export function without(replica: Replica, id: string): Replica {
  const { [id]: _gone, ...conversations } = replica.conversations;
  return { ...replica, conversations };
}

function withEntry(replica: Replica, entry: SyncedListEntry): Replica {
  const { conversationId, lastSeq, lastVersion, lastReadSeq } = entry;
  const read = { userId: replica.meId, lastReadSeq, lastDeliveredSeq: lastReadSeq };
  return changed(replica, conversationId, (held) => ({
    ...withPositions(held, [read]),
    entry,
    heard: highest(held.heard, { seq: lastSeq, version: lastVersion }),
  }));
}

function changed(replica: Replica, id: string, change: (held: Held) => Held): Replica {
  if (!replica.conversations[id] && replica.holds === "opened") return replica;
  const held = replica.conversations[id] ?? emptyHeld(id);
  return { ...replica, conversations: { ...replica.conversations, [id]: change(held) } };
}
