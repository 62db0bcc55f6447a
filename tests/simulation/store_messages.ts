// The messages of a simulated store: what server/store/messages.ts promises, in memory.
import { CommandError } from "../../protocol/errors.ts";
import type { Message } from "../../protocol/models.ts";
import type { Append, Appended, MessageStore } from "../../server/store/messages.ts";
import { activeIn, advance, iso, type Rows } from "./rows.ts";

export function memoryMessages(rows: Rows, now: () => number): MessageStore {
  function appendOne({ conversationId, senderId, clientId, body, replyToSeq }: Append): Appended {
    const sender = rows.active(conversationId, senderId);
    if (!sender) return { outcome: "not_found" };
    const row = rows.conversations.get(conversationId)!;
    const known = row.bySender.get(senderId + clientId);
    if (known !== undefined) {
      const message = row.messages[known - 1]!;
      const first = row.firstTexts.get(known) ?? message.body;
      return first === body ? { outcome: "repeat", message } : { outcome: "reused" };
    }
    if (row.kind === "direct" && activeIn(row).length < 2) return { outcome: "recipient_left" };
    const message: Message = {
      conversationId,
      seq: ++row.lastSeq,
      version: ++row.lastVersion,
      kind: "text",
      senderId,
      clientId,
      body,
      system: null,
      replyToSeq,
      createdAt: iso(now()),
      editedAt: null,
      deletedAt: null,
    };
    row.messages.push(message);
    row.bySender.set(senderId + clientId, message.seq);
    row.lastActivityAt = now();
    advance(sender, message.seq);
    return { outcome: "stored", message };
  }

  return {
    append(batch) {
      const done = new Map<string, { first: Append; got: Appended }>();
      return Promise.resolve(batch.map((one): Appended => {
        const key = one.conversationId + one.senderId + one.clientId;
        const before = done.get(key);
        if (before === undefined) {
          const got = appendOne(one);
          done.set(key, { first: one, got });
          return got;
        }
        if (!("message" in before.got)) return before.got;
        const isSame = before.first.body === one.body;
        return isSame ? { outcome: "repeat", message: before.got.message } : { outcome: "reused" };
      }));
    },

    // deno-lint-ignore require-await -- what it throws is a rejection
    async revise({ conversationId, seq, actorId, body, windowMs, now: at }) {
      const row = rows.conversations.get(conversationId);
      const actor = rows.active(conversationId, actorId);
      const before = row?.messages[seq - 1];
      if (!row || !actor || !before || seq <= actor.visibleAfterSeq) throw new CommandError("not_found");
      const mayModerate = row.kind === "group" && actor.role === "admin";
      const isOwn = before.senderId === actorId;
      if (before.kind !== "text" || !isOwn && !(body === null && mayModerate)) throw new CommandError("forbidden");
      if (before.body === body) return { message: before, changed: false };
      if (before.body === null) throw new CommandError("forbidden");
      const isLate = windowMs !== null && at.getTime() - Date.parse(before.createdAt) > windowMs;
      if (isOwn && isLate && !(body === null && mayModerate)) throw new CommandError("too_late");
      if (!row.firstTexts.has(seq)) row.firstTexts.set(seq, before.body);
      const message: Message = {
        ...before,
        body,
        version: ++row.lastVersion,
        editedAt: body === null ? before.editedAt : at.toISOString(),
        deletedAt: body === null ? at.toISOString() : null,
      };
      row.messages[seq - 1] = message;
      return { message, changed: true };
    },

    changesSince(conversationId, cursor, limit) {
      const row = rows.conversations.get(conversationId);
      if (!row) return Promise.resolve({ messages: [], isWhole: true, last: { seq: 0, version: 0 } });
      const changed = row.messages.slice(0, cursor.seq)
        .filter(({ seq, version, editedAt, deletedAt }) =>
          version > cursor.version && seq <= cursor.seq && (editedAt !== null || deletedAt !== null)
        );
      const added = row.messages.slice(cursor.seq);
      return Promise.resolve({
        messages: [
          ...changed.toSorted((a, b) => a.version - b.version).slice(0, limit + 1),
          ...added.slice(0, limit + 1),
        ],
        isWhole: added.length <= limit && changed.length <= limit,
        last: { seq: row.lastSeq, version: row.lastVersion },
      });
    },

    page({ conversationId, viewerId, before, after, limit }) {
      const viewer = rows.active(conversationId, viewerId);
      if (!viewer) return Promise.resolve(null);
      const visible = rows.conversations.get(conversationId)!.messages.slice(viewer.visibleAfterSeq);
      if (after !== undefined) {
        const found = visible.filter(({ seq }) => seq > after).slice(0, limit + 1);
        const hasBefore = after > viewer.visibleAfterSeq;
        return Promise.resolve({ messages: found.slice(0, limit), hasBefore, hasAfter: found.length > limit });
      }
      const found = visible.filter(({ seq }) => before === undefined || seq < before).slice(-limit - 1);
      const hasBefore = found.length > limit;
      return Promise.resolve({ messages: found.slice(-limit), hasBefore, hasAfter: before !== undefined });
    },
  };
}
