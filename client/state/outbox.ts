// What this person has sent and no server has acknowledged yet, oldest first.
import type { Message } from "../../protocol/models.ts";
import type { FailureCode } from "./failure.ts";

export interface Pending {
  /** Made once; every attempt carries it, so that a repeat can never become a second message. */
  clientId: string;
  conversationId: string;
  body: string;
  createdAt: string;
  /** Set when the server refused it for good: the person decides what becomes of it. */
  failed: FailureCode | null;
}

/** The next to be sent of each conversation: one at a time, so that they keep their order. */
export function nextOfEach(outbox: Pending[]): Pending[] {
  const next = new Map<string, Pending>();
  for (const pending of outbox) {
    if (pending.failed === null && !next.has(pending.conversationId)) next.set(pending.conversationId, pending);
  }
  return [...next.values()];
}

/** The server has it: by a reply, an event or a page, whichever came first. */
export function withoutArrived(outbox: Pending[], messages: Message[], meId: string): Pending[] {
  const arrived = new Set<string>();
  for (const { clientId, senderId } of messages) if (clientId !== null && senderId === meId) arrived.add(clientId);
  if (!outbox.some((pending) => arrived.has(pending.clientId))) return outbox;
  return outbox.filter((pending) => !arrived.has(pending.clientId));
}

/** `failed` null: to be tried again. */
export function withFailed(outbox: Pending[], clientId: string, failed: FailureCode | null): Pending[] {
  return outbox.map((pending) => pending.clientId === clientId ? { ...pending, failed } : pending);
}
