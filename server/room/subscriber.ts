// What a room knows of those who listen: someone to hand events to, and how to find them.
import type { Event } from "../../protocol/frames.ts";

/**
 * Events of one conversation on their way out: encoded once, however many receive them. A connection that gets nothing else in
 * its flush sends `frame`, which all such connections share.
 */
export class Batch {
  readonly conversationId: string | null;
  /** Version of each event; null: ephemera, the latest wins. */
  readonly events: { version: number | null; json: string }[];
  #json: string | undefined;
  /** Whatever the wire makes of it, kept so that it is made once. */
  frame: unknown;

  constructor(conversationId: string | null, events: { version: number | null; json: string }[]) {
    this.conversationId = conversationId;
    this.events = events;
  }

  static of(event: Event): Batch {
    const conversationId = "conversationId" in event ? event.conversationId : null;
    return new Batch(conversationId, [{ version: null, json: JSON.stringify(event) }]);
  }

  /** The events, comma-separated. */
  get json(): string {
    return this.#json ??= this.events.map((event) => event.json).join(",");
  }
}

/** One live listener: a connection, seen from a room. `send` never throws and never waits. */
export interface Subscriber {
  readonly id: string;
  readonly userId: string;
  send(batch: Batch): void;
}

/** Who is connected right now. */
export interface Audience {
  subscribersOf(userId: string): Iterable<Subscriber>;
  /** Those who have the conversation open. */
  watchersOf(conversationId: string): Iterable<Subscriber>;
  /** Somebody is no participant any more: they stop watching. */
  left(userId: string, conversationId: string): void;
  /** Resolves when what was handed out so far is on its way. */
  flushed(): Promise<void>;
}
