// The conversations table: making them, and seeing them as one participant does.
import { PREVIEW_PARTICIPANTS } from "../../protocol/limits.ts";
import type { Conversation, Listing } from "../../protocol/models.ts";
import type { SyncedListEntry } from "../../protocol/sync.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { decodeCursor, encodeCursor, TIME_PATTERN, UUID_PATTERN } from "./cursor.ts";
import type postgres from "postgres";
import type { Sql } from "./database.ts";
import { resembles } from "./resembles.ts";
import { type ConversationRow, iso, toConversation } from "./rows.ts";
import { foldWords, indexWords, prefixEnd } from "./words.ts";

export interface ListRequest {
  viewerId: string;
  archived: boolean;
  cursor?: string | undefined;
  limit: number;
}

export function conversationStore(sql: Sql) {
  /** Adds the last visible message and the first few participants, the viewer first, to rows of conversation_list. */
  const complete = (viewerId: string) =>
    sql`
      left join messages m on m.conversation_id = page.id and m.seq = page.last_seq and m.seq > page.my_visible_after_seq
      left join lateral (
        select json_agg(person) as participants from (
          select u.id, u.name, u.username, u.picture, u.deactivated_at,
            p.role as participant_role, p.joined_at, p.last_read_seq, p.last_delivered_seq,
            u.skeleton, p.left_at is null and p.removed_at is null as is_active,
            case when page.participant_count > ${PREVIEW_PARTICIPANTS} then ${resembles(sql)} end as resembles
          from (
            select * from participants p
            where p.conversation_id = page.id
              and (page.kind = 'direct' or (p.left_at is null and p.removed_at is null))
            order by (p.user_id = ${viewerId}) desc, p.joined_at, p.user_id
            limit ${PREVIEW_PARTICIPANTS}
          ) p join users u on u.id = p.user_id
        ) person
      ) shown on true`;

  return {
    /** One page of the viewer's conversations, the most recently active first. */
    async list(request: ListRequest): Promise<{ conversations: Conversation[]; nextCursor: string | null }> {
      const { viewerId, archived, cursor, limit } = request;
      const [time, id] = cursor === undefined
        ? ["infinity", "ffffffff-ffff-ffff-ffff-ffffffffffff"]
        : decodeCursor(cursor, TIME_PATTERN, UUID_PATTERN);
      const rows = await sql<(ConversationRow & { sort_time: string })[]>`
        with page as materialized (
          select * from conversation_list
          where viewer_id = ${viewerId} and listed and my_archived = ${archived}
            and (last_activity_at, id) < (${time!}::text::timestamptz, ${id!}::uuid)
          order by last_activity_at desc, id desc limit ${limit + 1}
        )
        select page.*, page.last_activity_at::text as sort_time, to_jsonb(m) as last_message, shown.participants
        from page ${complete(viewerId)}
        order by page.last_activity_at desc, page.id desc`;
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        conversations: shown.map(toConversation),
        nextCursor: rows.length > limit && last ? encodeCursor([last.sort_time, last.id]) : null,
      };
    },

    /** A line for each of the viewers' most recently active conversations, at most `limit` a viewer; many viewers in one statement. */
    async lists(viewerIds: string[], limit: number): Promise<Map<string, SyncedListEntry[]>> {
      const rows = await sql<ListRow[]>`
        select entry.* from unnest(${viewerIds}::uuid[]) viewer (id)
        cross join lateral (
          select viewer_id, id, title, participant_count, last_seq, last_version, last_activity_at, my_last_read_seq,
            unread_count, my_archived, my_muted_until, my_marked_unread
          from conversation_list where viewer_id = viewer.id and listed
          order by last_activity_at desc, id desc limit ${limit}
        ) entry`;
      const lists = new Map(viewerIds.map((id): [string, SyncedListEntry[]] => [id, []]));
      for (const row of rows) lists.get(row.viewer_id)!.push(toListEntry(row));
      return lists;
    },

    /**
     * The viewer's conversations in which each word of the query begins a word of the title, of the listing's title or of
     * another participant's name; the most recently active first, archived ones too.
     */
    async search(viewerId: string, query: string, limit: number): Promise<Conversation[]> {
      const words = foldWords(query);
      if (words.length === 0) return [];
      const rows = await sql<ConversationRow[]>`
        with page as materialized (${searchQuery(sql, viewerId, words, limit)})
        select page.*, to_jsonb(m) as last_message, shown.participants from page ${complete(viewerId)}
        order by page.last_activity_at desc, page.id desc`;
      return rows.map(toConversation);
    },

    /** One conversation as the viewer sees it; null when the viewer is not an active participant, or there is none. */
    async find(viewerId: string, id: string): Promise<Conversation | null> {
      const [row] = await sql<ConversationRow[]>`
        with page as materialized (select * from conversation_list where viewer_id = ${viewerId} and id = ${id})
        select page.*, to_jsonb(m) as last_message, shown.participants from page ${complete(viewerId)}`;
      return row ? toConversation(row) : null;
    },

    /**
     * The direct conversation of two people about a listing (or none), made if there is none yet: one per pair and
     * listing, however many ask at once. `hasLeft`: the asker had left it and must return before it is theirs again.
     */
    openDirect(askerId: string, otherId: string, listing: Listing | null): Promise<OpenedDirect> {
      const [low, high] = [askerId, otherId].sort() as [string, string];
      return sql.begin(async (tx) => {
        const [made] = await tx<{ id: string }[]>`
          insert into conversations ${
          tx({
            id: uuidv7(),
            kind: "direct",
            created_by: askerId,
            direct_low: low,
            direct_high: high,
            participant_count: 2,
            ...listingColumns(listing),
          })
        } on conflict (direct_low, direct_high, coalesce(listing_id, '')) where kind = 'direct' do nothing
          returning id`;
        if (made) {
          await tx`insert into participants (conversation_id, user_id) values (${made.id}, ${low}), (${made.id}, ${high})`;
          if (listing) await keepWords(tx, made.id);
          return { id: made.id, made: true, hasLeft: false };
        }
        const [known] = await tx<{ id: string; has_left: boolean }[]>`
          select c.id, p.left_at is not null as has_left
          from conversations c join participants p on p.conversation_id = c.id and p.user_id = ${askerId}
          where c.kind = 'direct' and c.direct_low = ${low} and c.direct_high = ${high}
            and coalesce(c.listing_id, '') = ${listing?.id ?? ""}`;
        return { id: known!.id, made: false, hasLeft: known!.has_left };
      });
    },

    /** A group with its maker as admin; its first message says that it was made. Returns its id. */
    createGroup(
      makerId: string,
      title: string,
      memberIds: string[],
      listing: Listing | null,
      colour: number | null = null,
    ): Promise<string> {
      const id = uuidv7();
      const members = memberIds.filter((member) => member !== makerId);
      return sql.begin(async (tx) => {
        await tx`insert into conversations ${
          tx({
            id,
            kind: "group",
            title,
            colour,
            created_by: makerId,
            participant_count: members.length + 1,
            last_seq: 1,
            last_version: 1,
            ...listingColumns(listing),
          })
        }`;
        await tx`
          insert into participants (conversation_id, user_id, role, last_read_seq, last_delivered_seq)
          select ${id}, member, case when member = ${makerId} then 'admin' else 'member' end, own, own
          from unnest(${[makerId, ...members]}::uuid[]) member,
            lateral (select case when member = ${makerId} then 1 else 0 end as own) start`;
        await tx`
          insert into messages (conversation_id, seq, version, kind, sender_id, system)
          values (${id}, 1, 1, 'system', ${makerId}, ${tx.json({ type: "created" })})`;
        await keepWords(tx, id);
        return id;
      });
    },

    /** What the viewer has not read, or marked unread, over all conversations that are neither archived nor muted. */
    async unread(viewerId: string): Promise<{ unread: number; conversations: number }> {
      const [row] = await sql<{ unread: number; conversations: number }[]>`
        select coalesce(sum(unread_count), 0)::bigint as unread,
          count(*) filter (where unread_count > 0 or my_marked_unread) as conversations
        from conversation_list
        where viewer_id = ${viewerId} and listed and not my_archived and not coalesce(my_muted_until > now(), false)`;
      return row!;
    },
  };
}

