// What the server tells, by events and by the answers of syncs, as it changes the state.
import type { CommandResult } from "../../protocol/commands.ts";
import type { Event } from "../../protocol/frames.ts";
import type { Message } from "../../protocol/models.ts";
import { withEntries, withListMessages, withoutConversation, withRowPositions } from "./conversations.ts";
import { EMPTY_LIST } from "./list.ts";
import { withoutArrived } from "./outbox.ts";
import { type Replica, type Sync, withEvent, withMessages, withSync } from "./replica.ts";
import { meId, type State } from "./state.ts";
import { unreadLine, withReplica } from "./threads.ts";

type PositionsEvent = Extract<Event, { event: "positions" }>;

/** One frame's events, in their order; neighbours of a kind count as one change, so that a burst costs one. */
export function heard(state: State, events: readonly Event[]): State {
  let next = state;
  let run: Message[] = [];
  let told: PositionsEvent[] = [];
  const endRuns = () => {
    if (run.length > 0) next = withLive(next, run);
    if (told.length > 0) next = withTold(next, told);
    run = [];
    told = [];
  };
  for (const event of events) {
    // At most one of the two has begun.
    if (event.event === "message" ? told.length > 0 : event.event !== "positions" || run.length > 0) endRuns();
    if (event.event === "message") run.push(event.message);
    else if (event.event === "positions") told.push(event);
    else next = withOther(next, event);
  }
  endRuns();
  return next;
}

function withTold(state: State, told: readonly PositionsEvent[]): State {
  const conversations = withRowPositions(state.conversations, told, meId(state));
  return withReplica({ ...state, conversations }, told.reduce(withEvent, state.replica));
}

function withLive(state: State, messages: readonly Message[]): State {
  const rows = inRows(state, messages);
  let { typing } = rows;
  for (const { conversationId, senderId } of messages) typing = withTyping(typing, conversationId, senderId, false);
  return withReplica({ ...rows, typing }, withMessages(rows.replica, messages));
}

function withOther(state: State, event: Exclude<Event, { event: "message" | "positions" }>): State {
  switch (event.event) {
    case "welcome":
      return withCopy(state, withEvent(state.replica, event));
    case "conversation":
      return withReplica(state, withEvent(state.replica, event));
    case "conversation:left": {
      const conversations = withoutConversation(state.conversations, event.conversationId);
      return withReplica({ ...state, conversations }, withEvent(state.replica, event));
    }
    case "typing": {
      if (event.userId === meId(state)) return state;
      return { ...state, typing: withTyping(state.typing, event.conversationId, event.userId, event.typing) };
    }
    case "presence": {
      const { userId, presence, lastSeenAt } = event;
      return { ...state, presence: { ...state.presence, [userId]: { userId, presence, lastSeenAt } } };
    }
    default:
      // A newer server's event.
      return state;
  }
}

/** The answer to a sync, applied in its place among the events. */
export function synced(state: State, sync: Sync, answer: CommandResult<"sync">): State {
  const copied = withCopy(state, withSync(state.replica, sync, answer));
  if (answer.reset) return copied;
  let next = inRows(copied, answer.conversations.flatMap(({ messages }) => messages));
  for (const { conversationId, state: its, positions } of answer.conversations) {
    const conversations = its === "gone"
      ? withoutConversation(next.conversations, conversationId)
      : withRowPositions(next.conversations, [{ conversationId, positions }], meId(next));
    next = { ...next, conversations };
  }
  if (answer.list) next = { ...next, conversations: withEntries(next.conversations, answer.list) };
  // What this device kept of the open conversation was shown before it was known what is new.
  const { conversationId } = next.route;
  return conversationId !== null && next.threads[conversationId]?.unreadAfter === null ? unreadLine(next, null) : next;
}

/** [C4] [R5] Another epoch: nothing of what we know means anything. What was written stays, to be sent. */
function withCopy(state: State, replica: Replica): State {
  const isOther = state.replica.epoch !== null && replica.epoch !== state.replica.epoch;
  if (!isOther) return withReplica(state, replica);
  const nothing = { threads: {}, positions: {}, conversations: {}, changing: {} };
  return { ...state, ...nothing, replica, list: EMPTY_LIST, archived: EMPTY_LIST };
}

function inRows(state: State, messages: readonly Message[]): State {
  return {
    ...state,
    conversations: withListMessages(state.conversations, messages, meId(state)),
    outbox: withoutArrived(state.outbox, messages, meId(state)),
  };
}

function withTyping(typing: State["typing"], id: string, userId: string, isTyping: boolean): State["typing"] {
  const before = typing[id] ?? [];
  if (before.includes(userId) === isTyping) return typing;
  const now = isTyping ? [...before, userId] : before.filter((other) => other !== userId);
  if (now.length > 0) return { ...typing, [id]: now };
  const { [id]: _nobody, ...rest } = typing;
  return rest;
}
