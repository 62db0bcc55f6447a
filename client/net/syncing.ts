// Keeps the replica current: asks what is due, one sync after the other, and fetches the pages that cannot be resumed.
import type { CommandResult } from "../../protocol/commands.ts";
import { SYNC_QUIET_MS } from "../../protocol/limits.ts";
import type { Conversations } from "../state/conversations.ts";
import { asFailure, type Failure } from "../state/failure.ts";
import { pagesDue, type Sync, syncsDue } from "../state/replica.ts";
import type { Store } from "../state/store.ts";
import type { Clock } from "./clock.ts";
import { withSharedIds } from "./intern.ts";
import type { Rest } from "./rest.ts";
import type { Socket } from "./socket.ts";

/** What was refused, or brought nothing new, is asked again after this. */
const AGAIN_AFTER_MS = 5_000;
/** The list is long and seldom wrong: a quiet client asks for it every so many times only. */
const QUIET_ROUNDS_PER_LIST = 10;

export interface SyncingOptions {
  store: Store;
  socket: Pick<Socket, "isOpen" | "request">;
  rest: Pick<Rest, "conversation">;
  clock: Clock;
  /** Right after an answer was applied; `asked`: the conversations that were known when it was asked for. */
  onSynced(answer: CommandResult<"sync">, asked: Conversations): void;
  onFailure(failure: Failure): void;
  /** There is no such conversation for us, or no more. */
  onGone(conversationId: string): void;
}

export function createSyncing({ store, socket, rest, clock, ...on }: SyncingOptions) {
  const replica = () => store.state.peek().replica;
  let isAsking = false;
  let lastAsked = "";
  let cancelAgain: (() => void) | null = null;
  /** Pages under way, and those that could not be had: tried again on a new connection, or when somebody asks. */
  const fetching = new Set<string>();
  const failed = new Map<string, Failure>();
  let hasHeard = false;
  let rounds = 0;
  let cancelQuiet: (() => void) | null = null;

  /** Does what is due. */
  function pump(): void {
    askNext();
    for (const id of pagesDue(replica())) if (!fetching.has(id) && !failed.has(id)) fetchPage(id);
  }

  function askNext(): void {
    if (isAsking || cancelAgain || !socket.isOpen) return;
    const [sync] = syncsDue(replica());
    if (sync === undefined) {
      lastAsked = "";
      return;
    }
    // The very same question once more: whatever is wrong, asking without a pause does not mend it.
    const asked = JSON.stringify(sync.cursors);
    if (asked === lastAsked && !sync.list) return again();
    lastAsked = asked;
    ask(sync);
  }

  async function ask(sync: Sync): Promise<void> {
    isAsking = true;
    const asked = store.state.peek().conversations;
    store.apply({ type: "syncAsked", sync });
    const { command, ...fields } = sync;
    try {
      await socket.request(command, fields, (answer) => {
        isAsking = false;
        for (const { messages } of answer.conversations) withSharedIds(messages);
        // What is in the list is there: whoever opened it before being added finds it now.
        for (const { conversationId } of answer.list ?? []) failed.delete(conversationId);
        store.apply({ type: "synced", sync, answer });
        on.onSynced(answer, asked);
      });
      pump();
    } catch (thrown) {
      isAsking = false;
      const failure = asFailure(thrown);
      // Without a connection the next welcome asks about everything anyway.
      if (failure.code === "offline") return;
      if (sync.list) store.apply({ type: "doubted", list: true });
      again();
    }
  }

  function again(): void {
    cancelAgain?.();
    cancelAgain = clock.after(AGAIN_AFTER_MS, () => {
      cancelAgain = null;
      lastAsked = "";
      pump();
    });
  }

  async function fetchPage(id: string): Promise<void> {
    fetching.add(id);
    try {
      const { conversation, page } = await rest.conversation(id);
      withSharedIds(page.messages);
      store.apply({ type: "detail", conversation, page });
    } catch (thrown) {
      const failure = asFailure(thrown);
      failed.set(id, failure);
      if (failure.code === "not_found" && store.state.peek().conversations[id]) on.onGone(id);
      else store.apply({ type: "openFailed", conversationId: id, failure });
      on.onFailure(failure);
    } finally {
      fetching.delete(id);
    }
    pump();
  }

  /** [R10] Nothing came for a while: nothing happened, or something was lost. */
  function quiet(): void {
    cancelQuiet = clock.after(SYNC_QUIET_MS, quiet);
    if (!socket.isOpen) return;
    if (!hasHeard) {
      lastAsked = "";
      store.apply({ type: "doubted", list: ++rounds % QUIET_ROUNDS_PER_LIST === 0 });
      pump();
    }
    hasHeard = false;
  }

  return {
    pump,
    /** Something came by itself. */
    heard: () => {
      hasHeard = true;
    },
    /** A new connection: everything is due. */
    welcome: () => {
      isAsking = false;
      cancelAgain?.();
      cancelAgain = null;
      lastAsked = "";
      for (const [id, { retryable }] of failed) if (retryable) failed.delete(id);
      cancelQuiet ??= clock.after(SYNC_QUIET_MS, quiet);
      pump();
    },
    /** Somebody asks for a page that could not be had. */
    retry: (id: string) => {
      failed.delete(id);
      pump();
    },
    stop: () => {
      cancelAgain?.();
      cancelQuiet?.();
      cancelAgain = cancelQuiet = null;
      failed.clear();
    },
  };
}
