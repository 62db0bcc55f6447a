// Making people, rooms and messages in bulk, straight in a side's tables.
import type { Sql } from "postgres";
import { interruption } from "../interruption.ts";

const ROWS_A_STATEMENT = 2000;
/** A statement of this many stored messages takes seconds: then Ctrl-C is heeded. */
const MESSAGES_A_STATEMENT = 250_000;

/** Inserts `count` rows, each made by its number 0, 1, 2, … */
export async function insertRows(sql: Sql, table: string, count: number, row: (number: number) => object) {
  for (let from = 0; from < count; from += ROWS_A_STATEMENT) {
    interruption.throwIfAborted();
    const rows = Array.from({ length: Math.min(ROWS_A_STATEMENT, count - from) }, (_, index) => row(from + index));
    await sql`insert into ${sql(table)} ${sql(rows)}`;
  }
}

/**
 * Fills conversations with messages as time would: they lie in the table in turns, not one conversation after the
 * other. `insert` gets the first and the last number of a part, from 0.
 */
export async function insertMessages(
  sql: Sql,
  count: number,
  insert: (first: number, last: number) => Promise<unknown>,
) {
  for (let from = 0; from < count; from += MESSAGES_A_STATEMENT) {
    interruption.throwIfAborted();
    await insert(from, Math.min(from + MESSAGES_A_STATEMENT, count) - 1);
  }
  await sql`vacuum (analyze) messages`;
  await sql`checkpoint`;
}

/** An expression for the same UUID as `uuid(space, number)` of world.ts. */
export const sqlUuid = (space: number, number: string): string =>
  `('018d0000-${space.toString(16).padStart(4, "0")}-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

/** About a hundred characters, as people write. */
export const STORED_BODY = "Namaste! Is this still available? I can come to Patan tomorrow after five and pay in cash.";
