// What a client may ask over the socket. One JSON object a frame; the reply carries the same `ref`.
import { z } from "zod";
import { Id } from "./ids.ts";
import { DELIVERED_MAX_POSITIONS, MESSAGE_MAX_CHARS, SYNC_MAX_CURSORS, WATCH_MAX_CONVERSATIONS } from "./limits.ts";
import {
  Conversation,
  Cursor,
  Message,
  ParticipantRole,
  Position,
  PresenceOf,
  Seq,
  SeqOrZero,
  Timestamp,
} from "./models.ts";
import { AddParticipants, CreateConversation, SendMessage, SetTitle } from "./rest.ts";
import { SyncedConversation, SyncedListEntry } from "./sync.ts";
import { text } from "./text.ts";

/** The subprotocol that client and server must agree on (RFC 6455 §1.9). */
export const SUBPROTOCOL = "chautari.v1";

const Ref = z.string().min(1).max(64).describe("The client's own name for this request");

function command<Name extends string, Fields extends z.ZodRawShape, Result extends z.ZodRawShape>(
  name: Name,
  fields: Fields,
  result: Result,
) {
  return {
    input: z.strictObject({ ref: Ref, command: z.literal(name), ...fields }),
    result: z.strictObject(result),
  };
}

const inConversation = { conversationId: Id };
const ofMessage = { conversationId: Id, seq: Seq };

export const COMMANDS = {
  "message:send": command("message:send", { ...inConversation, ...SendMessage.shape }, { message: Message }),
  "message:edit": command("message:edit", { ...ofMessage, body: text(MESSAGE_MAX_CHARS) }, { message: Message }),
  "message:delete": command("message:delete", ofMessage, { message: Message }),
  "message:read": command("message:read", ofMessage, { lastReadSeq: SeqOrZero, unreadCount: z.int().min(0) }),
  "message:delivered": command("message:delivered", {
    positions: z.array(z.strictObject(ofMessage)).min(1).max(DELIVERED_MAX_POSITIONS),
  }, {}),
  "typing:start": command("typing:start", inConversation, {}),
  "typing:stop": command("typing:stop", inConversation, {}),
  "conversation:watch": command("conversation:watch", {
    conversationIds: z.array(Id).max(WATCH_MAX_CONVERSATIONS).describe(
      "What this connection has open; replaces what it had",
    ),
  }, {
    watched: z.array(z.strictObject({
      conversationId: Id,
      positions: z.array(Position),
      presence: z.array(PresenceOf),
      typing: z.array(Id).describe("Who else is typing now"),
    })),
  }),
  "conversation:create": command("conversation:create", { conversation: CreateConversation }, {
    conversation: Conversation,
  }),
  "conversation:rename": command("conversation:rename", { ...inConversation, ...SetTitle.shape }, {}),
  "conversation:leave": command("conversation:leave", inConversation, {}),
  "participant:add": command("participant:add", { ...inConversation, ...AddParticipants.shape }, {}),
  "participant:remove": command("participant:remove", { ...inConversation, userId: Id }, {}),
  "participant:role": command("participant:role", { ...inConversation, userId: Id, role: ParticipantRole }, {}),
  "user:status": command("user:status", { status: z.enum(["online", "away"]) }, {}),
  "session:renew": command("session:renew", { token: z.string().min(1).max(8192) }, { expiresAt: Timestamp }),
  "sync": command("sync", {
    epoch: Id.nullable().describe("The epoch of the cursors; null when there are none"),
    cursors: z.array(z.strictObject({ conversationId: Id, ...Cursor.shape })).max(SYNC_MAX_CURSORS),
    list: z.boolean().default(false).describe("True: also a line for each of my conversations"),
  }, {
    epoch: Id,
    reset: z.boolean().describe("True: the epoch is another; forget everything and fetch it again"),
    conversations: z.array(SyncedConversation),
    list: z.array(SyncedListEntry).nullable(),
    listComplete: z.boolean().describe("False: there are more conversations than the list holds"),
  }),
} as const;

export type CommandName = keyof typeof COMMANDS;
export type Command<Name extends CommandName = CommandName> = {
  [N in Name]: z.output<typeof COMMANDS[N]["input"]>;
}[Name];
/** A command as a client writes it, without the ref that its connection adds. */
export type CommandDraft<Name extends CommandName = CommandName> = {
  [N in Name]: Omit<z.input<typeof COMMANDS[N]["input"]>, "ref">;
}[Name];
export type CommandResult<Name extends CommandName = CommandName> = z.output<typeof COMMANDS[Name]["result"]>;
