// Everything the page knows, and the one pure function that brings it forward.
import type { Conversation, Me, Message, User } from "../../protocol/models.ts";
import type { MessagePage, PublicConfig } from "../../protocol/rest.ts";
import type { Conversations } from "./conversations.ts";
import { withConversation, withFreshList, withListMessage, withoutConversation, withRead } from "./conversations.ts";
import type { Failure, FailureCode } from "./failure.ts";
import { type Pending, withFailed, withoutArrived } from "./outbox.ts";
import type { Route } from "./route.ts";
import { EMPTY_THREAD, type Thread, withMessage, withNewerPage, withNewestPage, withOlderPage } from "./thread.ts";

export type Account =
  | { status: "starting" }
  | { status: "failed"; failure: Failure }
  /** `isLinkSpent`: a sign-in link brought them here, and it opens nothing any more. */
  | { status: "out"; config: PublicConfig; isLinkSpent: boolean }
  | { status: "in"; config: PublicConfig; me: Me };

export interface List {
  status: "loading" | "ready" | "failed";
  failure: Failure | null;
  nextCursor: string | null;
  more: "idle" | "loading" | "failed";
}

export interface State {
  account: Account;
  /** Whose data this is: somebody else's sign-in starts from nothing. */
  ownerId: string | null;
  connection: "connecting" | "open" | "down";
  /** What the system says of the network; true need not mean that the server can be reached. */
  isOnline: boolean;
  epoch: string | null;
  route: Route;
  /** The code of the invitation that the page was opened with. */
  invite: string | null;
  list: List;
  conversations: Conversations;
  people: Record<string, User>;
  threads: Record<string, Thread>;
  outbox: Pending[];
  drafts: Record<string, string>;
}

export type Change =
  | { type: "starting" }
  | { type: "startFailed"; failure: Failure }
  | { type: "signedIn"; config: PublicConfig; me: Me }
  | { type: "signedOut"; config: PublicConfig; byChoice?: boolean; isLinkSpent?: boolean }
  | { type: "invited"; code: string | null }
  | { type: "network"; isOnline: boolean }
  | { type: "connection"; connection: State["connection"] }
  | { type: "welcome"; epoch: string }
  | { type: "route"; route: Route }
  | { type: "listLoading" }
  | { type: "listLoaded"; conversations: Conversation[]; nextCursor: string | null }
  | { type: "listFailed"; failure: Failure }
  | { type: "moreLoading" }
  | { type: "moreLoaded"; conversations: Conversation[]; nextCursor: string | null }
  | { type: "moreFailed" }
  | { type: "conversation"; conversation: Conversation }
  | { type: "left"; conversationId: string }
  | { type: "threadLoading"; conversationId: string }
  | { type: "threadLoaded"; conversation: Conversation; page: MessagePage }
  | { type: "threadFailed"; conversationId: string; failure: Failure }
  | { type: "olderLoading"; conversationId: string }
  | { type: "olderLoaded"; conversationId: string; page: MessagePage }
  | { type: "olderFailed"; conversationId: string }
  | { type: "newerLoading"; conversationId: string }
  | { type: "newerFailed"; conversationId: string }
  | { type: "newerLoaded"; conversationId: string; page: MessagePage }
  | { type: "message"; message: Message }
  | { type: "read"; conversationId: string; userId: string; lastReadSeq: number }
  | { type: "queued"; pending: Pending }
  | { type: "refused"; clientId: string; code: FailureCode }
  | { type: "retried"; clientId: string }
  | { type: "discarded"; clientId: string }
  | { type: "draft"; conversationId: string; body: string };

export function initialState(route: Route): State {
  return {
    account: { status: "starting" },
    ownerId: null,
    connection: "connecting",
    isOnline: true,
    epoch: null,
    route,
    invite: null,
    list: { status: "loading", failure: null, nextCursor: null, more: "idle" },
    conversations: {},
    people: {},
    threads: {},
    outbox: [],
    drafts: {},
  };
}

