// The messages table: the one hot write path, and pages of what was written.
import type { TransactionSql } from "postgres";
import { CommandError } from "../../protocol/errors.ts";
import type { Cursor, Message } from "../../protocol/models.ts";
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
  viewerId: string;
  before?: number | undefined;
  after?: number | undefined;
  limit: number;
}

export interface Page {
  messages: Message[];
  hasBefore: boolean;
  hasAfter: boolean;
}

/** A change of one message that is there: `body` null deletes it. */
export interface Revision {
  conversationId: string;
  seq: number;
  actorId: string;
  body: string | null;
  /** How long after sending its author may still do this; null: for ever. */
  windowMs: number | null;
  now: Date;
}

/** What changed since a cursor, as one snapshot. */
export interface Changes {
  messages: Message[];
  /** False: there are more than the caller wanted, and `messages` is no use. */
  isWhole: boolean;
  /** How far the conversation is in that snapshot. */
  last: Cursor;
}

export function messageStore(sql: Sql) {
  return {
    /** Appends a batch, in its order, in one transaction. Returns one outcome for each, in the same order. */
    async append(batch: Append[]): Promise<Appended[]> {
      const places = new Map<string, number>();
      const unique = batch.filter((one) => !places.has(keyOf(one)) && places.set(keyOf(one), places.size));
      const rows = await guarded(() =>
        sql<({ outcome: Appended["outcome"] } & MessageRow)[]>`
          select * from append_messages(
            ${unique.map((one) => one.conversationId)}::uuid[],
            ${unique.map((one) => one.senderId)}::uuid[],
            ${unique.map((one) => one.clientId)}::uuid[],
            ${unique.map((one) => one.body)}::text[],
            ${unique.map((one) => one.replyToSeq)}::bigint[]
          )`
      );
      const appended = rows.map(toAppended);
      if (unique.length === batch.length) return appended;
      let next = 0;
      return batch.map((one) => {
        const place = places.get(keyOf(one))!;
        const got = appended[place]!;
        return place === next && ++next ? got : asRepeat(one, unique[place]!, got);
      });
    },

    /**
     * Edits or deletes a message; its earlier text stays in message_revisions. `changed` is false when it was so already.
     * Throws not_found, forbidden, too_late.
     */
    revise(revision: Revision): Promise<{ message: Message; changed: boolean }> {
      return sql.begin((tx) => revise(tx, revision));
    },

    /** What is new (by seq, the primary key) and what was there and changed (by version, a partial index); see docs/decisions/0003. */
    async changesSince(conversationId: string, cursor: Cursor, limit: number): Promise<Changes> {
      const rows = await sql<(MessageRow & { end_seq: number; end_version: number })[]>`
        select m.*, c.last_seq as end_seq, c.last_version as end_version
        from conversations c
        left join lateral (
          (select * from messages m
            where m.conversation_id = c.id and m.changed_at is not null and m.version > ${cursor.version}
              and m.seq <= ${cursor.seq}
            order by m.version limit ${limit + 1})
          union all
          (select * from messages m where m.conversation_id = c.id and m.seq > ${cursor.seq}
            order by m.seq limit ${limit + 1})
        ) m on true
        where c.id = ${conversationId}`;
      const messages = rows.filter((row) => row.seq !== null).map(toMessage);
      const count = messages.filter((message) => message.seq > cursor.seq).length;
      return {
        messages,
        isWhole: count <= limit && messages.length - count <= limit,
        last: { seq: rows[0]?.end_seq ?? 0, version: rows[0]?.end_version ?? 0 },
      };
    },

    /**
     * One page of what a participant may see, oldest first: the newest, or those just before or just after a seq. Null for
     * anyone who is not an active participant: who may see and what there is are read in one snapshot.
     */
    async page(request: PageRequest): Promise<Page | null> {
      const { conversationId, viewerId, before, after, limit } = request;
      // One row more tells whether there is more.
      const rows = await sql<(MessageRow & { visible_after: number })[]>`
        select m.*, p.visible_after_seq as visible_after
        from participants p
        left join lateral (${
        after === undefined
          ? sql`
              select * from messages where conversation_id = ${conversationId} and seq > p.visible_after_seq
                and seq < ${before ?? Number.MAX_SAFE_INTEGER}
              order by seq desc limit ${limit + 1}`
          : sql`
              select * from messages where conversation_id = ${conversationId}
                and seq > greatest(${after}::bigint, p.visible_after_seq)
              order by seq limit ${limit + 1}`
      }) m on true
        where p.conversation_id = ${conversationId} and p.user_id = ${viewerId}
          and p.left_at is null and p.removed_at is null
        order by m.seq`;
      if (rows.length === 0) return null;
      const found = rows.filter((row) => row.seq !== null).map(toMessage);
      const hasMore = found.length > limit;
      return after === undefined
        ? { messages: found.slice(-limit), hasBefore: hasMore, hasAfter: before !== undefined }
        : { messages: found.slice(0, limit), hasBefore: after > rows[0]!.visible_after, hasAfter: hasMore };
    },
  };
}

