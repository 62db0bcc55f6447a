// What follows from what the server tells, beyond the state itself: what must be fetched, told back, or left.
import type { Event } from "../../protocol/frames.ts";
import type { Message } from "../../protocol/models.ts";
import type { Store } from "../state/store.ts";
import { withSharedIds } from "./intern.ts";
import type { Rest } from "./rest.ts";

export interface HearingOptions {
  store: Store;
  rest: Pick<Rest, "messages">;
  /** A conversation that is new to us, or changed in more than its messages. */
  refresh(conversationId: string): void;
  onArrived(messages: readonly Message[]): void;
  onWelcome(): void;
  onGone(conversationId: string): void;
  /** The people of a conversation may be others now. */
  onChanged(conversationId: string): void;
}

export function createHearing({ store, rest, ...on }: HearingOptions) {
  /** People whom a message named and whom we do not know: asked for once. */
  const asked = new Set<string>();

  function heard(events: Event[]): void {
    const messages = events.flatMap((event) => event.event === "message" ? [event.message] : []);
    withSharedIds(messages);
    store.apply({ type: "events", events });
    for (const event of events) {
      if (event.event === "welcome") on.onWelcome();
      else if (event.event === "conversation") {
        on.refresh(event.conversationId);
        on.onChanged(event.conversationId);
      } else if (event.event === "conversation:left") on.onGone(event.conversationId);
    }
    took(messages);
  }

  /** By an event or a sync. */
  function took(messages: readonly Message[]): void {
    if (messages.length === 0) return;
    on.onArrived(messages);
    const { conversations } = store.state.peek();
    for (const id of new Set(messages.map(({ conversationId }) => conversationId))) {
      if (!conversations[id]) on.refresh(id);
    }
    learnNames(messages);
  }

  /** A message names people by id; in a large group some are not among those that came with the conversation. */
  function learnNames(messages: readonly Message[]): void {
    const { people } = store.state.peek();
    for (const message of messages) {
      const unknown = named(message).filter((id) => !people[id] && !asked.has(id));
      if (unknown.length === 0) continue;
      for (const id of unknown) asked.add(id);
      rest.messages(message.conversationId, { after: message.seq - 1, limit: 1 })
        .then((page) => store.apply({ type: "people", people: page.people }))
        .catch(() => unknown.forEach((id) => asked.delete(id)));
    }
  }

  return { heard, took };
}

function named({ senderId, system }: Message): string[] {
  if (system?.type === "added" || system?.type === "removed") return [senderId, ...system.userIds];
  return system?.type === "role" ? [senderId, system.userId] : [senderId];
}
