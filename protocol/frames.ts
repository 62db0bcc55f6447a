// What the server says: each of its frames is a JSON array of replies and events, oldest first.
import { z } from "zod";
import { ERROR_CODES } from "./errors.ts";
import { Id } from "./ids.ts";
import { Message, Position, PresenceOf } from "./models.ts";

export const ErrorBody = z.strictObject({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  retryable: z.boolean(),
  retryAfter: z.number().optional().describe("Seconds"),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

export const Reply = z.union([
  z.strictObject({ ref: z.string(), ok: z.unknown() }),
  z.strictObject({ ref: z.string().nullable().describe("Null: the command had no readable ref"), error: ErrorBody }),
]);
export type Reply = z.infer<typeof Reply>;

export const Event = z.discriminatedUnion("event", [
  z.strictObject({
    event: z.literal("welcome"),
    epoch: Id.describe("The lineage of the data: another one means that cursors are void"),
    userId: Id,
  }).describe("The first event on every connection"),
  z.strictObject({ event: z.literal("message"), message: Message })
    .describe("A message is new or has changed: apply it where its version is higher"),
  z.strictObject({ event: z.literal("conversation"), conversationId: Id })
    .describe("A conversation is new to you or changed in more than its messages: fetch it"),
  z.strictObject({ event: z.literal("conversation:left"), conversationId: Id })
    .describe("You are no longer a participant, on any device"),
  z.strictObject({ event: z.literal("positions"), conversationId: Id, positions: z.array(Position) })
    .describe("Ephemera: how far people have read and received"),
  z.strictObject({ event: z.literal("typing"), conversationId: Id, userId: Id, typing: z.boolean() })
    .describe("Ephemera: somebody began or stopped typing"),
  z.strictObject({ event: z.literal("presence"), ...PresenceOf.shape })
    .describe("Ephemera: somebody came, went or is away"),
]);
export type Event = z.infer<typeof Event>;

export const ServerFrame = z.array(z.union([Reply, Event]));
export type ServerFrame = z.infer<typeof ServerFrame>;
