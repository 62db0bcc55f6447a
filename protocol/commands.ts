// What a client may ask over the socket. One JSON object a frame; the reply carries the same `ref`.
import { z } from "zod";
import { Id } from "./ids.ts";
import { Message, Seq, SeqOrZero } from "./models.ts";
import { SendMessage } from "./rest.ts";

/** The subprotocol that client and server must agree on (RFC 6455 §1.9). */
export const SUBPROTOCOL = "chautari.v1";

const Ref = z.string().min(1).max(64).describe("The client's own name for this request");

export const COMMANDS = {
  "message:send": {
    input: z.strictObject({
      ref: Ref,
      command: z.literal("message:send"),
      conversationId: Id,
      ...SendMessage.shape,
    }),
    result: z.strictObject({ message: Message }),
  },
  "message:read": {
    input: z.strictObject({ ref: Ref, command: z.literal("message:read"), conversationId: Id, seq: Seq }),
    result: z.strictObject({ lastReadSeq: SeqOrZero, unreadCount: z.int().min(0) }),
  },
} as const;

export type CommandName = keyof typeof COMMANDS;
export type CommandInput<Name extends CommandName = CommandName> = z.infer<typeof COMMANDS[Name]["input"]>;
export type CommandResult<Name extends CommandName = CommandName> = z.infer<typeof COMMANDS[Name]["result"]>;

export const Command = z.discriminatedUnion("command", [
  COMMANDS["message:send"].input,
  COMMANDS["message:read"].input,
]);
export type Command = z.infer<typeof Command>;
