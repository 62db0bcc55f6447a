// The answer of `sync`: what changed in each conversation since a cursor, and a line for each of one's conversations.
import { z } from "zod";
import { Id } from "./ids.ts";
import { Cursor, Message, Position, SeqOrZero, Timestamp, Version } from "./models.ts";

export const SyncedConversation = z.strictObject({
  conversationId: Id,
  state: z.enum(["current", "changed", "more", "reset", "gone"]).describe(
    "current: nothing changed; changed: apply the messages; more: apply them and ask again from the new cursor; " +
      "reset: forget the messages and fetch the newest page; gone: you are not a participant",
  ),
  cursor: Cursor.nullable().describe("What the client has after applying the messages; null when gone or reset"),
  messages: z.array(Message),
  positions: z.array(Position).describe("Read and delivered positions as they are now"),
});
export type SyncedConversation = z.infer<typeof SyncedConversation>;

export const SyncedListEntry = z.strictObject({
  conversationId: Id,
  title: z.string().nullable(),
  participantCount: z.int().min(0),
  lastSeq: SeqOrZero,
  lastVersion: Version,
  lastActivityAt: Timestamp,
  lastReadSeq: SeqOrZero,
  unreadCount: z.int().min(0),
  archived: z.boolean(),
  mutedUntil: Timestamp.nullable(),
  markedUnread: z.boolean(),
});
export type SyncedListEntry = z.infer<typeof SyncedListEntry>;
