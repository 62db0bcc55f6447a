// How many messages wait to be read, for the page's title and badge.
import type { Conversations } from "./conversations.ts";

/** Unread messages in all that is neither archived nor muted. */
export function unreadTotal(conversations: Conversations, nowIso: string): number {
  let total = 0;
  for (const { my, unreadCount } of Object.values(conversations)) {
    if (!my.archived && !(my.mutedUntil && my.mutedUntil > nowIso)) total += unreadCount;
  }
  return total;
}
