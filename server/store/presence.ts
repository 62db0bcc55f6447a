// What is kept of people's presence: when they were last seen, and whether they hide it.
import type { Sql } from "./database.ts";

export interface KeptPresence {
  userId: string;
  lastSeenAt: Date | null;
  hidden: boolean;
}

export function presenceStore(sql: Sql) {
  return {
    async find(userIds: string[]): Promise<KeptPresence[]> {
      const rows = await sql<{ id: string; last_seen_at: Date | null; hides_presence: boolean }[]>`
        select id, last_seen_at, hides_presence from users where id = any (${userIds}::uuid[])`;
      return rows.map((row) => ({ userId: row.id, lastSeenAt: row.last_seen_at, hidden: row.hides_presence }));
    },

    /** Keeps when people were last seen; later times win. */
    async seen(people: { userId: string; at: Date }[]): Promise<void> {
      await sql`
        update users u set last_seen_at = greatest(u.last_seen_at, s.at)
        from unnest(${people.map((one) => one.userId)}::uuid[], ${
        people.map((one) => one.at.toISOString())
      }::text[]::timestamptz[]) s (id, at)
        where u.id = s.id`;
    },

    async setHidden(userId: string, hidden: boolean): Promise<void> {
      await sql`update users set hides_presence = ${hidden} where id = ${userId}`;
    },
  };
}

export type PresenceStore = ReturnType<typeof presenceStore>;
