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

/** Written here or in another tab, or found in storage; one that is there already is brought up to date in its place. */
export function withPending(outbox: Pending[], pending: Pending): Pending[] {
  const at = outbox.findIndex(({ clientId }) => clientId === pending.clientId);
  return at === -1 ? [...outbox, pending] : outbox.with(at, pending);
}

/** The server has it: by a reply, an event or a page, whichever came first. */
export function withoutArrived(outbox: Pending[], messages: readonly Message[], meId: string): Pending[] {
  if (outbox.length === 0) return outbox;
  const arrived = new Set<string>();
  for (const { clientId, senderId } of messages) if (clientId !== null && senderId === meId) arrived.add(clientId);
  if (!outbox.some((pending) => arrived.has(pending.clientId))) return outbox;
  return outbox.filter((pending) => !arrived.has(pending.clientId));
}

/** `failed` null: to be tried again. */
export function withFailed(outbox: Pending[], clientId: string, failed: FailureCode | null): Pending[] {
  return outbox.map((pending) => pending.clientId === clientId ? { ...pending, failed } : pending);
}
