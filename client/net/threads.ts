// Loads conversations and their messages, and closes the holes that a lost connection leaves.
import { PAGE_MAX_ROWS } from "../../protocol/limits.ts";
import { asFailure, type Failure } from "../state/failure.ts";
import type { Store } from "../state/store.ts";
import { isBehind, lastSeq } from "../state/thread.ts";
import type { Rest } from "./rest.ts";

/** Further behind than this, the newest page is read afresh instead of everything in between. */
const CATCH_UP_MAX_MESSAGES = 500;

export interface ThreadsOptions {
  store: Store;
  rest: Rest;
  onFailure(failure: Failure): void;
  /** There is no such conversation for us, or no more. */
  onGone(conversationId: string): void;
}

export function createThreads({ store, rest, onFailure, onGone }: ThreadsOptions) {
  /** Work under way, by key; true: asked for again meanwhile, so that what began too early is done once more. */
  const busy = new Map<string, boolean>();
  const thread = (id: string) => store.state.peek().threads[id];

  async function once(key: string, work: () => Promise<void>): Promise<void> {
    if (busy.has(key)) {
      busy.set(key, true);
      return;
    }
    try {
      do {
        busy.set(key, false);
        await work();
      } while (busy.get(key));
    } finally {
      busy.delete(key);
    }
  }

  /** What the open page needs: the newest messages the first time, later only what it misses. */
  function load(id: string): Promise<void> {
    return once(id, async () => {
      const known = thread(id);
      if (known?.failure && !known.failure.retryable) return;
      const isNear = known?.status === "ready" && known.newestSeq - lastSeq(known) <= CATCH_UP_MAX_MESSAGES;
      if (!isNear) await loadNewest(id);
      await catchUp(id);
    });
  }

  async function loadNewest(id: string): Promise<void> {
    store.apply({ type: "threadLoading", conversationId: id });
    try {
      const { conversation, page } = await rest.conversation(id);
      store.apply({ type: "threadLoaded", conversation, page });
    } catch (thrown) {
      const failure = asFailure(thrown);
      store.apply({ type: "threadFailed", conversationId: id, failure });
      onFailure(failure);
    }
  }

  async function catchUp(id: string): Promise<void> {
    try {
      for (let known = thread(id); known && isBehind(known); known = thread(id)) {
        store.apply({ type: "newerLoading", conversationId: id });
        const page = await rest.messages(id, { after: lastSeq(known), limit: PAGE_MAX_ROWS });
        store.apply({ type: "newerLoaded", conversationId: id, page });
      }
    } catch (thrown) {
      // What is shown stays right as far as it goes; the next event, connection or opening tries again.
      store.apply({ type: "newerFailed", conversationId: id });
      onFailure(asFailure(thrown));
    }
  }

  async function loadOlder(id: string): Promise<void> {
    const known = thread(id);
    const before = known?.messages[0]?.seq;
    if (!known?.hasBefore || before === undefined || known.older === "loading") return;
    store.apply({ type: "olderLoading", conversationId: id });
    try {
      store.apply({ type: "olderLoaded", conversationId: id, page: await rest.messages(id, { before }) });
    } catch (thrown) {
      store.apply({ type: "olderFailed", conversationId: id });
      onFailure(asFailure(thrown));
    }
  }

  /** A conversation that is new to us, or changed in more than its messages. */
  async function refresh(id: string): Promise<void> {
    await once(`refresh ${id}`, async () => {
      try {
        const { conversation } = await rest.conversation(id);
        store.apply({ type: "conversation", conversation });
      } catch (thrown) {
        const failure = asFailure(thrown);
        if (failure.code === "not_found") onGone(id);
        onFailure(failure);
      }
    });
  }

  async function loadList(): Promise<void> {
    await once("list", async () => {
      const { list } = store.state.peek();
      if (list.status === "failed") store.apply({ type: "listLoading" });
      try {
        store.apply({ type: "listLoaded", ...await rest.conversations() });
      } catch (thrown) {
        const failure = asFailure(thrown);
        if (store.state.peek().list.status !== "ready") store.apply({ type: "listFailed", failure });
        onFailure(failure);
      }
    });
  }

  async function loadMoreConversations(): Promise<void> {
    await once("list", async () => {
      const cursor = store.state.peek().list.nextCursor;
      if (cursor === null) return;
      store.apply({ type: "moreLoading" });
      try {
        store.apply({ type: "moreLoaded", ...await rest.conversations({ cursor }) });
      } catch (thrown) {
        store.apply({ type: "moreFailed" });
        onFailure(asFailure(thrown));
      }
    });
  }

  return { load, loadOlder, refresh, loadList, loadMoreConversations };
}
