// The sessions table: logins. A session counts while it is neither revoked nor expired and its person is not deactivated.
import { Buffer } from "node:buffer";
import type { Session } from "../../protocol/rest.ts";
import type { UserRole } from "../../protocol/models.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { Gather } from "../gather.ts";
import type { Sql } from "./database.ts";
import { iso } from "./rows.ts";

/** `lastSeenAt` is as exact as this: one write a minute instead of one a request. */
export const TOUCH_EVERY_MS = 60_000;

const SESSIONS_IN_ONE_READ = 500;

export interface NewSession {
  userId: string;
  /** SHA-256 of the cookie's secret. */
  secretHash: Uint8Array;
  /** The hash that the given password was checked against; null when the person came by a link. */
  passwordHash: string | null;
  userAgent: string | null;
  address: string | null;
  expiresAt: Date;
}

export interface ActiveSession {
  id: string;
  userId: string;
  role: UserRole;
  /** Milliseconds since 1970. */
  expiresAt: number;
  lastSeenAt: number;
}

interface ActiveRow {
  id: string;
  user_id: string;
  secret_hash: Uint8Array;
  role: UserRole;
  expires_at: Date;
  last_seen_at: Date;
}

const toActive = (row: ActiveRow): ActiveSession => ({
  id: row.id,
  userId: row.user_id,
  role: row.role,
  expiresAt: row.expires_at.getTime(),
  lastSeenAt: row.last_seen_at.getTime(),
});

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

export function sessionStore(sql: Sql) {
  const active = sql`
    select s.id, s.user_id, s.secret_hash, u.role, s.expires_at, s.last_seen_at
    from sessions s join users u on u.id = s.user_id
    where s.revoked_at is null and u.deactivated_at is null`;

  // asked at each request and connection: when all come back at once they share a read
  const bySecret = new Gather(async (hashes) => {
    const rows = await sql<ActiveRow[]>`
      ${active} and s.secret_hash = any (array (select decode(hash, 'hex') from unnest(${hashes}::text[]) as hash))`;
    return new Map(rows.map((row) => [hex(row.secret_hash), toActive(row)]));
  }, SESSIONS_IN_ONE_READ);
  const byId = new Gather(async (ids) => {
    const rows = await sql<ActiveRow[]>`${active} and s.id = any (${ids}::uuid[])`;
    return new Map(rows.map((row) => [row.id, toActive(row)]));
  }, SESSIONS_IN_ONE_READ);

  const unexpired = (session: ActiveSession | undefined, now: Date) =>
    session !== undefined && session.expiresAt > now.getTime() ? session : null;

  return {
    /**
     * Null when the person was deactivated or the password changed since it was checked. The lock makes a change of
     * password, which ends all sessions, either see this one or be seen by it.
     */
    async create(session: NewSession, now: Date): Promise<{ id: string } | null> {
      const [row] = await sql<{ id: string }[]>`
        insert into sessions (id, user_id, secret_hash, created_at, last_seen_at, expires_at, user_agent, address)
        select ${uuidv7(now.getTime())}, u.id, ${session.secretHash}, ${now}, ${now}, ${session.expiresAt},
          ${session.userAgent}, ${session.address}
        from users u
        where u.id = ${session.userId} and u.deactivated_at is null
          and (${session.passwordHash}::text is null or u.password_hash = ${session.passwordHash})
        for share
        returning id`;
      return row ?? null;
    },

    async findActiveBySecret(secretHash: Uint8Array, now: Date): Promise<ActiveSession | null> {
      return unexpired(await bySecret.get(hex(secretHash)), now);
    },

    async findActive(id: string, now: Date): Promise<ActiveSession | null> {
      return unexpired(await byId.get(id), now);
    },

    async touch(id: string, now: Date): Promise<void> {
      await sql`
        update sessions set last_seen_at = ${now}
        where id = ${id} and last_seen_at <= ${new Date(now.getTime() - TOUCH_EVERY_MS)}`;
    },

    /** A person's active sessions, the last seen first. */
    async list(userId: string, currentId: string | null, now: Date): Promise<Session[]> {
      const rows = await sql<(ActiveRow & { created_at: Date; user_agent: string | null; address: string | null })[]>`
        select id, created_at, last_seen_at, expires_at, user_agent, address from sessions
        where user_id = ${userId} and revoked_at is null and expires_at > ${now}
        order by last_seen_at desc, id`;
      return rows.map((row) => ({
        id: row.id,
        createdAt: iso(row.created_at),
        lastSeenAt: iso(row.last_seen_at),
        expiresAt: iso(row.expires_at),
        userAgent: row.user_agent,
        address: row.address,
        current: row.id === currentId,
      }));
    },

    /** False when the person has no such session that is not revoked yet. */
    async revoke(userId: string, id: string, now: Date): Promise<boolean> {
      const rows = await sql`
        update sessions set revoked_at = ${now}
        where id = ${id} and user_id = ${userId} and revoked_at is null returning id`;
      return rows.length > 0;
    },

    /** The ids of the sessions that this ended. */
    async revokeAll(userId: string, exceptId: string | null, now: Date): Promise<string[]> {
      const rows = await sql<{ id: string }[]>`
        update sessions set revoked_at = ${now}
        where user_id = ${userId} and id is distinct from ${exceptId}::uuid and revoked_at is null returning id`;
      return rows.map((row) => row.id);
    },

    /** Deletes sessions that had expired or been revoked by `before`, at most `limit` of them; returns how many. */
    async deleteEnded(before: Date, limit: number): Promise<number> {
      const deleted = await sql`
        delete from sessions where id = any (array(
          select id from sessions where least(expires_at, revoked_at) <= ${before}
          order by least(expires_at, revoked_at) limit ${limit} for update skip locked))`;
      return deleted.count;
    },
  };
}

export type SessionStore = ReturnType<typeof sessionStore>;
