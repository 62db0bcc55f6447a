// The one_time_codes table: what stands in invitations and sign-in links, kept as hashes.
import type postgres from "postgres";

export interface NewCode {
  /** SHA-256 of the code. */
  hash: Uint8Array;
  /** An invitation to make an account, or a link that signs `userId` in. */
  purpose: "invite" | "sign_in";
  userId: string | null;
  createdBy: string | null;
  expiresAt: Date;
  uses: number;
}

export function codeStore(sql: postgres.ISql) {
  return {
    async create(code: NewCode): Promise<void> {
      await sql`
        insert into one_time_codes (code_hash, purpose, user_id, created_by, expires_at, uses_left)
        values (${code.hash}, ${code.purpose}, ${code.userId}, ${code.createdBy}, ${code.expiresAt}, ${code.uses})`;
    },

    /** Uses a code once. Null when it is unknown, used up, expired or for another purpose: the caller cannot tell which. */
    async redeem(hash: Uint8Array, purpose: NewCode["purpose"], now: Date): Promise<{ userId: string | null } | null> {
      const [row] = await sql<{ user_id: string | null }[]>`
        update one_time_codes set uses_left = uses_left - 1
        where code_hash = ${hash} and purpose = ${purpose} and uses_left > 0 and expires_at > ${now}
        returning user_id`;
      return row ? { userId: row.user_id } : null;
    },

    /** Deletes codes that are used up or had expired by `before`, at most `limit` of them; returns how many. */
    async deleteSpent(before: Date, limit: number): Promise<number> {
      const deleted = await sql`
        delete from one_time_codes where code_hash = any (array(
          select code_hash from one_time_codes where uses_left = 0 or expires_at <= ${before}
          limit ${limit} for update skip locked))`;
      return deleted.count;
    },
  };
}

export type CodeStore = ReturnType<typeof codeStore>;
