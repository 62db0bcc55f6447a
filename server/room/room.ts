// A room: the live actor of one conversation. It alone writes messages there; it commits, then replies and broadcasts.
import { CommandError, type ErrorCode } from "../../protocol/errors.ts";
import type { Event } from "../../protocol/frames.ts";
import type { Message } from "../../protocol/models.ts";
import type { Append } from "../store/messages.ts";
import type { MembershipChange, ReadPosition } from "../store/participants.ts";
import type { RoomStore } from "../store/store.ts";
import type { CommitResult, Committer } from "./committer.ts";
import { Mailbox } from "./mailbox.ts";
import { type Audience, encodeEvent } from "./subscriber.ts";

const BATCH_MAX_MESSAGES = 500;
const CATCH_UP_ROWS = 500;

interface Pending {
  append: Append;
  resolve: (message: Message) => void;
  reject: (error: CommandError) => void;
}

export interface RoomOptions {
  store: RoomStore;
  committer: Committer;
  audience: Audience;
  /** Told of what the room could not do; never sees a message's text. */
  onError: (what: string, error: unknown) => void;
}

export class Room {
  readonly id: string;
  readonly #options: RoomOptions;
  readonly #mailbox = new Mailbox();
  #pending: Pending[] = [];
  /** Active participants as of the last turn; null until the first turn, and again after an uncertain commit. */
  #members: Set<string> | null = null;
  /** The last seq that was broadcast. Null until the first turn. */
  #lastSeq: number | null = null;

  constructor(id: string, options: RoomOptions) {
    this.id = id;
    this.#options = options;
  }

  /** Nothing waits or runs: the room may be dropped, and made again on demand. */
  get isIdle(): boolean {
    return this.#mailbox.size === 0;
  }

  /**
   * Appends a text message. Resolves once it is committed and broadcast; the same client id again gives the first
   * result. Rejects with not_found, client_id_reused, recipient_left, invalid or unavailable.
   */
  send(append: Append): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ append, resolve, reject });
      // The first to wait asks for a turn; those who come before it begins go with it.
      if (this.#pending.length === 1) void this.#mailbox.enter(() => this.#flush());
    });
  }

  /** Changes who is in the conversation, or its title; told to everyone by a system message. Null: nothing changed. */
  change(actorId: string, change: MembershipChange): Promise<Message | null> {
    return this.#mailbox.enter(async () => {
      await this.#load();
      const { message, joined, gone } = await this.#unsure(() =>
        this.#options.store.participants.change(this.id, actorId, change)
      );
      for (const userId of gone) {
        this.#members!.delete(userId);
        this.#tell(userId, { event: "conversation:left", conversationId: this.id });
      }
      for (const userId of joined) this.#members!.add(userId);
      if (message) {
        this.#broadcast({ event: "message", message });
        this.#broadcast({ event: "conversation", conversationId: this.id });
        this.#lastSeq = message.seq;
      }
      return message;
    });
  }

  /** Moves somebody's read position forward and lets the others know. */
  markRead(userId: string, seq: number): Promise<ReadPosition> {
    return this.#mailbox.enter(async () => {
      await this.#load();
      const position = await this.#options.store.participants.markRead(this.id, userId, seq);
      if (position === null) throw new CommandError("not_found");
      if (position.moved) {
        this.#broadcast({ event: "read", conversationId: this.id, userId, lastReadSeq: position.lastReadSeq });
      }
      return position;
    });
  }

  /** Lets the connections of one person know that a conversation is new to them, or that their settings changed. */
  announce(userId: string): void {
    this.#tell(userId, { event: "conversation", conversationId: this.id });
  }

  async #flush(): Promise<void> {
    const batch = this.#pending.splice(0, BATCH_MAX_MESSAGES);
    if (this.#pending.length > 0) void this.#mailbox.enter(() => this.#flush());
    try {
      await this.#load();
      const results = await this.#options.committer.commit(batch.map((one) => one.append));
      const lost = results.find((result) => result.outcome === "unavailable");
      if (lost) {
        this.#members = null;
        this.#options.onError("commit", lost.cause);
      }
      batch.forEach((one, index) => this.#settle(one, results[index]!));
    } catch (error) {
      const reason = error instanceof CommandError ? error : this.#failed("commit", error);
      for (const one of batch) one.reject(reason);
    }
  }

  #settle(one: Pending, result: CommitResult): void {
    switch (result.outcome) {
      case "stored":
        this.#lastSeq = result.message.seq;
        this.#broadcast({ event: "message", message: result.message });
        return one.resolve(result.message);
      case "repeat":
        return one.resolve(result.message);
      default:
        return one.reject(new CommandError(REFUSALS[result.outcome]));
    }
  }

  /**
   * Makes the room fit for a turn. After an uncertain commit, what the store holds beyond the last broadcast goes out
   * first: a commit may have succeeded while we saw an error.
   */
  async #load(): Promise<void> {
    if (this.#members !== null) return;
    const { participants, messages } = this.#options.store;
    const state = await this.#unsure(() => participants.activeIds(this.id));
    if (state === null) throw new CommandError("not_found");
    this.#members = new Set(state.userIds);
    if (this.#lastSeq === null) this.#lastSeq = state.lastSeq;
    while (this.#lastSeq < state.lastSeq) {
      const page = await this.#unsure(() =>
        messages.page({ conversationId: this.id, visibleAfterSeq: 0, after: this.#lastSeq!, limit: CATCH_UP_ROWS })
      );
      for (const message of page.messages) {
        this.#broadcast({ event: "message", message });
        this.#lastSeq = message.seq;
      }
    }
  }

  /** After a failure of the store the room no longer knows what is committed: it looks again in the next turn. */
  async #unsure<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof CommandError) throw error;
      this.#members = null;
      throw this.#failed("store", error);
    }
  }

  #failed(what: string, error: unknown): CommandError {
    this.#options.onError(what, error);
    return new CommandError("unavailable");
  }

  #broadcast(event: Event): void {
    const encoded = encodeEvent(event);
    for (const userId of this.#members!) {
      for (const subscriber of this.#options.audience.subscribersOf(userId)) subscriber.send(encoded);
    }
  }

  #tell(userId: string, event: Event): void {
    const encoded = encodeEvent(event);
    for (const subscriber of this.#options.audience.subscribersOf(userId)) subscriber.send(encoded);
  }
}

const REFUSALS: Record<Exclude<CommitResult["outcome"], "stored" | "repeat">, ErrorCode> = {
  not_found: "not_found",
  reused: "client_id_reused",
  recipient_left: "recipient_left",
  refused: "invalid",
  unavailable: "unavailable",
};