export interface OpenedDirect {
  id: string;
  made: boolean;
  hasLeft: boolean;
}

/**
 * Goes through the viewer's own conversations and asks of each: what it costs grows with those, never with how many people
 * have such a name. Who has left a direct conversation still gives it its name.
 */
function searchQuery(sql: Sql, viewerId: string, words: string[], limit: number) {
  return sql`
    select * from conversation_list list
    where viewer_id = ${viewerId} and listed
      and not exists (
        select from unnest(${words}::text[], ${words.map(prefixEnd)}::text[]) as wanted (low, high)
        where not exists (
          select from conversation_words w
          where w.conversation_id = list.id and w.word >= wanted.low and w.word < wanted.high)
        and not exists (
          select from participants p join user_words w on w.user_id = p.user_id
          where p.conversation_id = list.id and p.user_id <> ${viewerId}
            and (list.kind = 'direct' or p.left_at is null and p.removed_at is null)
            and w.word >= wanted.low and w.word < wanted.high))
    order by last_activity_at desc, id desc limit ${limit}`;
}

/** Keeps the words of a conversation whose title, or listing, was just written; the caller holds the row's lock. */
export async function keepWords(tx: postgres.TransactionSql, id: string): Promise<void> {
  const [row] = await tx<{ title: string | null; listing_title: string | null }[]>`
    select title, listing_title from conversations where id = ${id}`;
  const words = indexWords(`${row!.title ?? ""} ${row!.listing_title ?? ""}`);
  await tx`delete from conversation_words where conversation_id = ${id} and word <> all (${words}::text[])`;
  await tx`
    insert into conversation_words (conversation_id, word) select ${id}, word from unnest(${words}::text[]) as word
    on conflict do nothing`;
}

type ListRow = { viewer_id: string } & Omit<ConversationRow, "participants" | "last_message">;

function toListEntry(row: ListRow): SyncedListEntry {
  return {
    conversationId: row.id,
    title: row.title,
    participantCount: row.participant_count,
    lastSeq: row.last_seq,
    lastVersion: row.last_version,
    lastActivityAt: iso(row.last_activity_at),
    lastReadSeq: row.my_last_read_seq,
    unreadCount: row.unread_count,
    archived: row.my_archived,
    mutedUntil: row.my_muted_until === null ? null : iso(row.my_muted_until),
    markedUnread: row.my_marked_unread,
  };
}

function listingColumns(listing: Listing | null) {
  return {
    listing_id: listing?.id ?? null,
    listing_title: listing?.title ?? null,
    listing_url: listing?.url ?? null,
    listing_image_url: listing?.imageUrl ?? null,
    listing_price: listing?.price ?? null,
    listing_currency: listing?.currency ?? null,
    listing_status: listing?.status ?? null,
  };
}

export type ConversationStore = ReturnType<typeof conversationStore>;
