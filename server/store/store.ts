// All tables behind one value, and the part of it that rooms may see.
import { type CodeStore, codeStore } from "./codes.ts";
import { type ConversationStore, conversationStore } from "./conversations.ts";
import type { Sql } from "./database.ts";
import { type MessageStore, messageStore } from "./messages.ts";
import { type ParticipantStore, participantStore } from "./participants.ts";
import { type PresenceStore, presenceStore } from "./presence.ts";
import { type SessionStore, sessionStore } from "./sessions.ts";
import { type UserStore, userStore } from "./users.ts";

export interface Store {
  users: UserStore;
  sessions: SessionStore;
  codes: CodeStore;
  conversations: ConversationStore;
  participants: ParticipantStore;
  messages: MessageStore;
  presence: PresenceStore;
}

/** What rooms need of the store: nothing of PostgreSQL shows in it, so a simulated one can stand in its place. */
export interface RoomStore {
  messages: Pick<MessageStore, "append" | "changesSince" | "revise">;
  participants: Pick<ParticipantStore, "roomState" | "change" | "movePositions" | "setMarkedUnread" | "setColour">;
}

export function createStore(sql: Sql): Store {
  return {
    users: userStore(sql),
    sessions: sessionStore(sql),
    codes: codeStore(sql),
    conversations: conversationStore(sql),
    participants: participantStore(sql),
    messages: messageStore(sql),
    presence: presenceStore(sql),
  };
}
