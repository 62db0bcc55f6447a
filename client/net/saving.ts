// Keeps on this device what the state comes to know: the replica's conversations, the list, the epoch; and lets go of what
// has left the outbox, whichever way.
import { effect } from "@preact/signals";
import type { State } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import type { Storage } from "./storage.ts";

/** Saves what changes from now on, until it is stopped; the storage gathers and writes when it suits. */
export function keepSaving(store: Store, storage: Storage, onSettled: (clientId: string) => unknown): () => void {
  let last: State = store.state.peek();
  return effect(() => {
    const state = store.state.value;
    const before = last;
    last = state;
    if (state.ownerId !== before.ownerId) return;
    if (state.outbox !== before.outbox) {
      const waiting = new Set(state.outbox.map(({ clientId }) => clientId));
      for (const { clientId } of before.outbox) {
        if (waiting.has(clientId)) continue;
        storage.removePending(clientId);
        onSettled(clientId);
      }
    }
    const { epoch, conversations: held } = state.replica;
    const isOther = epoch !== before.replica.epoch;
    // Another epoch makes the storage forget by itself; drafts and the outbox stay.
    if (isOther && epoch !== null) storage.saveEpoch(epoch);
    if (held !== before.replica.conversations) {
      for (const [id, one] of Object.entries(held)) {
        if (one !== before.replica.conversations[id]) storage.saveConversation(one);
      }
    }
    if (state.conversations !== before.conversations || state.people !== before.people) {
      storage.saveList(state.conversations, state.people);
      if (isOther) return;
      for (const id of Object.keys(before.conversations)) {
        if (!state.conversations[id]) storage.removeConversation(id);
      }
    }
  });
}
