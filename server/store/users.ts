// The users table and the words that find people in it.
import type postgres from "postgres";
import { CommandError } from "../../protocol/errors.ts";
import { legibleName } from "../../protocol/legible.ts";
import { NAME_MAX_CHARS } from "../../protocol/limits.ts";
import type { Me, User, UserRole } from "../../protocol/models.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { Gather } from "../gather.ts";
import type { Sql } from "./database.ts";
import { toUser, type UserRow } from "./rows.ts";
import { skeleton } from "./skeleton.ts";
import { foldWords, indexWords, prefixEnd } from "./words.ts";

const PEOPLE_IN_ONE_READ = 500;

export interface NewAccount {
  /** In lower case. */
  username: string;
  passwordHash: string;
  name: string;
  locale: string | null;
}

/** A person of the host site. What is undefined stays as it is known, or takes its default at first sight. */
export interface ExternalUser {
  externalId: string;
  /** The external id when not known. */
  name?: string | undefined;
  picture?: string | null | undefined;
  locale?: string | null | undefined;
  /** `member` when not known. */
  role?: UserRole | undefined;
  /** When the site said so; just now when not known. */
  toldAt?: Date | undefined;
}

interface MeRow extends UserRow {
  external_id: string | null;
  locale: string | null;
  role: UserRole;
  told_at: Date | null;
  hides_presence: boolean;
}

const toMe = (row: MeRow): Me => ({
  ...toUser(row),
  externalId: row.external_id,
  locale: row.locale,
  role: row.role,
  hidesPresence: row.hides_presence,
});

export function userStore(sql: Sql) {
  async function hasAccounts(tx: postgres.ISql): Promise<boolean> {
    const [row] = await tx<{ found: boolean }[]>`
      select exists (select from users where username is not null) as found`;
    return row!.found;
  }

  // asked at each request and connection of the host site's people: when all come back at once they share a read
  const externalRows = new Gather(async (externalIds) => {
    const rows = await sql<MeRow[]>`select * from users where external_id = any (${externalIds}::text[])`;
    return new Map(rows.map((row) => [row.external_id!, row]));
  }, PEOPLE_IN_ONE_READ);

  return {
    /** True until the first account of our own is made: it will own the installation. */
    async needsOwner(): Promise<boolean> {
      return !await hasAccounts(sql);
    },

    /**
     * Makes an account; the first one ever is the owner's. `admit` decides in the same transaction whether it may be
     * made: what it throws undoes everything. Throws username_taken.
     */
    async createAccount(
      account: NewAccount,
      admit: (tx: postgres.ISql, first: boolean) => Promise<void>,
    ): Promise<Me> {
      try {
        return await sql.begin(async (tx) => {
          let first = !await hasAccounts(tx);
          if (first) {
            // two who come first at once: the second waits here, then sees the owner
            await tx`lock table users in share row exclusive mode`;
            first = !await hasAccounts(tx);
          }
          await admit(tx, first);
          const [row] = await tx<MeRow[]>`
            insert into users (id, username, password_hash, name, skeleton, locale, role)
            values (${uuidv7()}, ${account.username}, ${account.passwordHash}, ${account.name},
              ${skeleton(account.name)}, ${account.locale}, ${first ? "owner" : "member"})
            returning *`;
          return await withWords(tx, row!);
        });
      } catch (error) {
        if ((error as postgres.PostgresError).constraint_name !== "users_username_key") throw error;
        throw new CommandError("username_taken");
      }
    },

    async find(id: string): Promise<Me | null> {
      const [row] = await sql<MeRow[]>`select * from users where id = ${id}`;
      return row ? toMe(row) : null;
    },

    async findByExternalId(externalId: string): Promise<Me | null> {
      const row = await externalRows.get(externalId);
      return row ? toMe(row) : null;
    },

    /** In the order of `ids`; unknown ones are left out. */
    async findMany(ids: string[]): Promise<User[]> {
      const rows = await sql<UserRow[]>`select * from users where id = any (${ids}::uuid[])`;
      const byId = new Map(rows.map((row) => [row.id, toUser(row)]));
      return ids.flatMap((id) => byId.get(id) ?? []);
    },

    /** What signing in needs; `username` in lower case. */
    async findByUsername(username: string): Promise<{ id: string; passwordHash: string } | null> {
      const [row] = await sql<{ id: string; password_hash: string }[]>`
        select id, password_hash from users where username = ${username}`;
      return row ? { id: row.id, passwordHash: row.password_hash } : null;
    },

    /**
     * A person of the host site as last told; writes only when something is new. Two live tokens of one person may say
     * different things: the older one is not listened to, or each request would undo the other's.
     */
    async upsertExternal(person: ExternalUser): Promise<Me> {
      const known = await externalRows.get(person.externalId);
      const { name, picture, locale, role, toldAt = null } = person;
      if (known && (isOld(toldAt, known) || isKnown({ name, picture, locale, role }, toMe(known)))) return toMe(known);
      const written = await sql.begin(async (tx) => {
        const firstName = name ?? nameFrom(person.externalId);
        const [row] = await tx<MeRow[]>`
          insert into users as known (id, external_id, name, skeleton, picture, locale, role, told_at)
          values (${uuidv7()}, ${person.externalId}, ${firstName}, ${skeleton(firstName)}, ${picture ?? null},
            ${locale ?? null}, ${role ?? "member"}, coalesce(${toldAt}::timestamptz, now()))
          on conflict (external_id) do update set
            name = case when ${name !== undefined} then excluded.name else known.name end,
            skeleton = case when ${name !== undefined} then excluded.skeleton else known.skeleton end,
            picture = case when ${picture !== undefined} then excluded.picture else known.picture end,
            locale = case when ${locale !== undefined} then excluded.locale else known.locale end,
            role = case when ${role !== undefined} then excluded.role else known.role end,
            told_at = excluded.told_at,
            updated_at = now()
          where ${toldAt === null} or known.told_at is null or known.told_at < excluded.told_at
          returning *`;
        return row && await withWords(tx, row);
      });
      // Nothing was written: somebody wrote what is as new, or newer, since we looked.
      return written ?? toMe((await externalRows.get(person.externalId))!);
    },

    /** Null when there is no such person. */
    async updateProfile(id: string, change: { name?: string | undefined; locale?: string | undefined }) {
      const looks = change.name === undefined ? null : skeleton(change.name);
      return await sql.begin(async (tx): Promise<Me | null> => {
        const [row] = await tx<MeRow[]>`
          update users set name = coalesce(${change.name ?? null}, name), skeleton = coalesce(${looks}, skeleton),
            locale = coalesce(${change.locale ?? null}, locale), updated_at = now()
          where id = ${id} returning *`;
        return row ? await withWords(tx, row) : null;
      });
    },

    /** Writes the skeletons of at most so many people who have none; returns of how many. What others write is left to them. */
    async fillSkeletons(limit: number): Promise<number> {
      return await sql.begin(async (tx) => {
        const rows = await tx<{ id: string; name: string }[]>`
          select id, name from users where skeleton is null order by id limit ${limit} for no key update skip locked`;
        if (rows.length === 0) return 0;
        await tx`
          update users u set skeleton = filled.skeleton
          from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ name }) => skeleton(name))}::text[])
            as filled (id, skeleton)
          where u.id = filled.id`;
        return rows.length;
      });
    },

    /** From now on the person cannot do anything, and their sockets are cut. False when they were not active. */
    async deactivate(id: string, now: Date): Promise<boolean> {
      const done = await sql`update users set deactivated_at = ${now} where id = ${id} and deactivated_at is null`;
      return done.count === 1;
    },

    /** Ends all sessions but `keepSessionId` with it; returns the ids of those it ended. */
    async changePassword(id: string, hash: string, keepSessionId: string | null, now: Date): Promise<string[]> {
      return await sql.begin(async (tx) => {
        // first the person's row: a sign-in by the old password holds it while its session is made (see sessions.ts)
        await tx`update users set password_hash = ${hash}, updated_at = now() where id = ${id} and username is not null`;
        const ended = await tx<{ id: string }[]>`
          update sessions set revoked_at = ${now}
          where user_id = ${id} and id is distinct from ${keepSessionId}::uuid and revoked_at is null returning id`;
        return ended.map((row) => row.id);
      });
    },

    /** People of whose words each word of the query begins one; exact matches first. The asker and the deactivated are left out. */
    async search(query: string, options: { limit: number; excludeUserId: string }): Promise<User[]> {
      const words = foldWords(query);
      if (words.length === 0) return [];
      return (await searchQuery(sql, words, options)).map(toUser);
    },
  };
}

