// What one client receives, frame by frame: each change once and in order, positions forward, nothing deleted.
import type { CommandResult } from "../../protocol/commands.ts";
import type { Event } from "../../protocol/frames.ts";
import type { Message, Position } from "../../protocol/models.ts";
import { type Ledger, show } from "./ledger.ts";

/** A change that somebody was given: of this message, at this version. */
export interface Delivery {
  userId: string;
  conversationId: string;
  seq: number;
  version: number;
  via: "event" | "sync" | "reply" | "page";
}

/** Versions that a connection was not given though it had all before them and some after. */
export interface Gap {
  userId: string;
  conversationId: string;
  from: number;
  to: number;
}

/** What all clients of a run were given. */
export interface Record {
  deliveries: Delivery[];
  gaps: Gap[];
  /** How often somebody was added to a group or came back, counted once for each who was told. */
  joined: number;
}

export class Audit {
  readonly #ledger: Ledger;
  readonly #userId: string;
  readonly #record: Record;
  /** Read positions that this client was ever told, by conversation and person. */
  readonly #read = new Map<string, { event: number; sync: number }>();
  /** Of the present connection, by conversation: every change up to this version was given. */
  #covered = new Map<string, number>();
  #openedAt = 0;

  constructor(ledger: Ledger, userId: string, record: Record) {
    this.#ledger = ledger;
    this.#userId = userId;
    this.#record = record;
  }

  opened(): void {
    this.#covered.clear();
    this.#openedAt = this.#ledger.tick();
  }

  frame(raw: string): void {
    const deleted = this.#ledger.deletedIn(raw, this.#openedAt);
    if (deleted.length > 0) this.#ledger.report(`[E2] ${deleted} were deleted before this connection began: ${raw}`);
  }

  event(event: Event, hasLost: boolean): void {
    if (event.event === "conversation:left") this.#covered.delete(event.conversationId);
    if (event.event === "positions") this.#positions(event.conversationId, event.positions, "event");
    if (event.event !== "message") return;
    const { conversationId, version } = event.message;
    this.message(event.message, "event");
    if (event.message.system?.type === "added" || event.message.system?.type === "returned") this.#record.joined++;
    const covered = this.#covered.get(conversationId);
    if (covered === undefined) return;
    if (version <= covered) this.#ledger.report(`[R3] given twice, ${covered} was reached: ${show(event.message)}`);
    if (version > covered + 1 && !hasLost) {
      this.#record.gaps.push({ userId: this.#userId, conversationId, from: covered + 1, to: version - 1 });
    }
    this.#covered.set(conversationId, Math.max(version, covered));
  }

  /** `askedAt`: when the sync was asked. */
  sync(answer: CommandResult<"sync">, askedAt: number): void {
    for (const { conversationId, cursor, state, messages, positions } of answer.conversations) {
      for (const message of messages) this.message(message, "sync");
      this.#positions(conversationId, positions, "sync");
      if (cursor === null || state === "more") this.#covered.delete(conversationId);
      else this.#covered.set(conversationId, cursor.version);
    }
    const deleted = this.#ledger.deletedIn(JSON.stringify(answer), askedAt);
    if (deleted.length > 0) this.#ledger.report(`[E2] ${deleted} were deleted before this sync: ${show(answer)}`);
  }

  /** A page, asked for at `askedAt`. */
  fetched(messages: Message[], askedAt: number): void {
    for (const message of messages) this.message(message, "page");
    const deleted = this.#ledger.deletedIn(JSON.stringify(messages), askedAt);
    if (deleted.length > 0) this.#ledger.report(`[E2] ${deleted} were deleted before this page: ${show(messages)}`);
  }

  message({ conversationId, seq, version }: Message, via: Delivery["via"]): void {
    this.#record.deliveries.push({ userId: this.#userId, conversationId, seq, version, via });
  }

  /** An event that was held back during a sync may be older than the answer before it: the highest counts. */
  #positions(conversationId: string, positions: Position[], via: "event" | "sync"): void {
    for (const { userId, lastReadSeq } of positions) {
      const key = `${conversationId} ${userId}`;
      const before = this.#read.get(key) ?? { event: 0, sync: 0 };
      const least = via === "event" ? before.event : Math.max(before.event, before.sync);
      if (lastReadSeq < least) this.#ledger.report(`[P1] ${key} went back from ${least} to ${lastReadSeq} by ${via}`);
      this.#read.set(key, { ...before, [via]: Math.max(before[via], lastReadSeq) });
    }
  }
}
