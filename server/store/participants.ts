// The participants table: who is in a conversation, their own settings, and the changes that everyone sees as a system message.
import { CommandError } from "../../protocol/errors.ts";
import { GROUP_MAX_PARTICIPANTS } from "../../protocol/limits.ts";
import type { Message, Participant, ParticipantRole, Position, SystemNote } from "../../protocol/models.ts";
import { keepWords } from "./conversations.ts";
import { decodeCursor, encodeCursor, TIME_PATTERN, UUID_PATTERN } from "./cursor.ts";
import type postgres from "postgres";
import type { Sql } from "./database.ts";
import { resembles } from "./resembles.ts";
import { type MessageRow, type ParticipantRow, toMessage, toParticipant } from "./rows.ts";

/** What can change about a conversation beside its messages. */
export type MembershipChange =
  | { type: "add"; userIds: string[] }
  | { type: "remove"; userId: string }
  | { type: "leave" }
  | { type: "return" }
  | { type: "rename"; title: string }
  | { type: "role"; userId: string; role: ParticipantRole };

export interface MembershipChanged {
  /** The system message that tells of it; null when nothing changed. */
  message: Message | null;
  joined: Member[];
  gone: string[];
}

/** An active participant, as far as a room must know them. */
export interface Member extends Position {
  /** Messages up to this seq were before their time. */
  visibleAfterSeq: number;
  /** They marked the conversation unread, and have neither read nor sent since. */
  markedUnread: boolean;
}

/** Positions as committed, and whether the mark is still there. */
export type MovedPosition = Position & Pick<Member, "markedUnread">;

export interface RoomState {
  members: Member[];
  lastSeq: number;
  lastVersion: number;
}

interface RoomRow {
  last_seq: number;
  last_version: number;
  /** Null: nobody is in the conversation. */
  user_id: string;
  visible_after_seq: number;
  last_read_seq: number;
  last_delivered_seq: number;
  marked_unread: boolean;
}

function toMember(row: Omit<RoomRow, "last_seq" | "last_version">): Member {
  return {
    userId: row.user_id,
    visibleAfterSeq: row.visible_after_seq,
    lastReadSeq: row.last_read_seq,
    lastDeliveredSeq: row.last_delivered_seq,
    markedUnread: row.marked_unread,
  };
}

interface Locked {
  kind: "direct" | "group";
  last_seq: number;
  participant_count: number;
  actor_role: ParticipantRole | null;
  actor_left: boolean;
}

