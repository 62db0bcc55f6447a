// Loads the lists of conversations, and single ones that are new or changed.
import type { CommandResult } from "../../protocol/commands.ts";
import { PAGE_MAX_ROWS } from "../../protocol/limits.ts";
import type { Message } from "../../protocol/models.ts";
import type { Conversations } from "../state/conversations.ts";
import { asFailure, type Failure } from "../state/failure.ts";
import type { ListName } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { withSharedIds } from "./intern.ts";
import type { Rest } from "./rest.ts";

export interface ListsOptions {
  store: Store;
  rest: Pick<Rest, "conversations" | "conversation">;
  /** The last messages of rows. */
  onRows(messages: readonly Message[]): void;
  onFailure(failure: Failure): void;
  /** There is no such conversation for us, or no more. */
  onGone(conversationId: string): void;
}

export function createLists({ store, rest, onRows, onFailure, onGone }: ListsOptions) {
  /** Work under way, by key; true: asked for again meanwhile, so that what began too early is done once more. */
  const busy = new Map<string, boolean>();
  /** Rows whose last message is another one by now. */
  const stale = new Set<string>();
  /** Versions that a sync told of rows that were still on their way; a page that was read before them is read again. */
  const told = new Map<string, number>();
  const state = () => store.state.peek();

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

  function load(list: ListName = "list"): Promise<void> {
    return once(list, async () => {
      if (state()[list].status === "failed") store.apply({ type: "listLoading", list });
      try {
        const first = await page(list);
        store.apply({ type: "listLoaded", list, ...first });
        // As far down as rows are known to be old, each page is read as it is now.
        for (let cursor = first.nextCursor; cursor !== null && hasStale(list);) {
          const { conversations, nextCursor } = await page(list, cursor);
          cursor = nextCursor;
          store.apply({ type: "moreLoaded", list, conversations, nextCursor: state()[list].nextCursor });
        }
      } catch (thrown) {
        const failure = asFailure(thrown);
        if (state()[list].status !== "ready") store.apply({ type: "listFailed", list, failure });
        onFailure(failure);
      }
    });
  }

  function loadMore(list: ListName = "list"): Promise<void> {
    return once(`more ${list}`, async () => {
      const cursor = state()[list].nextCursor;
      if (cursor === null) return;
      store.apply({ type: "moreLoading", list });
      try {
        store.apply({ type: "moreLoaded", list, ...await page(list, cursor) });
      } catch (thrown) {
        store.apply({ type: "moreFailed", list });
        onFailure(asFailure(thrown));
      }
    });
  }

  /** The first is small, to be there soon; who goes further down goes far. */
  async function page(list: ListName, cursor?: string) {
    const archived = list === "archived";
    const answer = await rest.conversations({
      ...archived ? { archived } : {},
      ...cursor ? { cursor, limit: PAGE_MAX_ROWS } : {},
    });
    const messages = answer.conversations.flatMap(({ lastMessage }) => lastMessage ?? []);
    for (const { id, lastVersion } of answer.conversations) {
      stale.delete(id);
      if (lastVersion >= (told.get(id) ?? 0)) told.delete(id);
      else if (busy.has(list)) busy.set(list, true);
    }
    onRows(withSharedIds(messages));
    return answer;
  }

  const hasStale = (list: ListName) =>
    [...stale].some((id) => state().conversations[id]?.my.archived === (list === "archived"));

  /** A conversation that is new to us, or changed in more than its messages. */
  function refresh(id: string): Promise<void> {
    return once(`refresh ${id}`, async () => {
      try {
        store.apply({ type: "detail", ...await rest.conversation(id) });
        stale.delete(id);
      } catch (thrown) {
        const failure = asFailure(thrown);
        if (failure.code === "not_found") onGone(id);
        onFailure(failure);
      }
    });
  }

  /**
   * [R8] A sync told a line of each conversation: those of which the line is not enough are read again, those that it
   * does not hold are gone.
   * @param asked what was known when it was asked
   */
  function compare(asked: Conversations, { list: lines, listComplete }: CommandResult<"sync">): void {
    const { conversations, list, archived, replica, route } = state();
    const inUse = Object.values(conversations).filter(({ my }) => !my.archived);
    const oldest = list.nextCursor === null ? "" : inUse.map(({ lastActivityAt }) => lastActivityAt).sort()[0] ?? "";
    const inLines = new Set<string>();
    let isDue = false;
    for (const { conversationId: id, lastVersion, archived, lastActivityAt } of lines ?? []) {
      inLines.add(id);
      const row = conversations[id];
      if (!row) told.set(id, lastVersion);
      // A row that came after we asked may have been read before what the line tells.
      const isBehind = asked[id]
        ? asked[id].lastVersion < lastVersion
        : (row?.lastMessage?.seq ?? 0) < (row?.lastSeq ?? 0);
      // The messages of a conversation that is held have come with the answer.
      if (isBehind && !replica.conversations[id]) stale.add(id);
      if (!row && !archived && lastActivityAt > oldest) isDue = true;
    }
    if (list.status === "ready" && (isDue || hasStale("list"))) load();
    if (archived.status === "ready" && hasStale("archived")) load("archived");
    if (lines === null || !listComplete) return;
    for (const { id, lastSeq } of Object.values(asked)) {
      if (inLines.has(id) || !conversations[id]) continue;
      if (id === route.conversationId) refresh(id);
      else if (lastSeq > 0) onGone(id);
    }
  }

  return { load, loadMore, refresh, compare, isLoading: () => busy.has("list") };
}
