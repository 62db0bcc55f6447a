// One conversation's messages as the views see them: what the replica holds without holes, and what the person is changing.
import type { Message } from "../../protocol/models.ts";
import type { Failure } from "./failure.ts";
import { indexOfSeq, unbroken } from "./messages.ts";
import type { Held } from "./replica_conversation.ts";

export interface Thread {
  status: "loading" | "ready" | "failed";
  failure: Failure | null;
  /** Oldest first; seq grows by one from each to the next. */
  messages: readonly Message[];
  hasBefore: boolean;
  older: "idle" | "loading" | "failed";
  /** Where the "new messages" line stands: after this seq; null: no line. */
  unreadAfter: number | null;
}

/** What the person has asked for and the server has not answered: shown as if it were done. By seq. */
export type Changing = Readonly<Record<number, Partial<Message>>>;

export const EMPTY_THREAD: Thread = {
  status: "loading",
  failure: null,
  messages: [],
  hasBefore: false,
  older: "idle",
  unreadAfter: null,
};

/** The thread after the replica or what is changing did; what is shown stays while a page is fetched afresh. */
export function withHeld(thread: Thread, held: Held, changing: Changing | undefined): Thread {
  if (held.cursor === null) return thread;
  const messages = withChanging(unbroken(held.messages), changing);
  return { ...thread, status: "ready", failure: null, messages, hasBefore: held.firstSeq > 0 };
}

function withChanging(messages: readonly Message[], changing: Changing | undefined): readonly Message[] {
  if (!changing) return messages;
  const next = [...messages];
  for (const [seq, fields] of Object.entries(changing)) {
    const at = indexOfSeq(messages, Number(seq));
    const message = messages[at];
    if (message?.seq === Number(seq)) next[at] = { ...message, ...fields };
  }
  return next;
}
