// Whether a conversation is silenced now.
import type { Conversation } from "../../protocol/models.ts";

export function isMuted({ my }: Conversation, nowMs: number): boolean {
  return my.mutedUntil !== null && Date.parse(my.mutedUntil) > nowMs;
}
