// The loaded stretch of one conversation's messages: always without a hole, whatever order pages and events come in.
import type { Message } from "../../protocol/models.ts";
import type { MessagePage } from "../../protocol/rest.ts";
import type { Failure } from "./failure.ts";

export interface Thread {
  status: "loading" | "ready" | "failed";
  failure: Failure | null;
  /** Oldest first; seq grows by one from each to the next. */
  messages: Message[];
  /**
   * Came by events, lowest seq first, but do not join the stretch yet: behind a hole, or in a page that is not loaded.
   * Kept because a page that was read before them can arrive after them, and must not undo them.
   */
  aside: Message[];
  hasBefore: boolean;
  older: "idle" | "loading" | "failed";
  /** Where a thread without messages begins: the conversation may have some that are not ours to read. */
  baseSeq: number;
  /** The highest seq that is known to exist; above the last message's, something is still to be fetched. */
  newestSeq: number;
  /** A connection began since the last fetch did: there may be more than `newestSeq` tells. */
  stale: boolean;
  /** Where the "new messages" line stands: after this seq; null: no line. */
  unreadAfter: number | null;
}

export const EMPTY_THREAD: Thread = {
  status: "loading",
  failure: null,
  messages: [],
  aside: [],
  hasBefore: false,
  older: "idle",
  baseSeq: 0,
  newestSeq: 0,
  stale: false,
  unreadAfter: null,
};

/** The highest seq up to which the thread is complete. */
export function lastSeq(thread: Thread): number {
  return thread.messages.at(-1)?.seq ?? thread.baseSeq;
}

function firstSeq(thread: Thread): number {
  return thread.messages[0]?.seq ?? thread.baseSeq + 1;
}

export function isBehind(thread: Thread): boolean {
  return thread.status === "ready" && (thread.stale || lastSeq(thread) < thread.newestSeq);
}

/** Both lists by seq; where a seq is in both, the higher version stands. */
export function mergeMessages(known: Message[], incoming: Message[]): Message[] {
  const bySeq = new Map(known.map((message) => [message.seq, message]));
  for (const message of incoming) {
    const old = bySeq.get(message.seq);
    if (!old || message.version > old.version) bySeq.set(message.seq, message);
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** The newest page, read afresh. What is already there stays when the page continues it; else the page alone counts. */
export function withNewestPage(thread: Thread, page: MessagePage, conversationLastSeq: number): Thread {
  const first = page.messages[0]?.seq;
  const continues = thread.messages.length > 0 && first !== undefined && first <= lastSeq(thread) + 1;
  const messages = continues ? mergeMessages(thread.messages, page.messages) : page.messages;
  const reachesBack = continues && thread.messages[0]!.seq < first;
  const end = messages.at(-1)?.seq ?? conversationLastSeq;
  return joined({
    ...thread,
    status: "ready",
    failure: null,
    messages,
    hasBefore: reachesBack ? thread.hasBefore : page.hasBefore,
    baseSeq: end,
    newestSeq: Math.max(thread.newestSeq, end, conversationLastSeq),
  });
}

/** A page of what came before the first message. */
export function withOlderPage(thread: Thread, page: MessagePage): Thread {
  return joined({
    ...thread,
    messages: mergeMessages(thread.messages, page.messages),
    hasBefore: page.hasBefore,
    older: "idle",
  });
}

/** A page of what came after the last message. */
export function withNewerPage(thread: Thread, page: MessagePage): Thread {
  const messages = mergeMessages(thread.messages, page.messages);
  const end = messages.at(-1)?.seq ?? thread.baseSeq;
  // An empty page is the server's word that the end is reached: a newestSeq beyond would be asked for for ever.
  const newestSeq = page.messages.length === 0 ? end : Math.max(thread.newestSeq, end + (page.hasAfter ? 1 : 0));
  return joined({ ...thread, messages, newestSeq });
}

/** One message, new or changed. Where it does not join the stretch it waits aside, until a page reaches it. */
export function withMessage(thread: Thread, message: Message): Thread {
  const newestSeq = Math.max(thread.newestSeq, message.seq);
  const end = lastSeq(thread);
  if (thread.status !== "ready" || message.seq < firstSeq(thread) || message.seq > end + 1) {
    return { ...thread, newestSeq, aside: mergeMessages(thread.aside, [message]) };
  }
  if (message.seq === end + 1) return { ...thread, newestSeq, messages: [...thread.messages, message] };
  const at = message.seq - firstSeq(thread);
  if (message.version <= thread.messages[at]!.version) return thread;
  return { ...thread, messages: thread.messages.with(at, message) };
}

/** Takes in what stood aside and now lies within the stretch, or continues it. */
function joined(thread: Thread): Thread {
  const aside: Message[] = [];
  let messages = thread.messages;
  let end = lastSeq(thread);
  for (const message of thread.aside) {
    if (message.seq >= firstSeq(thread) && message.seq <= end + 1) {
      messages = mergeMessages(messages, [message]);
      end = Math.max(end, message.seq);
    } else aside.push(message);
  }
  return { ...thread, messages, aside, newestSeq: Math.max(thread.newestSeq, end) };
}
