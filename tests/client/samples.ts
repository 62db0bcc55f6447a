// Sample people, messages and conversations for the client's tests.
import type { Conversation, Me, Message, User } from "../../protocol/models.ts";
import type { MessagePage, PublicConfig } from "../../protocol/rest.ts";
import type { SyncedListEntry } from "../../protocol/sync.ts";
import { reduce } from "../../client/state/reduce.ts";
import { parseRoute } from "../../client/state/route.ts";
import { type Change, initialState, type State } from "../../client/state/state.ts";

export const ME = "00000000-0000-4000-8000-000000000001";
export const OTHER = "00000000-0000-4000-8000-000000000002";
export const ROOM = "00000000-0000-4000-8000-0000000000aa";
export const EPOCH = "00000000-0000-4000-8000-0000000000ee";
export const START_MS = Date.parse("2025-03-04T06:00:00.000Z");

export const CONFIG: PublicConfig = {
  mode: "accounts",
  signup: "open",
  needsOwner: false,
  signedIn: true,
  signInUrl: null,
  version: "0",
};

export function user(id: string, name = `Person ${id.at(-1)}`): User {
  return { id, name, username: null, picture: null, deactivated: false };
}

export function me(id = ME): Me {
  return { ...user(id), externalId: null, locale: null, role: "member", hidesPresence: false };
}

export function message(seq: number, fields: Partial<Message> = {}): Message {
  return {
    conversationId: ROOM,
    seq,
    version: seq,
    kind: "text",
    senderId: OTHER,
    clientId: `01900000-0000-7000-8000-${String(seq).padStart(12, "0")}`,
    body: `message ${seq}`,
    system: null,
    replyToSeq: null,
    createdAt: new Date(START_MS + seq * 1000).toISOString(),
    editedAt: null,
    deletedAt: null,
    ...fields,
  };
}

export function messages(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, index) => message(from + index));
}

export function page(from: number, to: number, edges: Partial<MessagePage> = {}): MessagePage {
  return { messages: to < from ? [] : messages(from, to), people: [], hasBefore: from > 1, hasAfter: false, ...edges };
}

export function conversation(lastSeq: number, fields: Partial<Conversation> = {}): Conversation {
  const participant = (id: string) => ({
    user: user(id),
    resembles: false,
    role: "member" as const,
    joinedAt: new Date(START_MS).toISOString(),
    lastReadSeq: 0,
    lastDeliveredSeq: 0,
  });
  return {
    id: ROOM,
    kind: "direct",
    title: null,
    listing: null,
    colour: null,
    createdBy: ME,
    createdAt: new Date(START_MS).toISOString(),
    lastActivityAt: new Date(START_MS + lastSeq * 1000).toISOString(),
    lastSeq,
    lastVersion: lastSeq,
    participantCount: 2,
    participants: [participant(ME), participant(OTHER)],
    lastMessage: lastSeq > 0 ? message(lastSeq) : null,
    unreadCount: 0,
    my: { role: "member", lastReadSeq: lastSeq, archived: false, mutedUntil: null, markedUnread: false },
    ...fields,
  };
}

/** A conversation's line in a sync. */
export function entry(lastSeq: number, fields: Partial<SyncedListEntry> = {}): SyncedListEntry {
  const { id, title, participantCount, lastVersion, lastActivityAt, unreadCount, my } = conversation(lastSeq);
  const { archived, mutedUntil, markedUnread, lastReadSeq } = my;
  const line = { title, participantCount, lastSeq, lastVersion, lastActivityAt, unreadCount };
  return { conversationId: id, ...line, archived, mutedUntil, markedUnread, lastReadSeq, ...fields };
}

export function after(state: State, ...changes: Change[]): State {
  return changes.reduce(reduce, state);
}

/** Signed in, nothing loaded. */
export function signedIn(): State {
  return after(initialState(parseRoute("/en/messages")), { type: "signedIn", config: CONFIG, me: me() });
}

/** Signed in, with ROOM opened and its messages `from`…`to` loaded. */
export function opened(from: number, to: number): State {
  return after(
    signedIn(),
    { type: "opened", conversationId: ROOM },
    { type: "detail", conversation: conversation(to), page: page(from, to) },
  );
}
