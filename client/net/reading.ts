// Tells the server how far the person has read: shown at once, said at most once per position.
import type { Store } from "../state/store.ts";
import { meId } from "../state/state.ts";
import type { Socket } from "./socket.ts";

export function createReading(store: Store, socket: Pick<Socket, "isOpen" | "request">) {
  /** The highest seq of each conversation that the server was told of. */
  const told = new Map<string, number>();
  /** Read while there was no connection; only the highest counts. */
  const untold = new Map<string, number>();

  async function tell(conversationId: string, seq: number): Promise<void> {
    if (!socket.isOpen) {
      untold.set(conversationId, seq);
      return;
    }
    try {
      await socket.request("message:read", { conversationId, seq });
    } catch {
      // A read position is ephemera: lost, the next connection says it again.
      if (told.get(conversationId) === seq) untold.set(conversationId, seq);
    }
  }

  function markRead(conversationId: string, seq: number): void {
    const state = store.state.peek();
    const known = state.conversations[conversationId]?.my.lastReadSeq ?? 0;
    if (seq <= Math.max(known, told.get(conversationId) ?? 0)) return;
    told.set(conversationId, seq);
    store.apply({ type: "read", conversationId, userId: meId(state), lastReadSeq: seq });
    tell(conversationId, seq);
  }

  function flush(): void {
    const waiting = [...untold];
    untold.clear();
    for (const [conversationId, seq] of waiting) tell(conversationId, seq);
  }

  function forget(): void {
    told.clear();
    untold.clear();
  }

  return { markRead, flush, forget };
}
