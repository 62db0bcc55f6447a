// The participants of a simulated store: what server/store/participants.ts promises, in memory.
import { CommandError } from "../../protocol/errors.ts";
import { GROUP_MAX_PARTICIPANTS } from "../../protocol/limits.ts";
import type { SystemNote } from "../../protocol/models.ts";
import type { Member, MembershipChange, ParticipantStore } from "../../server/store/participants.ts";
import {
  activeIn,
  advance,
  appendNote,
  byText,
  type ConversationRow,
  iso,
  newParticipant,
  type ParticipantRow,
  type Rows,
} from "./rows.ts";

type Applied = { note: SystemNote; joined: string[]; gone: string[] } | null;

export function memoryParticipants(rows: Rows, now: () => number): ParticipantStore {
  /** Of an active participant; false where there is none. */
  function own(id: string, userId: string, change: (row: ParticipantRow) => void): Promise<boolean> {
    const row = rows.active(id, userId);
    if (row) change(row);
    return Promise.resolve(row !== null);
  }

  function apply(
    row: ConversationRow,
    actor: ParticipantRow | undefined,
    actorId: string,
    change: MembershipChange,
  ): Applied {
    switch (change.type) {
      case "add": {
        const joined = change.userIds.filter((userId) => !row.participants.get(userId)?.isActive);
        const joinedAt = now();
        for (const userId of joined) {
          const before = row.participants.get(userId) ?? newParticipant(userId, joinedAt);
          row.participants.set(userId, {
            ...before,
            role: "member",
            joinedAt,
            isActive: true,
            hasLeft: false,
            archivedSeq: null,
            markedUnread: false,
            visibleAfterSeq: row.lastSeq,
            lastReadSeq: Math.max(before.lastReadSeq, row.lastSeq),
            lastDeliveredSeq: Math.max(before.lastDeliveredSeq, row.lastSeq),
          });
        }
        return joined.length === 0 ? null : { note: { type: "added", userIds: joined }, joined, gone: [] };
      }
      case "remove": {
        if (change.userId === actorId) return apply(row, actor, actorId, { type: "leave" });
        const gone = row.participants.get(change.userId);
        if (!gone?.isActive) throw new CommandError("user_not_found");
        Object.assign(gone, { isActive: false, role: "member" });
        return { note: { type: "removed", userIds: [gone.userId] }, joined: [], gone: [gone.userId] };
      }
      case "leave": {
        Object.assign(actor!, {
          isActive: false,
          hasLeft: true,
          role: "member",
          archivedSeq: null,
          markedUnread: false,
        });
        if (row.kind === "group") {
          const [first] = activeIn(row).toSorted((a, b) =>
            Number(b.role === "admin") - Number(a.role === "admin") || a.joinedAt - b.joinedAt ||
            byText(a.userId, b.userId)
          );
          if (first) first.role = "admin";
        }
        return { note: { type: "left" }, joined: [], gone: [actorId] };
      }
      case "return":
        if (!actor!.hasLeft) return null;
        Object.assign(actor!, { isActive: true, hasLeft: false });
        return { note: { type: "returned" }, joined: [actorId], gone: [] };
      case "rename":
        if (row.title === change.title) return null;
        row.title = change.title;
        return { note: { type: "renamed", title: change.title }, joined: [], gone: [] };
      case "role": {
        const one = row.participants.get(change.userId);
        if (!one?.isActive) throw new CommandError("user_not_found");
        if (one.role === change.role) return null;
        const others = activeIn(row).filter(({ userId, role }) => userId !== change.userId && role === "admin");
        if (change.role === "member" && others.length === 0) throw new CommandError("forbidden");
        one.role = change.role;
        return { note: { type: "role", userId: change.userId, role: change.role }, joined: [], gone: [] };
      }
    }
  }

  return {
    roomState(id) {
      const row = rows.conversations.get(id);
      const state = row && { members: activeIn(row).map(toMember), lastSeq: row.lastSeq, lastVersion: row.lastVersion };
      return Promise.resolve(state ?? null);
    },

    access(id, userId) {
      const row = rows.active(id, userId);
      return Promise.resolve(row && { visibleAfterSeq: row.visibleAfterSeq });
    },

    page(id, limit) {
      const row = rows.conversations.get(id);
      const all = (row ? activeIn(row) : []).toSorted((a, b) => a.joinedAt - b.joinedAt || byText(a.userId, b.userId));
      const participants = all.slice(0, limit).map(({ userId, role, joinedAt, lastReadSeq, lastDeliveredSeq }) => ({
        user: rows.users.get(userId)!,
        resembles: false,
        role,
        joinedAt: iso(joinedAt),
        lastReadSeq,
        lastDeliveredSeq,
      }));
      return Promise.resolve({ participants, nextCursor: null });
    },

    setArchived: (id, userId, archived) =>
      own(id, userId, (row) => row.archivedSeq = archived ? rows.conversations.get(id)!.lastSeq : null),
    setMuted: (id, userId, until) => own(id, userId, (row) => row.mutedUntil = until),
    setMarkedUnread: (id, userId, marked) => own(id, userId, (row) => row.markedUnread = marked),

    // deno-lint-ignore require-await -- what it throws is a rejection
    async setColour(id, actorId, colour) {
      const row = rows.conversations.get(id);
      const actor = rows.active(id, actorId);
      if (!row || !actor) throw new CommandError("not_found");
      checkAdmin(row, actor);
      const changed = row.colour !== colour;
      row.colour = colour;
      return changed;
    },

    movePositions(id, wanted) {
      const end = rows.conversations.get(id)?.lastSeq ?? 0;
      return Promise.resolve(wanted.flatMap(({ userId, lastReadSeq, lastDeliveredSeq }) => {
        const row = rows.active(id, userId);
        if (!row) return [];
        const read = Math.min(lastReadSeq, end);
        if (lastReadSeq > 0 && read >= row.lastReadSeq) row.markedUnread = false;
        advance(row, read, Math.min(lastDeliveredSeq, end));
        const { visibleAfterSeq: _, ...position } = toMember(row);
        return [position];
      }));
    },

    // deno-lint-ignore require-await -- what it throws is a rejection
    async change(id, actorId, change) {
      const row = rows.conversations.get(id);
      if (!row) throw new CommandError("not_found");
      const actor = row.participants.get(actorId);
      checkMay(row, actor, actorId, change);
      const applied = apply(row, actor, actorId, change);
      if (applied === null) return { message: null, joined: [], gone: [] };
      const message = appendNote(row, actorId, applied.note, now());
      return { message, joined: applied.joined.map((id) => toMember(row.participants.get(id)!)), gone: applied.gone };
    },
  };
}

function toMember({ userId, visibleAfterSeq, lastReadSeq, lastDeliveredSeq, markedUnread }: ParticipantRow): Member {
  return { userId, visibleAfterSeq, lastReadSeq, lastDeliveredSeq, markedUnread };
}

function checkMay(
  row: ConversationRow,
  actor: ParticipantRow | undefined,
  actorId: string,
  change: MembershipChange,
): void {
  if (change.type === "return") {
    if (row.kind !== "direct" || !actor?.hasLeft && !actor?.isActive) throw new CommandError("not_found");
    return;
  }
  if (!actor?.isActive) throw new CommandError("not_found");
  if (change.type === "leave") return;
  checkAdmin(row, actor, change.type === "role" && change.userId === actorId && change.role === "member");
  if (change.type === "add" && activeIn(row).length + change.userIds.length > GROUP_MAX_PARTICIPANTS) {
    throw new CommandError("group_full");
  }
}

function checkAdmin({ kind }: ConversationRow, { role }: ParticipantRow, mayMember = false): void {
  if (kind !== "group") throw new CommandError("not_a_group");
  if (role !== "admin" && !mayMember) throw new CommandError("forbidden");
}
