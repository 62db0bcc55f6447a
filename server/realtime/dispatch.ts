// Commands to rooms: each is checked against the rate limit, then handed to the room it names.
import type { Command, CommandResult } from "../../protocol/commands.ts";
import { CommandError } from "../../protocol/errors.ts";
import type { Log } from "../log.ts";
import type { RateLimit } from "../rate_limit.ts";
import type { RoomRegistry } from "../room/registry.ts";
import type { Connection } from "./connection.ts";

export type Dispatch = (connection: Connection, command: Command) => Promise<CommandResult>;

export interface DispatchOptions {
  rooms: RoomRegistry;
  /** Keyed by person: two sockets do not double what one may do. */
  commandLimit: RateLimit;
  log: Log;
}

/** Handles one command; rejects with a CommandError only. */
export function createDispatch({ rooms, commandLimit, log }: DispatchOptions): Dispatch {
  return async (connection, command) => {
    const { userId } = connection.principal;
    const waitMs = commandLimit.take(userId);
    if (waitMs > 0) throw new CommandError("rate_limited", { retryAfter: waitMs / 1000 });
    try {
      return await run(rooms, userId, command);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      log.error("command failed", { connection: connection.id, ref: command.ref, command: command.command, error });
      throw new CommandError("internal");
    }
  };
}

async function run(rooms: RoomRegistry, userId: string, command: Command): Promise<CommandResult> {
  const room = rooms.get(command.conversationId);
  switch (command.command) {
    case "message:send": {
      const { conversationId, clientId, body, replyToSeq = null } = command;
      return { message: await room.send({ conversationId, senderId: userId, clientId, body, replyToSeq }) };
    }
    case "message:read": {
      const { lastReadSeq, unreadCount } = await room.markRead(userId, command.seq);
      return { lastReadSeq, unreadCount };
    }
  }
}