export type MessageStore = ReturnType<typeof messageStore>;

function keyOf({ conversationId, senderId, clientId }: Append): string {
  return `${conversationId}${senderId}${clientId}`;
}

function toAppended(row: { outcome: Appended["outcome"] } & MessageRow): Appended {
  return row.outcome === "stored" || row.outcome === "repeat"
    ? { outcome: row.outcome, message: toMessage(row) }
    : { outcome: row.outcome };
}

/** The same client id a second time in one batch: what the first got, unless the text is another. */
function asRepeat(one: Append, first: Append, got: Appended): Appended {
  if (!("message" in got)) return got;
  return one.body === first.body ? { outcome: "repeat", message: got.message } : { outcome: "reused" };
}

async function revise(tx: TransactionSql, revision: Revision): Promise<{ message: Message; changed: boolean }> {
  const { conversationId, seq, actorId, body, windowMs, now } = revision;
  await tx`select 1 from conversations where id = ${conversationId} for update`;
  const [row] = await tx<(MessageRow & { may_moderate: boolean })[]>`
    select m.*, c.kind = 'group' and p.role = 'admin' as may_moderate
    from messages m
    join conversations c on c.id = m.conversation_id
    join participants p on p.conversation_id = m.conversation_id and p.user_id = ${actorId}
      and p.left_at is null and p.removed_at is null and m.seq > p.visible_after_seq
    where m.conversation_id = ${conversationId} and m.seq = ${seq}`;
  if (!row) throw new CommandError("not_found");
  const before = toMessage(row);
  const isOwn = before.senderId === actorId;
  if (before.kind !== "text" || !isOwn && !(body === null && row.may_moderate)) throw new CommandError("forbidden");
  if (before.body === body) return { message: before, changed: false };
  if (before.body === null) throw new CommandError("forbidden", { detail: "A deleted message cannot be edited" });
  const isLate = windowMs !== null && now.getTime() - Date.parse(before.createdAt) > windowMs;
  if (isOwn && isLate && !(body === null && row.may_moderate)) throw new CommandError("too_late");
  await tx`
    insert into message_revisions (conversation_id, seq, version, body, replaced_at, replaced_by)
    values (${conversationId}, ${seq}, ${before.version}, ${before.body}, ${now}, ${actorId})`;
  const [after] = await tx<MessageRow[]>`
    with counted as (
      update conversations set last_version = last_version + 1 where id = ${conversationId} returning last_version
    )
    update messages m set body = ${body}, version = counted.last_version, changed_at = ${now},
      edited_at = case when ${body === null} then m.edited_at else ${now} end,
      deleted_at = case when ${body === null} then ${now}::timestamptz end
    from counted where m.conversation_id = ${conversationId} and m.seq = ${seq}
    returning m.*`;
  return { message: toMessage(after!), changed: true };
}
