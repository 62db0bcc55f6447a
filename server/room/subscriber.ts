// What a room knows of those who listen: someone to hand an event to, and how to find them.
import type { Event } from "../../protocol/frames.ts";

/** An event in the form in which it leaves: encoded once, however many receive it. */
export interface EncodedEvent {
  readonly json: string;
}

export function encodeEvent(event: Event): EncodedEvent {
  return { json: JSON.stringify(event) };
}

/** One live listener: a connection, seen from a room. `send` never throws and never waits. */
export interface Subscriber {
  readonly id: string;
  send(event: EncodedEvent): void;
}

/** Who is connected right now, by person. */
export interface Audience {
  subscribersOf(userId: string): Iterable<Subscriber>;
}
