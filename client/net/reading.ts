// Tells the server how far the person has read, and what has reached this device: each position at most once.
import { DELIVERED_MAX_POSITIONS } from "../../protocol/limits.ts";
import type { Message } from "../../protocol/models.ts";
import { meId } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import type { Clock } from "./clock.ts";
import type { Socket } from "./socket.ts";

/** What arrives within this time is said to have arrived as one. */
const DELIVERED_EVERY_MS = 1_000;

export function createReading(store: Store, socket: Pick<Socket, "isOpen" | "request">, clock: Clock) {
  /** The highest seq of each conversation that the server was told of. */
  const told = new Map<string, number>();
  /** Read while there was no connection; only the highest counts. */
  const untold = new Map<string, number>();
  const toldArrived = new Map<string, number>();
  const arrivedDue = new Map<string, number>();
  let cancelArrived: (() => void) | null = null;

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
    const my = store.state.peek().conversations[conversationId]?.my;
    // Reading also takes the mark "unread" away, where nothing is unread.
    const known = my?.markedUnread ? 0 : Math.max(my?.lastReadSeq ?? 0, told.get(conversationId) ?? 0);
    if (seq <= known) return;
    const highest = Math.max(seq, my?.lastReadSeq ?? 0);
    told.set(conversationId, highest);
    store.apply({ type: "read", conversationId, lastReadSeq: highest });
    tell(conversationId, highest);
  }

  /** These are on this device now. */
  function arrived(messages: readonly Pick<Message, "conversationId" | "seq" | "senderId">[]): void {
    const own = meId(store.state.peek());
    for (const { conversationId, seq, senderId } of messages) {
      if (senderId === own || seq <= (toldArrived.get(conversationId) ?? 0)) continue;
      arrivedDue.set(conversationId, Math.max(seq, arrivedDue.get(conversationId) ?? 0));
    }
    if (arrivedDue.size > 0) cancelArrived ??= clock.after(DELIVERED_EVERY_MS, tellArrived);
  }

  /** Up to where the server knows that it was delivered; what is read is [P1]. */
  function known(id: string): number {
    const state = store.state.peek();
    const conversation = state.conversations[id];
    if (!conversation) return Infinity;
    const own = conversation.participants.find(({ user }) => user.id === meId(state));
    return Math.max(conversation.my.lastReadSeq, own?.lastDeliveredSeq ?? 0);
  }

  function tellArrived(): void {
    cancelArrived = null;
    // Without a connection nothing is said: what comes with the next one is told then.
    if (!socket.isOpen) return;
    const positions = [...arrivedDue].filter(([id, seq]) => known(id) < seq)
      .map(([conversationId, seq]) => ({ conversationId, seq }));
    for (const [id, seq] of arrivedDue) toldArrived.set(id, seq);
    arrivedDue.clear();
    for (let from = 0; from < positions.length; from += DELIVERED_MAX_POSITIONS) {
      // Ephemera: one that is lost is told with the next message.
      socket.request("message:delivered", { positions: positions.slice(from, from + DELIVERED_MAX_POSITIONS) })
        .catch(() => {});
    }
  }

  function flush(): void {
    const waiting = [...untold];
    untold.clear();
    for (const [conversationId, seq] of waiting) tell(conversationId, seq);
    if (arrivedDue.size > 0) cancelArrived ??= clock.after(DELIVERED_EVERY_MS, tellArrived);
  }

  function forget(): void {
    cancelArrived?.();
    cancelArrived = null;
    for (const positions of [told, untold, toldArrived, arrivedDue]) positions.clear();
  }

  return { markRead, arrived, flush, forget };
}
