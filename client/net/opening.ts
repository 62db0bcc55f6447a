// Opens conversations: what this device kept of one is shown at once, the server is asked for the rest.
import { PAGE_MAX_ROWS } from "../../protocol/limits.ts";
import { inOrder } from "../state/conversations.ts";
import { asFailure, type Failure } from "../state/failure.ts";
import type { Store } from "../state/store.ts";
import { withSharedIds } from "./intern.ts";
import type { Rest } from "./rest.ts";
import type { Storage } from "./storage.ts";

/** So many of those at the top of the list are held from the start: they are there before the finger is off the row. */
const HELD_FROM_START = 20;

export interface OpeningOptions {
  store: Store;
  storage: Pick<Storage, "loadThread">;
  rest: Pick<Rest, "messages">;
  /** It is held now: what it lacks is to be asked for. */
  onHeld(conversationId: string): void;
  /** What was kept is taken in: more is to be asked about. */
  onKept(): void;
  onFailure(failure: Failure): void;
}

export function createOpening({ store, storage, rest, onHeld, onKept, onFailure }: OpeningOptions) {
  const opening = new Set<string>();
  const state = () => store.state.peek();

  async function open(id: string): Promise<void> {
    if (opening.has(id)) return;
    if (!state().replica.conversations[id]) {
      opening.add(id);
      await takeKept(id);
      opening.delete(id);
      if (state().account.status !== "in") return;
    }
    store.apply({ type: "opened", conversationId: id });
    onHeld(id);
  }

  /** What this device kept of it, if it is still of the same person's same data. */
  async function takeKept(id: string): Promise<void> {
    const { ownerId, replica: { epoch } } = state();
    const held = await storage.loadThread(id);
    const now = state();
    if (held === null || now.ownerId !== ownerId || now.replica.epoch !== epoch) return;
    withSharedIds(held.messages);
    store.apply({ type: "keptThread", held });
  }

  /** Takes what is kept of the latest conversations into memory, one after the other. */
  async function takeLatest(keptIds: readonly string[]): Promise<void> {
    const kept = new Set(keptIds);
    const { ownerId } = state();
    const latest = inOrder(state().conversations).filter(({ id }) => kept.has(id)).slice(0, HELD_FROM_START);
    for (const { id } of latest) {
      if (state().ownerId !== ownerId) return;
      if (!state().replica.conversations[id]) await takeKept(id);
    }
    onKept();
  }

  async function loadOlder(id: string): Promise<void> {
    const held = state().replica.conversations[id];
    const thread = state().threads[id];
    if (!held || !thread?.hasBefore || thread.older === "loading") return;
    store.apply({ type: "olderLoading", conversationId: id });
    try {
      const page = await rest.messages(id, { before: held.firstSeq, limit: PAGE_MAX_ROWS });
      withSharedIds(page.messages);
      store.apply({ type: "olderLoaded", conversationId: id, page });
    } catch (thrown) {
      store.apply({ type: "olderFailed", conversationId: id });
      onFailure(asFailure(thrown));
    }
  }

  return { open, takeLatest, loadOlder };
}