export function participantStore(sql: Sql) {
  return {
    /** What a room starts from: its active participants and how far it is. Null when there is no such conversation. */
    async roomState(conversationId: string): Promise<RoomState | null> {
      const rows = await sql<RoomRow[]>`
        select c.last_seq, c.last_version, p.user_id, p.visible_after_seq, p.last_read_seq, p.last_delivered_seq,
          p.marked_unread
        from conversations c
        left join participants p on p.conversation_id = c.id and p.left_at is null and p.removed_at is null
        where c.id = ${conversationId}`;
      const [first] = rows;
      if (!first) return null;
      const members = rows.filter((row) => row.user_id !== null).map(toMember);
      return { members, lastSeq: first.last_seq, lastVersion: first.last_version };
    },

    /** The one predicate that guards reading: what an active participant may see, null for anyone else. */
    async access(conversationId: string, userId: string): Promise<{ visibleAfterSeq: number } | null> {
      const [row] = await sql<{ visible_after_seq: number }[]>`
        select visible_after_seq from participants
        where conversation_id = ${conversationId} and user_id = ${userId} and left_at is null and removed_at is null`;
      return row ? { visibleAfterSeq: row.visible_after_seq } : null;
    },

    /** One page of active participants, the longest-standing first; of all, or of those who resemble another one. */
    async page(conversationId: string, limit: number, cursor?: string, onlyResembling = false) {
      const [time, id] = cursor === undefined
        ? ["-infinity", "00000000-0000-0000-0000-000000000000"]
        : decodeCursor(cursor, TIME_PATTERN, UUID_PATTERN);
      const rows = await sql<(ParticipantRow & { sort_time: string })[]>`
        select u.id, u.name, u.username, u.picture, u.deactivated_at, p.role as participant_role, p.joined_at,
          p.last_read_seq, p.last_delivered_seq, p.joined_at::text as sort_time, ${resembles(sql)} as resembles
        from participants p join users u on u.id = p.user_id
        where p.conversation_id = ${conversationId} and p.left_at is null and p.removed_at is null
          and (p.joined_at, p.user_id) > (${time!}::text::timestamptz, ${id!}::uuid)
          and ${onlyResembling ? resembles(sql) : sql`true`}
        order by p.joined_at, p.user_id limit ${limit + 1}`;
      const last = rows.slice(0, limit).at(-1);
      const participants: Participant[] = rows.slice(0, limit).map(toParticipant);
      return { participants, nextCursor: rows.length > limit && last ? encodeCursor([last.sort_time, last.id]) : null };
    },

    /** Archives, until something new comes (or for good while muted), or brings back. False: not an active participant. */
    async setArchived(conversationId: string, userId: string, archived: boolean): Promise<boolean> {
      const done = await sql`
        update participants p
        set archived_seq = case when ${archived} then (select last_seq from conversations where id = ${conversationId}) end
        where conversation_id = ${conversationId} and user_id = ${userId} and left_at is null and removed_at is null`;
      return done.count === 1;
    },

    /** Mutes until a time (ISO 8601), or unmutes. False: not an active participant. */
    async setMuted(conversationId: string, userId: string, until: string | null): Promise<boolean> {
      const done = await sql`
        update participants set muted_until = ${until}
        where conversation_id = ${conversationId} and user_id = ${userId} and left_at is null and removed_at is null`;
      return done.count === 1;
    },

    /** Marks unread, or takes the mark away. False: not an active participant. */
    async setMarkedUnread(conversationId: string, userId: string, marked: boolean): Promise<boolean> {
      const done = await sql`
        update participants set marked_unread = ${marked}
        where conversation_id = ${conversationId} and user_id = ${userId} and left_at is null and removed_at is null`;
      return done.count === 1;
    },

    /** Gives a group's picture a colour, by one of its admins. False: it had it. Throws not_found, not_a_group, forbidden. */
    setColour(conversationId: string, actorId: string, colour: number | null): Promise<boolean> {
      return sql.begin(async (tx) => {
        const conversation = await lock(tx, conversationId, actorId);
        if (conversation.actor_role === null) throw new CommandError("not_found");
        checkAdmin(conversation);
        const done = await tx`
          update conversations set colour = ${colour}
          where id = ${conversationId} and colour is distinct from ${colour}::smallint`;
        return done.count === 1;
      });
    },

    /**
     * Moves positions of active participants forward, never past the end; several people in one statement. Returns those of
     * everyone named who is an active participant, as they are now. Who reads up to where they were, or on, takes their
     * mark away.
     */
    async movePositions(conversationId: string, wanted: Position[]): Promise<MovedPosition[]> {
      const rows = await sql<Omit<RoomRow, "last_seq" | "last_version" | "visible_after_seq">[]>`
        with wanted as (
          select w.user_id, least(w.read, c.last_seq) as read, least(w.delivered, c.last_seq) as delivered, w.read > 0 as reads
          from unnest(
            ${wanted.map((one) => one.userId)}::uuid[],
            ${wanted.map((one) => one.lastReadSeq)}::bigint[],
            ${wanted.map((one) => one.lastDeliveredSeq)}::bigint[]
          ) w (user_id, read, delivered), conversations c
          where c.id = ${conversationId}
        ),
        moved as (
          update participants p set last_read_seq = w.read, last_delivered_seq = w.delivered,
            marked_unread = p.marked_unread and not (w.reads and w.read >= p.last_read_seq)
          from wanted w
          where p.conversation_id = ${conversationId} and p.user_id = w.user_id
            and p.left_at is null and p.removed_at is null
            and (p.last_read_seq < w.read or p.last_delivered_seq < w.delivered
              or p.marked_unread and w.reads and w.read >= p.last_read_seq)
          returning p.user_id, p.last_read_seq, p.last_delivered_seq, p.marked_unread
        )
        select p.user_id, coalesce(m.last_read_seq, p.last_read_seq) as last_read_seq,
          coalesce(m.last_delivered_seq, p.last_delivered_seq) as last_delivered_seq,
          coalesce(m.marked_unread, p.marked_unread) as marked_unread
        from wanted w
        join participants p on p.conversation_id = ${conversationId} and p.user_id = w.user_id
          and p.left_at is null and p.removed_at is null
        left join moved m on m.user_id = p.user_id`;
      return rows.map((row) => ({
        userId: row.user_id,
        lastReadSeq: row.last_read_seq,
        lastDeliveredSeq: row.last_delivered_seq,
        markedUnread: row.marked_unread,
      }));
    },

    /**
     * Applies a change and appends the system message that tells of it, under the conversation's lock.
     * Throws not_found (no such conversation, or the actor is not active in it), forbidden (needs an admin),
     * not_a_group, group_full, user_not_found.
     */
    change(conversationId: string, actorId: string, change: MembershipChange): Promise<MembershipChanged> {
      return sql.begin(async (tx) => {
        const conversation = await lock(tx, conversationId, actorId);
        checkMay(conversation, actorId, change);
        const applied = await apply(tx, conversationId, actorId, conversation, change);
        if (applied === null) return { message: null, joined: [], gone: [] };
        const count = applied.joined.length - applied.gone.length;
        const message = await appendNote(tx, conversationId, actorId, applied.note, count);
        const joined = applied.joined.length === 0 ? [] : await tx<RoomRow[]>`
          select user_id, visible_after_seq, last_read_seq, last_delivered_seq, marked_unread from participants
          where conversation_id = ${conversationId} and user_id = any (${applied.joined}::uuid[])`;
        return { message, joined: joined.map(toMember), gone: applied.gone };
      });
    },
  };
}