export function reduce(state: State, change: Change): State {
  switch (change.type) {
    case "starting":
      return { ...state, account: { status: "starting" } };
    case "startFailed":
      return { ...state, account: { status: "failed", failure: change.failure } };
    case "signedIn":
      return {
        ...(state.ownerId === change.me.id ? state : initialState(state.route)),
        account: { status: "in", config: change.config, me: change.me },
        ownerId: change.me.id,
      };
    case "signedOut":
      // A session that ran out must not cost the person what they had written.
      return {
        ...(change.byChoice ? initialState(state.route) : state),
        account: { status: "out", config: change.config, isLinkSpent: change.isLinkSpent ?? false },
      };
    case "invited":
      return { ...state, invite: change.code };
    case "network":
      return { ...state, isOnline: change.isOnline };
    case "connection":
      return { ...state, connection: change.connection };
    case "welcome":
      return welcome(state, change.epoch);
    case "route":
      return { ...state, route: change.route, threads: withUnreadLine(state, change.route.conversationId) };
    case "listLoading":
      return { ...state, list: { ...state.list, status: "loading", failure: null } };
    case "listFailed":
      return { ...state, list: { ...state.list, status: "failed", failure: change.failure } };
    case "listLoaded":
      return listLoaded(state, change.conversations, change.nextCursor);
    case "moreLoading":
      return { ...state, list: { ...state.list, more: "loading" } };
    case "moreFailed":
      return { ...state, list: { ...state.list, more: "failed" } };
    case "moreLoaded":
      return {
        ...change.conversations.reduce(learnConversation, state),
        list: { ...state.list, more: "idle", nextCursor: change.nextCursor },
      };
    case "conversation":
      return learnConversation(state, change.conversation);
    case "left":
      return {
        ...state,
        conversations: withoutConversation(state.conversations, change.conversationId),
        threads: withoutThread(state.threads, change.conversationId),
      };
    case "threadLoading":
      return onThread(
        state,
        change.conversationId,
        (thread) =>
          thread.status === "ready"
            ? { ...thread, stale: false }
            : { ...thread, stale: false, status: "loading", failure: null },
      );
    case "threadFailed":
      return onThread(
        state,
        change.conversationId,
        (thread) =>
          thread.status === "ready"
            ? { ...thread, stale: true }
            : { ...thread, status: "failed", failure: change.failure },
      );
    case "threadLoaded":
      return threadLoaded(state, change.conversation, change.page);
    case "olderLoading":
      return onThread(state, change.conversationId, (thread) => ({ ...thread, older: "loading" }));
    case "olderFailed":
      return onThread(state, change.conversationId, (thread) => ({ ...thread, older: "failed" }));
    case "olderLoaded":
      return onThread(
        learnPage(state, change.page),
        change.conversationId,
        (thread) => withOlderPage(thread, change.page),
      );
    // Not stale from the moment of asking: a connection that begins before the answer makes it stale again.
    case "newerLoading":
      return onThread(state, change.conversationId, (thread) => ({ ...thread, stale: false }));
    case "newerFailed":
      return onThread(state, change.conversationId, (thread) => ({ ...thread, stale: true }));
    case "newerLoaded":
      return onThread(
        change.page.messages.reduce(messageInList, learnPage(state, change.page)),
        change.conversationId,
        (thread) => withNewerPage(thread, change.page),
      );
    case "message":
      return messageArrived(state, change.message);
    case "read":
      return {
        ...state,
        conversations: withRead(
          state.conversations,
          change.conversationId,
          change.userId,
          change.lastReadSeq,
          meId(state),
        ),
      };
    case "queued":
      return { ...state, outbox: [...state.outbox, change.pending] };
    case "refused":
      return { ...state, outbox: withFailed(state.outbox, change.clientId, change.code) };
    case "retried":
      return { ...state, outbox: withFailed(state.outbox, change.clientId, null) };
    case "discarded":
      return { ...state, outbox: state.outbox.filter((pending) => pending.clientId !== change.clientId) };
    case "draft":
      return { ...state, drafts: { ...state.drafts, [change.conversationId]: change.body } };
  }
}

