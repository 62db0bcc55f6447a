// The messages table: the one hot write path, and pages of what was written.
import type { Message } from "../../protocol/models.ts";
import type { Sql } from "./database.ts";
import { guarded } from "./errors.ts";
import { type MessageRow, toMessage } from "./rows.ts";

/** A text message that somebody asks to append. */
export interface Append {
  conversationId: string;
  senderId: string;
  clientId: string;
  body: string;
  replyToSeq: number | null;
}

/** What became of one append; the words are those of `append_messages` in migrations/0001_init.sql. */
export type Appended =
  | { outcome: "stored" | "repeat"; message: Message }
  | { outcome: "reused" | "not_found" | "recipient_left" };

export interface PageRequest {
  conversationId: string;
  /** Messages up to this seq are not the reader's to see. */
  visibleAfterSeq: number;
  before?: number | undefined;
  after?: number | undefined;
  limit: number;
}

export function messageStore(sql: Sql) {
  return {
    /** Appends a batch, in its order, in one transaction. Returns one outcome for each, in the same order. */
    append(batch: Append[]): Promise<Appended[]> {
      return guarded(async () => {
        const rows = await sql<({ outcome: Appended["outcome"] } & MessageRow)[]>`
          select * from append_messages(
            ${batch.map((one) => one.conversationId)}::uuid[],
            ${batch.map((one) => one.senderId)}::uuid[],
            ${batch.map((one) => one.clientId)}::uuid[],
            ${batch.map((one) => one.body)}::text[],
            ${batch.map((one) => one.replyToSeq)}::bigint[]
          )`;
        return rows.map((row) =>
          row.outcome === "stored" || row.outcome === "repeat"
            ? { outcome: row.outcome, message: toMessage(row) }
            : { outcome: row.outcome }
        );
      });
    },

    /** One page, oldest first: the newest, or those just before or just after a seq. One row more tells whether there is more. */
    async page(request: PageRequest): Promise<{ messages: Message[]; hasBefore: boolean; hasAfter: boolean }> {
      const { conversationId, visibleAfterSeq, before, after, limit } = request;
      if (after !== undefined) {
        const from = Math.max(after, visibleAfterSeq);
        const rows = await sql<MessageRow[]>`
          select * from messages where conversation_id = ${conversationId} and seq > ${from}
          order by seq limit ${limit + 1}`;
        return {
          messages: rows.slice(0, limit).map(toMessage),
          hasBefore: from > visibleAfterSeq,
          hasAfter: rows.length > limit,
        };
      }
      const rows = await sql<MessageRow[]>`
        select * from messages where conversation_id = ${conversationId} and seq > ${visibleAfterSeq}
          and seq < ${before ?? Number.MAX_SAFE_INTEGER}
        order by seq desc limit ${limit + 1}`;
      return {
        messages: rows.slice(0, limit).reverse().map(toMessage),
        hasBefore: rows.length > limit,
        hasAfter: before !== undefined,
      };
    },
  };
}

export type MessageStore = ReturnType<typeof messageStore>;
