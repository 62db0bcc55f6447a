// The outbox of one person, shared by all their tabs: one of them sends at a time, any of them may see what arrived.
import type { Message } from "../../protocol/models.ts";
import type { FailureCode } from "./failure.ts";
import { nextOfEach, type Pending, withFailed, withoutArrived } from "./outbox.ts";

export interface SharedOutbox {
  readonly meId: string;
  /** Oldest first. */
  readonly pending: readonly Pending[];
  /** The tab that sends; null: whoever comes first. */
  readonly senderId: string | null;
  /** Client ids that the sender has sent on its connection and that are not answered. */
  readonly underWay: readonly string[];
}

export function emptyOutbox(meId: string): SharedOutbox {
  return { meId, pending: [], senderId: null, underWay: [] };
}

export function withQueued(outbox: SharedOutbox, pending: Pending): SharedOutbox {
  return { ...outbox, pending: [...outbox.pending, pending] };
}

/** A connected tab offers to send; it does if no other one does. */
export function withSender(outbox: SharedOutbox, tabId: string): SharedOutbox {
  return outbox.senderId === null ? { ...outbox, senderId: tabId, underWay: [] } : outbox;
}

/** A tab lost its connection or was closed: what it had under way is sent again by the next sender, in the same order. */
export function withoutSender(outbox: SharedOutbox, tabId: string): SharedOutbox {
  return outbox.senderId === tabId ? { ...outbox, senderId: null, underWay: [] } : outbox;
}

/** What this tab is to send now: one of each conversation, so that they keep their order whatever becomes of one. */
export function sendsDue({ pending, senderId, underWay }: SharedOutbox, tabId: string): Pending[] {
  if (senderId !== tabId) return [];
  return nextOfEach([...pending]).filter((one) => !underWay.includes(one.clientId));
}

export function withSent(outbox: SharedOutbox, clientId: string): SharedOutbox {
  return { ...outbox, underWay: [...outbox.underWay, clientId] };
}

/** The server has them: by a reply, an event, a sync or a page, whichever came first and in whichever tab. */
export function withArrived(outbox: SharedOutbox, messages: readonly Message[]): SharedOutbox {
  const pending = withoutArrived([...outbox.pending], [...messages], outbox.meId);
  const waiting = new Set(pending.map(({ clientId }) => clientId));
  if (waiting.size === outbox.pending.length) return outbox;
  return { ...outbox, pending, underWay: outbox.underWay.filter((clientId) => waiting.has(clientId)) };
}

/** Refused for now: it is due again. */
export function withReturned(outbox: SharedOutbox, clientId: string): SharedOutbox {
  return { ...outbox, underWay: outbox.underWay.filter((one) => one !== clientId) };
}

/** Refused for good: the person decides; those behind it go on. */
export function withRefused(outbox: SharedOutbox, clientId: string, code: FailureCode): SharedOutbox {
  const next = withReturned(outbox, clientId);
  return { ...next, pending: withFailed([...next.pending], clientId, code) };
}