export type ParticipantStore = ReturnType<typeof participantStore>;

async function lock(tx: postgres.TransactionSql, conversationId: string, actorId: string): Promise<Locked> {
  await tx`select 1 from conversations where id = ${conversationId} for update`;
  const [row] = await tx<Locked[]>`
    select c.kind, c.last_seq, c.participant_count, p.left_at is not null as actor_left,
      case when p.left_at is null and p.removed_at is null then p.role end as actor_role
    from conversations c left join participants p on p.conversation_id = c.id and p.user_id = ${actorId}
    where c.id = ${conversationId}`;
  if (!row) throw new CommandError("not_found");
  return row;
}

function checkMay(conversation: Locked, actorId: string, change: MembershipChange): void {
  if (change.type === "return") {
    if (conversation.kind !== "direct" || (!conversation.actor_left && conversation.actor_role === null)) {
      throw new CommandError("not_found");
    }
    return;
  }
  if (conversation.actor_role === null) throw new CommandError("not_found");
  if (change.type === "leave") return;
  const isOwnRole = change.type === "role" && change.userId === actorId && change.role === "member";
  checkAdmin(conversation, isOwnRole);
  if (change.type === "add" && conversation.participant_count + change.userIds.length > GROUP_MAX_PARTICIPANTS) {
    throw new CommandError("group_full", { detail: `A group holds at most ${GROUP_MAX_PARTICIPANTS} people` });
  }
}

function checkAdmin({ kind, actor_role }: Locked, mayMember = false): void {
  if (kind !== "group") throw new CommandError("not_a_group");
  if (actor_role !== "admin" && !mayMember) {
    throw new CommandError("forbidden", { detail: "Only an admin of the group may do this" });
  }
}

type Applied = { note: SystemNote; joined: string[]; gone: string[] } | null;

