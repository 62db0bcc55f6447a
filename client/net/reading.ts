// Tells the server how far the person has read, and what has reached this device: each position once, until it is there.
import type { CommandResult } from "../../protocol/commands.ts";
import { DELIVERED_MAX_POSITIONS } from "../../protocol/limits.ts";
import type { Message } from "../../protocol/models.ts";
import { meId } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import type { Clock } from "./clock.ts";
import type { Socket } from "./socket.ts";

/** What arrives within this time is said to have arrived as one. */
const DELIVERED_EVERY_MS = 1_000;

export function createReading(store: Store, socket: Pick<Socket, "isOpen" | "request">, clock: Clock) {
  /** The highest seq of each conversation that the server was told of on this connection. */
  const told = new Map<string, number>();
  const toldArrived = new Map<string, number>();
  const arrivedDue = new Map<string, number>();
  let cancelArrived: (() => void) | null = null;

  function tell(conversationId: string, seq: number): void {
    // Ephemera: what is lost, or read without a connection, is told when a sync shows that the server lacks it.
    if (!socket.isOpen || seq <= (told.get(conversationId) ?? 0)) return;
    told.set(conversationId, seq);
    socket.request("message:read", { conversationId, seq }).catch(() => told.delete(conversationId));
  }

  function markRead(conversationId: string, seq: number): void {
    const my = store.state.peek().conversations[conversationId]?.my;
    // Reading also takes the mark "unread" away, where nothing is unread.
    if (my?.markedUnread) told.delete(conversationId);
    else if (seq <= (my?.lastReadSeq ?? 0)) return;
    const highest = Math.max(seq, my?.lastReadSeq ?? 0);
    store.apply({ type: "read", conversationId, lastReadSeq: highest });
    tell(conversationId, highest);
  }

  /** [P2] Where this device knows of more than the server, it was read while signed out, or by a tab that died. */
  function synced({ list, conversations }: CommandResult<"sync">): void {
    const state = store.state.peek();
    const own = meId(state);
    const compare = (id: string, { lastReadSeq }: { lastReadSeq: number }) => {
      const row = state.conversations[id]?.my.lastReadSeq ?? 0;
      const mine = Math.max(row, state.positions[id]?.[own]?.lastReadSeq ?? 0);
      if (mine > lastReadSeq) tell(id, mine);
    };
    for (const line of list ?? []) compare(line.conversationId, line);
    for (const { conversationId, positions } of conversations) {
      for (const position of positions) if (position.userId === own) compare(conversationId, position);
    }
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

  function welcome(): void {
    told.clear();
    if (arrivedDue.size > 0) cancelArrived ??= clock.after(DELIVERED_EVERY_MS, tellArrived);
  }

  function forget(): void {
    cancelArrived?.();
    cancelArrived = null;
    for (const positions of [told, toldArrived, arrivedDue]) positions.clear();
  }

  return { markRead, arrived, synced, welcome, forget };
}
