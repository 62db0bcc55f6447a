// The peer's message: what is checked before it goes to the database, and how a row travels.

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const BODY_MAX_CHARS = 4000;

/** The same checks that Chautari makes of a message, written by hand: the fastest that they can be. Throws Error. */
export function readMessage(data) {
  const { conversationId, clientId, body, replyToId = null } = data ?? {};
  if (!UUID.test(conversationId) || !UUID.test(clientId)) throw new Error("invalid id");
  if (typeof body !== "string" || body.trim() === "" || body.includes("\0") || !body.isWellFormed()) {
    throw new Error("invalid body");
  }
  if (body.length > BODY_MAX_CHARS && [...body].length > BODY_MAX_CHARS) throw new Error("body too long");
  if (replyToId !== null && !Number.isSafeInteger(replyToId)) throw new Error("invalid reply");
  return { conversationId, clientId, body, replyToId };
}

export function toMessage(row) {
  return {
    conversationId: row.conversation_id,
    id: Number(row.id),
    kind: row.kind,
    senderId: row.sender_id,
    clientId: row.client_id,
    body: row.body,
    system: row.system,
    replyToId: row.reply_to_id === null ? null : Number(row.reply_to_id),
    createdAt: row.created_at,
    editedAt: row.edited_at,
    deletedAt: row.deleted_at,
  };
}