export function meId(state: State): string {
  return state.ownerId ?? "";
}

/** A new connection: what came while there was none is unknown. Another epoch: all that we hold means nothing. */
function welcome(state: State, epoch: string): State {
  const isOther = state.epoch !== null && state.epoch !== epoch;
  const threads: Record<string, Thread> = {};
  if (!isOther) { for (const [id, thread] of Object.entries(state.threads)) threads[id] = { ...thread, stale: true }; }
  return {
    ...state,
    connection: "open",
    epoch,
    threads,
    conversations: isOther ? {} : state.conversations,
  };
}

function listLoaded(state: State, page: Conversation[], nextCursor: string | null): State {
  const isFirst = state.list.status !== "ready";
  const conversations = withFreshList(
    state.conversations,
    page,
    nextCursor === null,
    state.route.conversationId,
  );
  return {
    ...page.reduce(learnConversation, { ...state, conversations }),
    // Pages that were already turned stay turned, unless this page is all there is.
    list: {
      ...state.list,
      status: "ready",
      failure: null,
      nextCursor: isFirst || nextCursor === null ? nextCursor : state.list.nextCursor,
    },
  };
}

function learnConversation(state: State, conversation: Conversation): State {
  const people = learnPeople(state.people, conversation.participants.map((participant) => participant.user));
  const conversations = withConversation(state.conversations, conversation);
  const next = { ...state, people, conversations };
  if (!state.threads[conversation.id]) return next;
  return onThread(
    next,
    conversation.id,
    (thread) =>
      conversation.lastSeq <= thread.newestSeq || conversation.lastMessage === null
        ? thread
        : { ...thread, newestSeq: conversation.lastSeq },
  );
}

function threadLoaded(state: State, conversation: Conversation, page: MessagePage): State {
  const old = state.threads[conversation.id] ?? EMPTY_THREAD;
  const loaded = withNewestPage(old, page, conversation.lastSeq);
  const isFirst = old.status !== "ready";
  const unreadAfter = conversation.unreadCount > 0 ? conversation.my.lastReadSeq : null;
  const thread = isFirst ? { ...loaded, unreadAfter } : loaded;
  return learnConversation(
    learnPage({ ...state, threads: { ...state.threads, [conversation.id]: thread } }, page),
    conversation,
  );
}

function messageArrived(state: State, message: Message): State {
  const listed = messageInList(state, message);
  const next = { ...listed, outbox: withoutArrived(state.outbox, [message], meId(state)) };
  return state.threads[message.conversationId]
    ? onThread(next, message.conversationId, (thread) => withMessage(thread, message))
    : next;
}

function messageInList(state: State, message: Message): State {
  return { ...state, conversations: withListMessage(state.conversations, message, meId(state)) };
}

function learnPage(state: State, page: MessagePage): State {
  return {
    ...state,
    people: learnPeople(state.people, page.people),
    outbox: withoutArrived(state.outbox, page.messages, meId(state)),
  };
}

function learnPeople(known: Record<string, User>, people: User[]): Record<string, User> {
  if (people.length === 0) return known;
  const next = { ...known };
  for (const user of people) next[user.id] = user;
  return next;
}

function onThread(state: State, id: string, change: (thread: Thread) => Thread): State {
  return { ...state, threads: { ...state.threads, [id]: change(state.threads[id] ?? EMPTY_THREAD) } };
}

function withoutThread(threads: Record<string, Thread>, id: string): Record<string, Thread> {
  const { [id]: _gone, ...rest } = threads;
  return rest;
}

/** The line "new messages" is drawn where reading begins, each time a conversation is opened. */
function withUnreadLine(state: State, id: string | null): Record<string, Thread> {
  const thread = id === null ? undefined : state.threads[id];
  const conversation = id === null ? undefined : state.conversations[id];
  if (!thread || !conversation || id === state.route.conversationId) return state.threads;
  const unreadAfter = conversation.unreadCount > 0 ? conversation.my.lastReadSeq : null;
  return { ...state.threads, [conversation.id]: { ...thread, unreadAfter } };
}
