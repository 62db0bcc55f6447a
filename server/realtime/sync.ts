// `sync`: what a client missed, conversation by conversation, within a bounded answer; and its list.
import type { Command } from "../../protocol/commands.ts";
import { SYNC_MAX_BYTES, SYNC_MAX_LIST } from "../../protocol/limits.ts";
import type { Cursor, Message } from "../../protocol/models.ts";
import type { SyncedConversation, SyncedListEntry } from "../../protocol/sync.ts";
import { Gather } from "../gather.ts";
import type { RoomRegistry } from "../room/registry.ts";
import type { Missed } from "../room/room.ts";
import type { ConversationStore } from "../store/conversations.ts";
import type { Connection } from "./connection.ts";
import type { Answer } from "./dispatch.ts";
import type { Hub } from "./hub.ts";

const LISTS_IN_ONE_READ = 500;
/** About as much as one position takes. */
const POSITION_BYTES = 120;

export interface SyncOptions {
  rooms: RoomRegistry;
  conversations: Pick<ConversationStore, "lists">;
  hub: Pick<Hub, "leaving">;
  epoch: string;
}

export class Sync {
  readonly #options: SyncOptions;
  readonly #lists: Gather<SyncedListEntry[]>;

  constructor(options: SyncOptions) {
    this.#options = options;
    this.#lists = new Gather((ids) => options.conversations.lists(ids, SYNC_MAX_LIST + 1), LISTS_IN_ONE_READ);
  }

  /** The answer, and what must follow it: the events that were held back meanwhile. */
  async answer(connection: Connection, command: Command<"sync">): Promise<Answer> {
    const { epoch } = this.#options;
    const reset = command.epoch !== null && command.epoch !== epoch;
    const cursors = reset ? [] : [...new Map(command.cursors.map((one) => [one.conversationId, one])).values()];
    const ids = cursors.map((cursor) => cursor.conversationId);
    // A conversation is released whatever happens: one that stayed held would be silent for ever.
    const reached = new Map(ids.map((id): [string, number] => [id, 0]));
    connection.hold(ids);
    const leaving = this.#options.hub.leaving(connection.userId);
    try {
      const [missed, list] = await Promise.all([
        Promise.all(
          cursors.map((cursor) =>
            this.#options.rooms.get(cursor.conversationId).missedSince(connection.userId, cursor)
          ),
        ),
        command.list ? this.#lists.get(connection.userId) : undefined,
      ]);
      const conversations = fit(cursors, missed, connection.userId);
      for (const { conversationId, cursor } of conversations) if (cursor) reached.set(conversationId, cursor.version);
      return {
        // Made when it is sent: who was told before that they have left something must not find it here [R8].
        get json() {
          const lines = list?.slice(0, SYNC_MAX_LIST).filter((line) => !leaving.left.has(line.conversationId)) ?? null;
          const listComplete = (list?.length ?? 0) <= SYNC_MAX_LIST;
          return JSON.stringify({ epoch, reset, conversations, list: lines, listComplete });
        },
        afterwards: () => {
          leaving.end();
          connection.release(reached);
        },
      };
    } catch (error) {
      leaving.end();
      connection.release(reached);
      throw error;
    }
  }
}

/** [R6] What an answer may still hold. */
class Budget {
  #bytes = SYNC_MAX_BYTES;

  take(bytes: number): boolean {
    if (bytes > this.#bytes) return false;
    this.#bytes -= bytes;
    return true;
  }
}

/**
 * [R6] As much as fits: first messages, then positions. Where those of others do not fit any more it is the asker's own
 * alone: positions are ephemera [P4], and who opens a conversation gets them all [T1].
 */
function fit(
  cursors: (Cursor & { conversationId: string })[],
  missed: Missed[],
  userId: string,
): SyncedConversation[] {
  const budget = new Budget();
  const conversations = cursors.map((cursor, index) =>
    fitMessages(cursor.conversationId, cursor, missed[index]!, budget)
  );
  return conversations.map((conversation, index) => {
    const one = missed[index]!;
    const all = one.state === "changed" ? one.positions : [];
    const positions = budget.take(all.length * POSITION_BYTES) ? all : all.filter((it) => it.userId === userId);
    return { ...conversation, positions };
  });
}

/** As many of the missed messages as still fit, none included; the cursor says how far that goes. */
function fitMessages(conversationId: string, from: Cursor, missed: Missed, budget: Budget): SyncedConversation {
  const none = { conversationId, messages: [], positions: [] };
  if (missed.state !== "changed") return { ...none, state: missed.state, cursor: null };
  const { last } = missed;
  // First what was there and changed, by version, then what is new, by seq: a part of it is then all up to some cursor.
  const old = missed.changes.filter((message) => message.seq <= from.seq).sort((a, b) => a.version - b.version);
  const added = missed.changes.filter((message) => message.seq > from.seq).sort((a, b) => a.seq - b.seq);
  const messages: Message[] = [];
  for (const message of [...old, ...added]) {
    if (!budget.take(300 + 3 * (message.body?.length ?? 0))) break;
    messages.push(message);
  }
  if (messages.length === old.length + added.length) {
    const isCurrent = messages.length === 0 && last.version === from.version && last.seq === from.seq;
    const state = isCurrent ? "current" : "changed";
    return { ...none, state, cursor: last, messages };
  }
  if (messages.length === 0) return { ...none, state: "more", cursor: { seq: from.seq, version: from.version } };
  const cursor = messages.length < old.length
    ? { seq: from.seq, version: messages.at(-1)!.version }
    : { seq: messages.length === old.length ? from.seq : messages.at(-1)!.seq, version: last.version };
  return { ...none, state: "more", cursor, messages };
}
