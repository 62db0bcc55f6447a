// What whoever runs the server does to people, from the command line: list, roles, deactivation.
import type { UserRole } from "../../protocol/models.ts";
import type { Sql } from "./database.ts";

export interface Account {
  id: string;
  /** Of an account of our own; null for people of the host site. */
  username: string | null;
  /** Of the host site's people; null for accounts of our own. */
  externalId: string | null;
  name: string;
  role: UserRole;
  deactivatedAt: Date | null;
  lastSeenAt: Date | null;
}

/** "last_owner": nobody active would be left who owns the installation, so nothing was changed. */
export type Outcome = "done" | "last_owner";

export function administration(sql: Sql) {
  const columns = sql`
    select id, username, external_id as "externalId", name, role, deactivated_at as "deactivatedAt",
      last_seen_at as "lastSeenAt" from users`;

  /** Changes a person unless the installation would lose its last owner; two at once are told one after the other. */
  async function unlessLastOwner(id: string, change: (tx: Sql) => Promise<unknown>): Promise<Outcome> {
    return await sql.begin(async (tx) => {
      const owners = await tx<{ id: string }[]>`
        select id from users where role = 'owner' and deactivated_at is null order by id for update`;
      if (owners.length === 1 && owners[0]!.id === id) return "last_owner";
      await change(tx as unknown as Sql);
      return "done";
    });
  }

  return {
    /** All people in the order in which they came, in portions. */
    list(take: (accounts: Account[]) => void): Promise<unknown> {
      return sql<Account[]>`${columns} order by id`.cursor(500, take);
    },

    /** By username, or by the id that the host site gives; a username goes first. */
    async find(who: string): Promise<Account | null> {
      const [account] = await sql<Account[]>`
        ${columns} where username = ${who.toLowerCase()} or external_id = ${who} order by username nulls last limit 1`;
      return account ?? null;
    },

    async setRole({ id }: Account, role: UserRole): Promise<Outcome> {
      const change = (tx: Sql) => tx`update users set role = ${role}, updated_at = now() where id = ${id}`;
      if (role !== "owner") return await unlessLastOwner(id, change);
      await change(sql);
      return "done";
    },

    /** From now on the person cannot do anything; a running server hears of it and cuts the sockets. */
    async deactivate({ id }: Account): Promise<Outcome> {
      return await unlessLastOwner(
        id,
        (tx) => tx`update users set deactivated_at = now() where id = ${id} and deactivated_at is null`,
      );
    },
  };
}
