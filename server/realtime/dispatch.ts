// Commands to rooms: each is checked against the limits, then handed to the room it names. [A1]
import type { Command, CommandName } from "../../protocol/commands.ts";
import { CommandError } from "../../protocol/errors.ts";
import type { Auth } from "../auth/auth.ts";
import type { Log } from "../log.ts";
import type { RateLimit } from "../rate_limit.ts";
import type { Conversations } from "../room/conversations.ts";
import type { RoomRegistry } from "../room/registry.ts";
import { isUnavailable } from "../store/errors.ts";
import type { Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";
import type { Sync } from "./sync.ts";
import type { Watching } from "./watching.ts";

/** A command's result as JSON, and what must happen once it is on its way. */
export interface Answer {
  json: string;
  afterwards?: () => void;
}

export type Dispatch = (connection: Connection, command: Command) => Promise<Answer>;

export interface DispatchOptions {
  rooms: RoomRegistry;
  conversations: Conversations;
  watching: Watching;
  sync: Sync;
  hub: Pick<Hub, "renew">;
  auth: Pick<Auth, "renew">;
  /** [L1] Keyed by person and by connection: two sockets do not double what one may do. */
  limits: { person: RateLimit; connection: RateLimit };
  /** How long after sending a message may be changed; null: for ever. */
  windows: { editMs: number | null; deleteMs: number | null };
  /** Throws `unavailable` while nothing may be written; told of what a write failed with. */
  space?: { requireSpace(): void; failed(error: unknown): void };
  now: () => number;
  log: Log;
}

/** Everything else writes: a new command is held up for want of space until it is named here. */
const WRITES_NOTHING: ReadonlySet<CommandName> = new Set([
  "typing:start",
  "typing:stop",
  "conversation:watch",
  "user:status",
  "session:renew",
  "sync",
]);

/** Handles one command; rejects with a CommandError only. */
export function createDispatch(options: DispatchOptions): Dispatch {
  const { limits, log, space } = options;
  return async (connection, command) => {
    const waitMs = Math.max(limits.person.take(connection.userId), limits.connection.take(connection.id));
    if (waitMs > 0) throw new CommandError("rate_limited", { retryAfter: waitMs / 1000 });
    if (!WRITES_NOTHING.has(command.command)) space?.requireSpace();
    try {
      return await run(options, connection, command);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      space?.failed(error);
      log.error("command failed", { connection: connection.id, ref: command.ref, command: command.command, error });
      throw new CommandError(isUnavailable(error) ? "unavailable" : "internal");
    }
  };
}

const NOTHING: Answer = { json: "{}" };

async function run(options: DispatchOptions, connection: Connection, command: Command): Promise<Answer> {
  const { rooms, conversations, watching, windows, now } = options;
  const { userId } = connection;
  switch (command.command) {
    case "message:send": {
      const { conversationId, clientId, body, replyToSeq = null } = command;
      const sent = await rooms.get(conversationId).send({
        conversationId,
        senderId: userId,
        clientId,
        body,
        replyToSeq,
      });
      return { json: `{"message":${sent.json}}` };
    }
    case "message:edit":
    case "message:delete": {
      const isEdit = command.command === "message:edit";
      const changed = await rooms.get(command.conversationId).revise({
        seq: command.seq,
        actorId: userId,
        body: isEdit ? command.body : null,
        windowMs: isEdit ? windows.editMs : windows.deleteMs,
        now: new Date(now()),
      });
      return { json: `{"message":${changed.json}}` };
    }
    case "message:read": {
      const moved = await rooms.get(command.conversationId).move(userId, { readSeq: command.seq });
      return { json: JSON.stringify({ lastReadSeq: moved.lastReadSeq, unreadCount: moved.unreadCount }) };
    }
    case "message:delivered": {
      const moves = command.positions.map(({ conversationId, seq }) =>
        rooms.get(conversationId).move(userId, { deliveredSeq: seq })
      );
      await Promise.all(moves);
      return NOTHING;
    }
    case "typing:start":
    case "typing:stop":
      await watching.type(connection, command.conversationId, command.command === "typing:start");
      return NOTHING;
    case "conversation:watch":
      return { json: JSON.stringify({ watched: await watching.watch(connection, command.conversationIds) }) };
    case "conversation:create": {
      const { conversation } = await conversations.create(userId, command.conversation);
      return { json: JSON.stringify({ conversation }) };
    }
    case "conversation:rename":
      await conversations.change(userId, command.conversationId, { type: "rename", title: command.title });
      return NOTHING;
    case "conversation:leave":
      await conversations.change(userId, command.conversationId, { type: "leave" });
      return NOTHING;
    case "participant:add":
      await conversations.addPeople(userId, command.conversationId, command.participants);
      return NOTHING;
    case "participant:remove":
      await conversations.change(userId, command.conversationId, { type: "remove", userId: command.userId });
      return NOTHING;
    case "participant:role": {
      const { conversationId, role } = command;
      await conversations.change(userId, conversationId, { type: "role", userId: command.userId, role });
      return NOTHING;
    }
    case "user:status":
      watching.setStatus(connection, command.status);
      return NOTHING;
    case "session:renew": {
      const { principal, expiresAt } = await options.auth.renew(connection.principal, command.token);
      if (!options.hub.renew(connection, principal)) throw new CommandError("unauthenticated");
      connection.check();
      return { json: JSON.stringify({ expiresAt }) };
    }
    case "sync":
      return await options.sync.answer(connection, command);
  }
}
