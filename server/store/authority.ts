// Word from PostgreSQL that somebody's authority has ended: a session revoked, a person deactivated, by whichever process.
import type { Sql } from "./database.ts";

export type AuthorityEnd = { kind: "session" | "user"; id: string };

/** The channel of the triggers in migrations/0002_presence_and_authority.sql. */
const CHANNEL = "chautari_authority";

/**
 * Calls `ended` for each end from now on. After a lost connection it listens again by itself and calls `missed`, since what
 * ended meanwhile was not heard. Returns how to stop.
 */
export async function listenToAuthority(
  sql: Sql,
  ended: (end: AuthorityEnd) => void,
  missed: () => void,
): Promise<() => Promise<void>> {
  let listened = false;
  const { unlisten } = await sql.listen(CHANNEL, (payload) => {
    const [, kind, id] = /^(session|user):([0-9a-f-]{36})$/.exec(payload) ?? [];
    if (kind && id) ended({ kind: kind as AuthorityEnd["kind"], id });
  }, () => {
    if (listened) missed();
    listened = true;
  });
  return () => unlisten();
}
