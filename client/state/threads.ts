// Keeps the threads and positions that the views see in step with the replica.
import type { Message } from "../../protocol/models.ts";
import type { Replica } from "./replica.ts";
import type { State } from "./state.ts";
import { EMPTY_THREAD, type Thread, withHeld } from "./thread.ts";

/** The state with this replica; only what it changed is looked at again. */
export function withReplica(state: State, replica: Replica): State {
  const before = state.replica.conversations;
  const now = replica.conversations;
  if (before === now) return replica === state.replica ? state : { ...state, replica };
  const threads = { ...state.threads };
  const positions = { ...state.positions };
  for (const id of Object.keys(before)) {
    if (now[id]) continue;
    delete threads[id];
    delete positions[id];
  }
  for (const [id, held] of Object.entries(now)) {
    if (held === before[id]) continue;
    positions[id] = held.positions;
    threads[id] = withHeld(threads[id] ?? EMPTY_THREAD, held, state.changing[id]);
    if (threads[id].status === "ready" && state.threads[id]?.status !== "ready") {
      threads[id] = { ...threads[id], unreadAfter: unreadAfter(state, id) };
    }
  }
  return { ...state, replica, threads, positions };
}

/** What the person changes, shown at once; null: the server has answered. */
export function withChangingOf(state: State, id: string, seq: number, fields: Partial<Message> | null): State {
  const { [seq]: _before, ...others } = state.changing[id] ?? {};
  const own = fields === null ? others : { ...others, [seq]: fields };
  const { [id]: _all, ...rest } = state.changing;
  const changing = Object.keys(own).length === 0 ? rest : { ...rest, [id]: own };
  const held = state.replica.conversations[id];
  const next = { ...state, changing };
  return held ? onThread(next, id, (thread) => withHeld(thread, held, changing[id])) : next;
}

/** The line "new messages" is drawn where reading begins, each time a conversation is opened. */
export function unreadLine(state: State, previousId: string | null): State {
  const id = state.route.conversationId;
  if (id === null || id === previousId || !state.threads[id]) return state;
  return onThread(state, id, (thread) => ({ ...thread, unreadAfter: unreadAfter(state, id) }));
}

function unreadAfter({ conversations }: State, id: string): number | null {
  const conversation = conversations[id];
  return conversation && conversation.unreadCount > 0 ? conversation.my.lastReadSeq : null;
}

export function onThread(state: State, id: string, change: (thread: Thread) => Thread): State {
  return { ...state, threads: { ...state.threads, [id]: change(state.threads[id] ?? EMPTY_THREAD) } };
}
