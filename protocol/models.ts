// The things that travel: people, listings, conversations, messages. One definition for both ends.
import { z } from "zod";
import { ClientId, Id } from "./ids.ts";
import { EXTERNAL_ID_MAX_CHARS, GROUP_COLOURS, TITLE_MAX_CHARS, URL_MAX_CHARS } from "./limits.ts";
import { line, titleLine, webUrl } from "./text.ts";

export const Timestamp = z.iso.datetime().describe("UTC, ISO 8601, milliseconds");

/** A message's place in its conversation: 1, 2, 3, … without a gap; never changes. */
export const Seq = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
/** A place between messages: 0 stands before the first. */
export const SeqOrZero = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
/** A change's place in its conversation. */
export const Version = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

export const UserRole = z.enum(["owner", "admin", "member"]).describe("What a person may do on the installation");
export type UserRole = z.infer<typeof UserRole>;

export const User = z.strictObject({
  id: Id,
  name: z.string(),
  username: z.string().nullable().describe("Null for people who come from the host site"),
  picture: z.string().nullable().describe("Address of a picture; null: show initials"),
  deactivated: z.boolean(),
}).meta({ id: "User", description: "What anyone who shares a conversation may know of a person" });
export type User = z.infer<typeof User>;

export const Me = z.strictObject({
  ...User.shape,
  externalId: z.string().nullable().describe("The host site's id of the person (`sub`)"),
  locale: z.string().nullable(),
  role: UserRole,
  hidesPresence: z.boolean().describe("True: nobody sees when I am here"),
}).meta({ id: "Me", description: "The person who is asking" });
export type Me = z.infer<typeof Me>;

export const LISTING_STATUSES = ["active", "reserved", "sold", "removed"] as const;
export const LISTING_PRICE_MAX = 999_999_999_999.99;

export const Listing = z.strictObject({
  id: line(EXTERNAL_ID_MAX_CHARS).describe("The site's id of the ad"),
  title: titleLine(TITLE_MAX_CHARS * 2),
  url: webUrl(URL_MAX_CHARS).nullable().default(null),
  imageUrl: webUrl(URL_MAX_CHARS).nullable().default(null),
  price: z.number().min(0).max(LISTING_PRICE_MAX).multipleOf(0.01).nullable().default(null),
  currency: z.string().regex(/^[A-Z]{3}$/, "must be an ISO 4217 code of three capital letters").nullable().default(
    null,
  ),
  status: z.enum(LISTING_STATUSES).default("active"),
}).meta({ id: "Listing", description: "The ad that a conversation is about" });
export type Listing = z.infer<typeof Listing>;

export const ParticipantRole = z.enum(["admin", "member"]).describe("What a participant may do in the group");
export type ParticipantRole = z.infer<typeof ParticipantRole>;

export const Participant = z.strictObject({
  user: User,
  resembles: z.boolean().describe("Another participant of this conversation has a name that looks the same"),
  role: ParticipantRole,
  joinedAt: Timestamp,
  lastReadSeq: SeqOrZero,
  lastDeliveredSeq: SeqOrZero,
}).meta({ id: "Participant" });
export type Participant = z.infer<typeof Participant>;

/** What a message of kind `system` says; its sender is who did it. */
export const SystemNote = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("created") }),
  z.strictObject({ type: z.literal("renamed"), title: z.string() }),
  z.strictObject({ type: z.literal("added"), userIds: z.array(Id) }),
  z.strictObject({ type: z.literal("removed"), userIds: z.array(Id) }),
  z.strictObject({ type: z.literal("left") }),
  z.strictObject({ type: z.literal("returned") }),
  z.strictObject({ type: z.literal("role"), userId: Id, role: ParticipantRole }),
]).meta({ id: "SystemNote" });
export type SystemNote = z.infer<typeof SystemNote>;

export const Message = z.strictObject({
  conversationId: Id,
  seq: Seq.describe("Its place; never changes"),
  version: Version.describe("The place of its last change; the higher one wins"),
  kind: z.enum(["text", "system"]),
  senderId: Id.describe("Who wrote it, or who did what a system message tells"),
  clientId: ClientId.nullable().describe("The sender's own id for it; null in system messages"),
  body: z.string().nullable().describe("Null once deleted, and in system messages"),
  system: SystemNote.nullable(),
  replyToSeq: Seq.nullable(),
  createdAt: Timestamp,
  editedAt: Timestamp.nullable(),
  deletedAt: Timestamp.nullable(),
}).meta({ id: "Message" });
export type Message = z.infer<typeof Message>;

/** Null: the client chooses one by the conversation's id. */
export const Colour = z.int().min(0).max(GROUP_COLOURS - 1).nullable()
  .describe("Colour of a group's picture, of a palette that clients have; null: chosen by the id");

export const ConversationKind = z.enum(["direct", "group"]);

export const Conversation = z.strictObject({
  id: Id,
  kind: ConversationKind,
  title: z.string().nullable().describe("Null in direct conversations"),
  colour: Colour,
  listing: Listing.nullable(),
  createdBy: Id,
  createdAt: Timestamp,
  lastActivityAt: Timestamp,
  lastSeq: SeqOrZero,
  lastVersion: Version,
  participantCount: z.int().min(0),
  participants: z.array(Participant).describe("The first few; the asker is always among them"),
  lastMessage: Message.nullable(),
  unreadCount: z.int().min(0),
  my: z.strictObject({
    role: ParticipantRole,
    lastReadSeq: SeqOrZero,
    archived: z.boolean(),
    mutedUntil: Timestamp.nullable(),
    markedUnread: z.boolean().describe("Marked to be read again later; reading or sending takes the mark away"),
  }).describe("The asker's own settings and place"),
}).meta({ id: "Conversation", description: "A conversation as one participant sees it" });
export type Conversation = z.infer<typeof Conversation>;

/** What a client has of a conversation: every change up to `version` of every message up to `seq`. */
export const Cursor = z.strictObject({ seq: SeqOrZero, version: Version }).meta({ id: "Cursor" });
export type Cursor = z.infer<typeof Cursor>;

/** How far somebody has read, and how far messages have reached one of their devices. */
export const Position = z.strictObject({ userId: Id, lastReadSeq: SeqOrZero, lastDeliveredSeq: SeqOrZero });
export type Position = z.infer<typeof Position>;

export const Presence = z.enum(["online", "away", "offline"]);
export type Presence = z.infer<typeof Presence>;

export const PresenceOf = z.strictObject({
  userId: Id,
  presence: Presence,
  lastSeenAt: Timestamp.nullable().describe("Null while online, and when it is not known"),
});
export type PresenceOf = z.infer<typeof PresenceOf>;