export type UserStore = ReturnType<typeof userStore>;

/**
 * Walks the index from the longest word, the most telling one, in its order and stops at the limit: a person counts at
 * the first of their words that fits. Exported so that a test can explain it.
 */
export function searchQuery(sql: Sql, words: string[], options: { limit: number; excludeUserId: string }) {
  const [first, ...others] = words.toSorted((a, b) => b.length - a.length) as [string, ...string[]];
  return sql<UserRow[]>`
    select u.* from user_words w join users u on u.id = w.user_id
    where w.word >= ${first} and w.word < ${prefixEnd(first)}
      and not exists (
        select from user_words e where e.user_id = w.user_id and e.word >= ${first} and e.word < w.word)
      and not exists (
        select from unnest(${others}::text[], ${others.map(prefixEnd)}::text[]) as other (low, high)
        where not exists (
          select from user_words o where o.user_id = w.user_id and o.word >= other.low and o.word < other.high))
      and u.deactivated_at is null and u.id <> ${options.excludeUserId}
    order by w.word, w.user_id
    limit ${options.limit}`;
}

/** Who has no name yet is called by the site's id for them, as far as it can be read. */
function nameFrom(externalId: string): string {
  return Array.from(legibleName(externalId) || externalId).slice(0, NAME_MAX_CHARS).join("");
}

/** Keeps the words of a person who was just written; the caller holds the row's lock. */
async function withWords(tx: postgres.ISql, row: MeRow): Promise<Me> {
  const words = indexWords(`${row.name} ${row.username ?? ""}`);
  await tx`delete from user_words where user_id = ${row.id} and word <> all (${words}::text[])`;
  await tx`
    insert into user_words (word, user_id) select word, ${row.id} from unnest(${words}::text[]) as word
    on conflict do nothing`;
  return toMe(row);
}

function isOld(toldAt: Date | null, known: MeRow): boolean {
  return toldAt !== null && known.told_at !== null && toldAt <= known.told_at;
}

function isKnown(told: Partial<Record<keyof Me, unknown>>, known: Me): boolean {
  return Object.entries(told).every(([key, value]) => value === undefined || value === known[key as keyof Me]);
}
