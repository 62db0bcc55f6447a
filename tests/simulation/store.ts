// A store in memory behind the interface that rooms and routes see: tests hold it to the same contract as PostgreSQL.
import type { Conversation, User } from "../../protocol/models.ts";
import type { SyncedListEntry } from "../../protocol/sync.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import type { ConversationStore } from "../../server/store/conversations.ts";
import { decodeCursor, encodeCursor, UUID_PATTERN } from "../../server/store/cursor.ts";
import type { PresenceStore } from "../../server/store/presence.ts";
import type { Store } from "../../server/store/store.ts";
import {
  activeIn,
  appendNote,
  byText,
  type ConversationRow,
  isArchived,
  isListed,
  newParticipant,
  type Rows,
  seenBy,
  unreadIn,
} from "./rows.ts";
import { memoryMessages } from "./store_messages.ts";
import { memoryParticipants } from "./store_participants.ts";

/** All that a conversation needs of the store; signing in is simulated elsewhere. */
export type SimulatedStore = Pick<Store, "messages" | "participants" | "presence"> & {
  conversations: Pick<ConversationStore, "list" | "lists" | "find" | "openDirect" | "createGroup">;
  users: Pick<Store["users"], "findMany" | "findByExternalId">;
};

/** `now`: milliseconds since 1970. */
export function memoryStore(rows: Rows, now: () => number): SimulatedStore {
  return {
    messages: memoryMessages(rows, now),
    participants: memoryParticipants(rows, now),
    conversations: memoryConversations(rows, now),
    users: {
      findMany: (ids) => Promise.resolve(ids.flatMap((id): User[] => rows.users.get(id) ? [rows.users.get(id)!] : [])),
      findByExternalId: () => Promise.resolve(null),
    },
    presence: memoryPresence(),
  };
}

/** The viewer's, the most recently active first. */
function listOf(rows: Rows, viewerId: string): ConversationRow[] {
  return [...rows.conversations.values()]
    .filter((row) => row.participants.get(viewerId)?.isActive && isListed(row, viewerId))
    .sort((a, b) => b.lastActivityAt - a.lastActivityAt || byText(b.id, a.id));
}

function memoryConversations(rows: Rows, now: () => number): SimulatedStore["conversations"] {
  const make = (fields: Pick<ConversationRow, "id" | "kind" | "title" | "colour" | "listing" | "createdBy">) => {
    const row: ConversationRow = {
      ...fields,
      createdAt: now(),
      lastActivityAt: now(),
      lastSeq: 0,
      lastVersion: 0,
      messages: [],
      firstTexts: new Map(),
      bySender: new Map(),
      participants: new Map(),
    };
    rows.conversations.set(row.id, row);
    return row;
  };

  return {
    list({ viewerId, archived, cursor, limit }) {
      const [time, id] = cursor === undefined ? ["Infinity", "g"] : decodeCursor(cursor, /^\d+$/, UUID_PATTERN);
      const isAfter = (row: ConversationRow) =>
        row.lastActivityAt < Number(time) || row.lastActivityAt === Number(time) && row.id < id!;
      const found = listOf(rows, viewerId)
        .filter((row) => isArchived(row, row.participants.get(viewerId)!, now()) === archived && isAfter(row));
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const nextCursor = found.length > limit && last ? encodeCursor([String(last.lastActivityAt), last.id]) : null;
      return Promise.resolve({ conversations: shown.map((row) => seenBy(rows, row, viewerId, now())), nextCursor });
    },

    lists: (viewerIds, limit) =>
      Promise.resolve(
        new Map(viewerIds.map((viewerId) => [
          viewerId,
          listOf(rows, viewerId).slice(0, limit).map((row) => toLine(rows, row, viewerId, now())),
        ])),
      ),

    find(viewerId, id): Promise<Conversation | null> {
      const row = rows.active(id, viewerId) && rows.conversations.get(id);
      return Promise.resolve(row ? seenBy(rows, row, viewerId, now()) : null);
    },

    openDirect(askerId, otherId, listing) {
      const isIt = (row: ConversationRow) =>
        row.kind === "direct" && row.participants.has(askerId) && row.participants.has(otherId) &&
        (row.listing?.id ?? "") === (listing?.id ?? "");
      const known = [...rows.conversations.values()].find(isIt);
      if (known) {
        return Promise.resolve({ id: known.id, made: false, hasLeft: known.participants.get(askerId)!.hasLeft });
      }
      const row = make({ id: uuidv7(now()), kind: "direct", title: null, colour: null, listing, createdBy: askerId });
      const joinedAt = now();
      for (const userId of [askerId, otherId]) row.participants.set(userId, newParticipant(userId, joinedAt));
      return Promise.resolve({ id: row.id, made: true, hasLeft: false });
    },

    createGroup(makerId, title, memberIds, listing, colour = null) {
      const row = make({ id: uuidv7(now()), kind: "group", title, colour, listing, createdBy: makerId });
      // As in PostgreSQL, where one transaction has one time.
      const joinedAt = now();
      for (const userId of new Set([makerId, ...memberIds])) {
        row.participants.set(userId, newParticipant(userId, joinedAt));
      }
      row.participants.get(makerId)!.role = "admin";
      appendNote(row, makerId, { type: "created" }, now());
      return Promise.resolve(row.id);
    },
  };
}

function toLine(rows: Rows, row: ConversationRow, viewerId: string, now: number): SyncedListEntry {
  const { my, ...seen } = seenBy(rows, row, viewerId, now);
  return {
    conversationId: seen.id,
    title: seen.title,
    participantCount: activeIn(row).length,
    lastSeq: seen.lastSeq,
    lastVersion: seen.lastVersion,
    lastActivityAt: seen.lastActivityAt,
    lastReadSeq: my.lastReadSeq,
    unreadCount: unreadIn(row, row.participants.get(viewerId)!),
    archived: my.archived,
    mutedUntil: my.mutedUntil,
    markedUnread: my.markedUnread,
  };
}

function memoryPresence(): PresenceStore {
  const kept = new Map<string, { lastSeenAt: Date | null; hidden: boolean }>();
  const of = (userId: string) => kept.get(userId) ?? { lastSeenAt: null, hidden: false };
  return {
    find: (userIds) => Promise.resolve(userIds.map((userId) => ({ userId, ...of(userId) }))),
    seen(people) {
      for (const { userId, at } of people) {
        const before = of(userId);
        const lastSeenAt = before.lastSeenAt !== null && before.lastSeenAt > at ? before.lastSeenAt : at;
        kept.set(userId, { ...before, lastSeenAt });
      }
      return Promise.resolve();
    },
    setHidden(userId, hidden) {
      kept.set(userId, { ...of(userId), hidden });
      return Promise.resolve();
    },
  };
}
