// The ledger against the log: everything acknowledged stands there once, unchanged and in order, and nobody saw anything else.
import { isDeepStrictEqual } from "node:util";
import type { Event } from "../../protocol/frames.ts";
import type { Message } from "../../protocol/models.ts";
import type { Sent } from "./client.ts";

export const FAULTS = [
  "lost",
  "doubled",
  "reordered",
  "leaked",
  "altered",
  "missed",
  "refused",
  "stuck",
  "slow",
] as const;
export type Fault = typeof FAULTS[number];

export interface Violation {
  fault: Fault;
  what: string;
}

/** What one connection received as it happened, oldest first. */
export interface Received {
  userId: string;
  events: readonly Event[];
}

interface Place {
  members: ReadonlySet<string>;
  log: Message[];
  /** By author: the orders of what stands in the log, as it stands there. */
  orders: Map<string, number[]>;
}

export class Ledger {
  readonly violations: Violation[] = [];
  acknowledged = 0;
  /** Messages that another of the same author stands before, because the server refused them for a moment. */
  overtaken = 0;
  readonly #places = new Map<string, Place>();
  readonly #sent = new Map<string, Sent>();
  /** Sent but not seen in the log yet. */
  readonly #missing = new Set<Sent>();

  addConversation(id: string, members: Iterable<string>): void {
    this.#places.set(id, { members: new Set(members), log: [], orders: new Map() });
  }

  add(sent: Sent): void {
    this.#sent.set(keyOf(sent), sent);
    this.#missing.add(sent);
  }

  report(fault: Fault, what: string): void {
    this.violations.push({ fault, what });
  }

  count(fault: Fault): number {
    return this.violations.filter((violation) => violation.fault === fault).length;
  }

  lastSeq(conversationId: string): number {
    return this.#places.get(conversationId)!.log.length;
  }

  /** Takes what the log holds after `lastSeq`: gapless, each message once, as it was acknowledged, in its author's order. */
  readLog(conversationId: string, messages: Message[]): void {
    const place = this.#places.get(conversationId)!;
    for (const message of messages) {
      const expected = place.log.length + 1;
      if (message.seq !== expected) {
        this.report(message.seq < expected ? "doubled" : "lost", `seq ${expected} expected in ${show(message)}`);
      }
      place.log.push(message);
      this.#identify(message, place);
    }
  }

  /** At rest: whatever was sent has been acknowledged, and the log has been read to its end. */
  endRound(): void {
    for (const sent of this.#missing) {
      this.report("lost", `not in the log: ${show(sent)}; the log ends ${this.#tail(sent.conversationId)}`);
    }
    this.#missing.clear();
  }

  /** The whole log once more, by another reader: what stood there stands there still. */
  readAgain(conversationId: string, messages: Message[]): void {
    const { log } = this.#places.get(conversationId)!;
    if (messages.length < log.length) {
      this.report("lost", `${conversationId} holds ${messages.length} of ${log.length}`);
    }
    messages.forEach((message, index) => {
      if (!same(message, log[index])) this.report("altered", `${show(log[index])} became ${show(message)}`);
    });
  }

  /** What one connection was told: of its own conversations only, each message once, in order, as in the log. */
  checkReceived({ userId, events }: Received): void {
    const lastSeq = new Map<string, number>();
    for (const event of events) {
      const conversationId = conversationOf(event);
      if (conversationId === null) continue;
      const place = this.#places.get(conversationId);
      if (!place?.members.has(userId)) {
        this.report("leaked", `${userId} is no participant and received ${show(event)}`);
        continue;
      }
      if (event.event !== "message") continue;
      const { message } = event;
      const last = lastSeq.get(conversationId) ?? 0;
      if (message.seq <= last) this.report("doubled", `${userId} received ${show(message)} after seq ${last}`);
      lastSeq.set(conversationId, message.seq);
    }
  }

  /** What a client has got by events or by a sync: each message as in the log. */
  checkReplica(userId: string, messages: Message[]): void {
    for (const message of messages) {
      const place = this.#places.get(message.conversationId);
      if (!place?.members.has(userId)) {
        this.report("leaked", `${userId} is no participant and got ${show(message)}`);
        continue;
      }
      const logged = place.log[message.seq - 1];
      if (!same(message, logged)) this.report("altered", `${userId} got ${show(message)}, stored ${show(logged)}`);
    }
  }

  #identify(message: Message, place: Place): void {
    // the first of a group: by whoever made it
    if (message.system?.type === "created" && message.seq === 1) return;
    const sent = this.#sent.get(keyOf(message));
    if (sent === undefined) return this.report("altered", `nobody sent ${show(message)}`);
    if (!this.#missing.delete(sent)) return this.report("doubled", `${show(message)} is there twice: ${show(sent)}`);
    if (sent.body !== message.body) this.report("altered", `${show(sent)} is stored as ${show(message)}`);
    if (sent.acknowledged === null) this.report("stuck", `stored but never acknowledged: ${show(message)}`);
    else {
      this.acknowledged++;
      if (!same(sent.acknowledged, message)) {
        this.report("altered", `acknowledged ${show(sent.acknowledged)}, stored ${show(message)}`);
      }
    }
    this.#place(sent, message, place);
  }

  #place(sent: Sent, message: Message, { orders }: Place): void {
    let before = orders.get(sent.senderId);
    if (!before) orders.set(sent.senderId, before = []);
    const ahead = before.filter((order) => order > sent.order);
    if (ahead.every((order) => sent.mayFollow.has(order))) this.overtaken += ahead.length > 0 ? 1 : 0;
    else this.report("reordered", `${show(message)} follows its author's ${ahead.join(", ")}; it is ${show(sent)}`);
    before.push(sent.order);
  }

  #tail(conversationId: string): string {
    return show(this.#places.get(conversationId)!.log.slice(-3));
  }
}

const keyOf = (
  { conversationId, senderId, clientId }: Pick<Sent | Message, "conversationId" | "senderId" | "clientId">,
) => `${conversationId} ${senderId} ${clientId}`;

function conversationOf(event: Event): string | null {
  if (event.event === "message") return event.message.conversationId;
  return "conversationId" in event ? event.conversationId : null;
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_key, inner) => inner instanceof Set ? [...inner] : inner)?.slice(0, 600) ?? "nothing";

const same = (one: Message, other: Message | undefined): boolean => isDeepStrictEqual(one, other);
