// How far one's messages have come: on the server, on the others' devices, before their eyes.
import type { Conversation, Position } from "../../protocol/models.ts";

export type Tick = "sent" | "delivered" | "readBySome" | "read";

/** Up to which seq messages were delivered to and read by everybody else, and read by anybody. */
export interface Reach {
  delivered: number;
  read: number;
  readBySome: number;
}

/** [P1] Positions only grow: the higher of what the conversation came with and what was heard since. */
export function positionsOf(
  { participants }: Conversation,
  heard: Readonly<Record<string, Position>> = {},
): Record<string, Position> {
  const all: Record<string, Position> = { ...heard };
  for (const { user, lastReadSeq, lastDeliveredSeq } of participants) {
    const known = all[user.id];
    all[user.id] = {
      userId: user.id,
      lastReadSeq: Math.max(lastReadSeq, known?.lastReadSeq ?? 0),
      lastDeliveredSeq: Math.max(lastReadSeq, lastDeliveredSeq, known?.lastDeliveredSeq ?? 0),
    };
  }
  return all;
}

export function reachOf(conversation: Conversation, heard: Readonly<Record<string, Position>>, meId: string): Reach {
  const { participants, participantCount } = conversation;
  // Whoever has left is still among the positions that were heard.
  const present = participants.length < participantCount ? null : new Set(participants.map(({ user }) => user.id));
  const others = Object.values(positionsOf(conversation, heard))
    .filter(({ userId }) => userId !== meId && (present?.has(userId) ?? true));
  const reach: Reach = { delivered: Infinity, read: Infinity, readBySome: 0 };
  for (const { lastReadSeq, lastDeliveredSeq } of others) {
    reach.delivered = Math.min(reach.delivered, Math.max(lastDeliveredSeq, lastReadSeq));
    reach.read = Math.min(reach.read, lastReadSeq);
    reach.readBySome = Math.max(reach.readBySome, lastReadSeq);
  }
  // Whose position is not known has not read it, as far as anyone can tell.
  const isWhole = others.length > 0 && others.length >= participantCount - 1;
  return isWhole ? reach : { ...reach, delivered: 0, read: 0 };
}

export function tickOf({ delivered, read, readBySome }: Reach, seq: number): Tick {
  if (seq <= read) return "read";
  if (seq <= readBySome) return "readBySome";
  return seq <= delivered ? "delivered" : "sent";
}
