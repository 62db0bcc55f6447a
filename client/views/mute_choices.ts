// How long a conversation can be silenced.
import { MUTE_ALWAYS } from "../../protocol/limits.ts";

const HOUR_MS = 3_600_000;

export const MUTE_CHOICES = [
  { label: "mute.hour", ms: HOUR_MS },
  { label: "mute.hours", ms: 8 * HOUR_MS },
  { label: "mute.week", ms: 7 * 24 * HOUR_MS },
  { label: "mute.always", ms: Infinity },
] as const;

/** What `mutedUntil` becomes by a choice made now. */
export function mutedUntil(ms: number, nowMs: number): string {
  return ms === Infinity ? MUTE_ALWAYS : new Date(nowMs + ms).toISOString();
}