async function apply(
  tx: postgres.TransactionSql,
  id: string,
  actorId: string,
  conversation: Locked,
  change: MembershipChange,
): Promise<Applied> {
  switch (change.type) {
    case "add": {
      // What was said before somebody joined is not theirs to read; a person who was here before starts anew.
      const rows = await tx<{ user_id: string }[]>`
        insert into participants as p (conversation_id, user_id, visible_after_seq, last_read_seq, last_delivered_seq)
        select ${id}, person, ${conversation.last_seq}, ${conversation.last_seq}, ${conversation.last_seq}
        from unnest(${change.userIds}::uuid[]) person
        on conflict (conversation_id, user_id) do update
          set left_at = null, removed_at = null, joined_at = now(), role = 'member', archived_seq = null, marked_unread = false,
            visible_after_seq = excluded.visible_after_seq, last_read_seq = excluded.last_read_seq
          where p.left_at is not null or p.removed_at is not null
        returning user_id`;
      const joined = rows.map((row) => row.user_id);
      return joined.length === 0 ? null : { note: { type: "added", userIds: joined }, joined, gone: [] };
    }
    case "remove": {
      if (change.userId === actorId) return await apply(tx, id, actorId, conversation, { type: "leave" });
      const done = await tx`
        update participants set removed_at = now(), role = 'member'
        where conversation_id = ${id} and user_id = ${change.userId} and left_at is null and removed_at is null`;
      if (done.count === 0) throw new CommandError("user_not_found", { detail: "This person is not in the group" });
      return { note: { type: "removed", userIds: [change.userId] }, joined: [], gone: [change.userId] };
    }
    case "leave": {
      await tx`
        update participants set left_at = now(), role = 'member', archived_seq = null, marked_unread = false
        where conversation_id = ${id} and user_id = ${actorId}`;
      await keepAnAdmin(tx, id, conversation);
      return { note: { type: "left" }, joined: [], gone: [actorId] };
    }
    case "return": {
      if (!conversation.actor_left) return null;
      await tx`update participants set left_at = null where conversation_id = ${id} and user_id = ${actorId}`;
      return { note: { type: "returned" }, joined: [actorId], gone: [] };
    }
    case "rename": {
      const done =
        await tx`update conversations set title = ${change.title} where id = ${id} and title <> ${change.title}`;
      if (done.count === 0) return null;
      await keepWords(tx, id);
      return { note: { type: "renamed", title: change.title }, joined: [], gone: [] };
    }
    case "role": {
      const [row] = await tx<{ old_role: string }[]>`
        select role as old_role from participants
        where conversation_id = ${id} and user_id = ${change.userId} and left_at is null and removed_at is null`;
      if (!row) throw new CommandError("user_not_found", { detail: "This person is not in the group" });
      if (row.old_role === change.role) return null;
      if (change.role === "member") await refuseWithoutOtherAdmin(tx, id, change.userId);
      await tx`update participants set role = ${change.role} where conversation_id = ${id} and user_id = ${change.userId}`;
      return { note: { type: "role", userId: change.userId, role: change.role }, joined: [], gone: [] };
    }
  }
}

async function refuseWithoutOtherAdmin(tx: postgres.TransactionSql, id: string, userId: string): Promise<void> {
  const [other] = await tx`
    select 1 from participants
    where conversation_id = ${id} and user_id <> ${userId} and role = 'admin' and left_at is null and removed_at is null
    limit 1`;
  if (!other) throw new CommandError("forbidden", { detail: "A group needs an admin: make someone else one first" });
}

/** A group that still has people has an admin: the longest-standing of them, when the last admin has gone. */
async function keepAnAdmin(tx: postgres.TransactionSql, id: string, conversation: Locked): Promise<void> {
  if (conversation.kind !== "group") return;
  await tx`
    update participants set role = 'admin'
    where conversation_id = ${id} and user_id = (
      select user_id from participants
      where conversation_id = ${id} and left_at is null and removed_at is null
      order by role = 'admin' desc, joined_at, user_id limit 1)`;
}

/** Appends a system message with the next seq and version; the actor has read what they did themselves. */
async function appendNote(
  tx: postgres.TransactionSql,
  id: string,
  actorId: string,
  note: SystemNote,
  countChange: number,
): Promise<Message> {
  const [row] = await tx<MessageRow[]>`
    with counted as (
      update conversations set last_seq = last_seq + 1, last_version = last_version + 1, last_activity_at = now(),
        participant_count = participant_count + ${countChange}
      where id = ${id} returning last_seq, last_version
    ),
    read_own as (
      update participants set last_read_seq = counted.last_seq from counted
      where conversation_id = ${id} and user_id = ${actorId} and last_read_seq = counted.last_seq - 1
    )
    insert into messages (conversation_id, seq, version, kind, sender_id, system)
    select ${id}, last_seq, last_version, 'system', ${actorId}, ${tx.json(note)} from counted
    returning *`;
  return toMessage(row!);
}
