// The installation table: one row that says which lineage of data this is, and holds the key of our own tokens.
import { randomBytes, randomUUID } from "node:crypto";
import type { Sql } from "./database.ts";

export interface Installation {
  /** Another epoch tells clients that their cursors are void. */
  epoch: string;
  /** 32 random bytes that sign our own access tokens (HS256, RFC 7518 §3.2). */
  tokenSecret: Uint8Array;
}

/** Reads the row, made at first sight; two servers that start at once get the same one. */
export async function readInstallation(sql: Sql): Promise<Installation> {
  const read = () => sql<{ epoch: string; token_secret: Uint8Array }[]>`select epoch, token_secret from installation`;
  let [row] = await read();
  if (!row) {
    await sql`
      insert into installation (epoch, token_secret) values (${randomUUID()}, ${randomBytes(32)})
      on conflict do nothing`;
    [row] = await read();
  }
  return { epoch: row!.epoch, tokenSecret: new Uint8Array(row!.token_secret) };
}
