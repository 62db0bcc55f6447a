// `sync`: what a client missed, conversation by conversation, within a bounded answer; and its list.
import type { Command } from "../../protocol/commands.ts";
import { SYNC_MAX_BYTES, SYNC_MAX_LIST } from "../../protocol/limits.ts";
import type { Cursor, Message } from "../../protocol/models.ts";
import type { SyncedConversation, SyncedListEntry } from "../../protocol/sync.ts";
import type { RoomRegistry } from "../room/registry.ts";
import type { Missed } from "../room/room.ts";
import type { ConversationStore } from "../store/conversations.ts";
import type { Connection } from "./connection.ts";
import type { Answer } from "./dispatch.ts";
import { Gather } from "./gather.ts";

const LISTS_IN_ONE_READ = 500;

export interface SyncOptions {
  rooms: RoomRegistry;
  conversations: Pick<ConversationStore, "lists">;
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
    try {
      const [missed, list] = await Promise.all([
        Promise.all(
          cursors.map((cursor) =>
            this.#options.rooms.get(cursor.conversationId).missedSince(connection.userId, cursor)
          ),
        ),
        command.list ? this.#lists.get(connection.userId) : undefined,
      ]);
      const budget = { bytes: SYNC_MAX_BYTES };
      const conversations = cursors.map((cursor, index) => fit(cursor.conversationId, cursor, missed[index]!, budget));
      for (const { conversationId, cursor } of conversations) if (cursor) reached.set(conversationId, cursor.version);
      const json = JSON.stringify({
        epoch,
        reset,
        conversations,
        list: list?.slice(0, SYNC_MAX_LIST) ?? null,
        listComplete: (list?.length ?? 0) <= SYNC_MAX_LIST,
      });
      return { json, afterwards: () => connection.release(reached) };
    } catch (error) {
      connection.release(reached);
      throw error;
    }
  }
}

/** [R6] As much of what was missed as still fits; the cursor says how far that goes. */
function fit(conversationId: string, from: Cursor, missed: Missed, budget: { bytes: number }): SyncedConversation {
  const none = { conversationId, messages: [], positions: [] };
  if (missed.state !== "changed") return { ...none, state: missed.state, cursor: null };
  const { last, positions } = missed;
  // First what was there and changed, by version, then what is new, by seq: a part of it is then all up to some cursor.
  const old = missed.changes.filter((message) => message.seq <= from.seq).sort((a, b) => a.version - b.version);
  const added = missed.changes.filter((message) => message.seq > from.seq).sort((a, b) => a.seq - b.seq);
  const messages: Message[] = [];
  for (const message of [...old, ...added]) {
    budget.bytes -= 300 + 3 * (message.body?.length ?? 0);
    if (budget.bytes < 0 && messages.length > 0) break;
    messages.push(message);
  }
  if (messages.length === old.length + added.length) {
    const isCurrent = messages.length === 0 && last.version === from.version && last.seq === from.seq;
    const state = isCurrent ? "current" : "changed";
    return { conversationId, state, cursor: last, messages, positions };
  }
  const cursor = messages.length < old.length
    ? { seq: from.seq, version: messages.at(-1)!.version }
    : { seq: messages.length === old.length ? from.seq : messages.at(-1)!.seq, version: last.version };
  return { conversationId, state: "more", cursor, messages, positions };
}
