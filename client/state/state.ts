// Everything the page knows, and all that can change it.
import type { CommandResult } from "../../protocol/commands.ts";
import type { Event } from "../../protocol/frames.ts";
import type { Conversation, Me, Message, Position, PresenceOf, User } from "../../protocol/models.ts";
import type { MessagePage, PublicConfig } from "../../protocol/rest.ts";
import type { Conversations, MyChange } from "./conversations.ts";
import type { Failure, FailureCode } from "./failure.ts";
import { EMPTY_LIST, type List } from "./list.ts";
import type { Pending } from "./outbox.ts";
import { emptyReplica, type Replica, type Sync } from "./replica.ts";
import type { Held } from "./replica_conversation.ts";
import type { Route } from "./route.ts";
import { DEFAULT_SETTINGS, type Settings } from "./settings.ts";
import type { Changing, Thread } from "./thread.ts";
import type { Toast } from "./toasts.ts";

export type Account =
  | { status: "starting" }
  | { status: "failed"; failure: Failure }
  /** `isLinkSpent`: a sign-in link brought them here, and it opens nothing any more. */
  | { status: "out"; config: PublicConfig; isLinkSpent: boolean }
  | { status: "in"; config: PublicConfig; me: Me };

export interface State {
  account: Account;
  /** Whose data this is: somebody else's sign-in starts from nothing. */
  ownerId: string | null;
  connection: "connecting" | "open" | "down";
  /** Since when there is no connection, in milliseconds; null: there is one, or nobody wants one. */
  connectingSince: number | null;
  /** What the system says of the network; true need not mean that the server can be reached. */
  isOnline: boolean;
  route: Route;
  /** The code of the invitation that the page was opened with. */
  invite: string | null;
  list: List;
  archived: List;
  conversations: Conversations;
  people: Record<string, User>;
  /** All messages, cursors and positions: the threads and positions below follow it. */
  replica: Replica;
  threads: Record<string, Thread>;
  positions: Record<string, Record<string, Position>>;
  /** By conversation: what the person changed and the server has not answered. */
  changing: Record<string, Changing>;
  /** By conversation: who types right now; never oneself. */
  typing: Record<string, readonly string[]>;
  /** By person; missing: not known. */
  presence: Record<string, PresenceOf>;
  outbox: Pending[];
  drafts: Record<string, string>;
  settings: Settings;
  toasts: readonly Toast[];
  /** A new version of the page waits. */
  isUpdateReady: boolean;
}

/** What this device kept of a person's earlier visits. */
export interface Kept {
  epoch: string | null;
  conversations: Conversations;
  people: Record<string, User>;
  drafts: Record<string, string>;
  pending: Pending[];
}

/** Which of the two lists a page belongs to. */
export type ListName = "list" | "archived";

export type Change =
  | { type: "starting" }
  | { type: "startFailed"; failure: Failure }
  | { type: "signedIn"; config: PublicConfig; me: Me }
  | { type: "me"; me: Me }
  | { type: "signedOut"; config: PublicConfig; byChoice?: boolean; isLinkSpent?: boolean }
  | { type: "kept"; kept: Kept }
  | { type: "keptThread"; held: Held }
  | { type: "people"; people: User[] }
  | { type: "invited"; code: string | null }
  | { type: "network"; isOnline: boolean }
  | { type: "connection"; connection: State["connection"]; atMs: number }
  | { type: "route"; route: Route }
  | { type: "listLoading"; list: ListName }
  | { type: "listLoaded"; list: ListName; conversations: Conversation[]; nextCursor: string | null }
  | { type: "listFailed"; list: ListName; failure: Failure }
  | { type: "moreLoading"; list: ListName }
  | { type: "moreLoaded"; list: ListName; conversations: Conversation[]; nextCursor: string | null }
  | { type: "moreFailed"; list: ListName }
  | { type: "conversation"; conversation: Conversation }
  | { type: "my"; conversationId: string; my: MyChange }
  | { type: "left"; conversationId: string }
  | { type: "opened"; conversationId: string }
  | { type: "openFailed"; conversationId: string; failure: Failure }
  | { type: "detail"; conversation: Conversation; page: MessagePage }
  | { type: "olderLoading"; conversationId: string }
  | { type: "olderLoaded"; conversationId: string; page: MessagePage }
  | { type: "olderFailed"; conversationId: string }
  /** What one frame brought, in its order: however much it is, the views redraw once. */
  | { type: "events"; events: readonly Event[] }
  /** A message as a reply tells it. */
  | { type: "answered"; message: Message }
  | { type: "syncAsked"; sync: Sync }
  | { type: "synced"; sync: Sync; answer: CommandResult<"sync"> }
  | { type: "doubted"; list: boolean }
  | { type: "read"; conversationId: string; lastReadSeq: number }
  | { type: "watched"; answer: CommandResult<"conversation:watch"> }
  | { type: "changing"; conversationId: string; seq: number; fields: Partial<Message> | null }
  | { type: "queued"; pending: Pending }
  | { type: "refused"; clientId: string; code: FailureCode }
  | { type: "retried"; clientId: string }
  | { type: "discarded"; clientId: string }
  | { type: "draft"; conversationId: string; body: string }
  | { type: "settings"; settings: Partial<Settings> }
  | { type: "toast"; toast: Toast }
  | { type: "toastGone"; id: number }
  | { type: "updateReady" };

/** What there is of a person before anybody has come. */
const NOBODYS = {
  ownerId: null,
  list: EMPTY_LIST,
  archived: EMPTY_LIST,
  conversations: {},
  people: {},
  replica: emptyReplica("", "opened"),
  threads: {},
  positions: {},
  changing: {},
  typing: {},
  presence: {},
  outbox: [],
  drafts: {},
} satisfies Partial<State>;

export function initialState(route: Route): State {
  return {
    ...NOBODYS,
    account: { status: "starting" },
    connection: "connecting",
    connectingSince: null,
    isOnline: true,
    route,
    invite: null,
    settings: DEFAULT_SETTINGS,
    toasts: [],
    isUpdateReady: false,
  };
}

/** Nothing of anybody: what belongs to the device and the page stays. */
export function withoutPerson(state: State): State {
  return { ...state, ...NOBODYS };
}

export function meId(state: State): string {
  return state.ownerId ?? "";
}
