// The one pure function that brings the state forward.
import type { Conversation, User } from "../../protocol/models.ts";
import {
  withConversations,
  withFreshList,
  withListMessages,
  withMy,
  withoutConversation,
  withRead,
  withRowPositions,
} from "./conversations.ts";
import { heard, synced } from "./hearing.ts";
import { EMPTY_LIST, keptList, type List, withFirstPage } from "./list.ts";
import { withFailed, withoutArrived, withPending } from "./outbox.ts";
import {
  emptyReplica,
  withDetail,
  withDoubt,
  withKept,
  withMessages,
  withOlder,
  withOpened,
  without,
  withPositionsOf,
  withReadAnswer,
  withSyncAsked,
} from "./replica.ts";
import { type Change, type Kept, type ListName, meId, type State, withoutPerson } from "./state.ts";
import { onThread, unreadLine, withChangingOf, withReplica } from "./threads.ts";
import { withToast } from "./toasts.ts";

export function reduce(state: State, change: Change): State {
  switch (change.type) {
    case "starting":
      return { ...state, account: { status: "starting" } };
    case "startFailed":
      return { ...state, account: { status: "failed", failure: change.failure } };
    case "signedIn": {
      const { config, me } = change;
      const own = state.ownerId === me.id
        ? state
        : { ...withoutPerson(state), ownerId: me.id, replica: emptyReplica(me.id, "opened") };
      return { ...own, account: { status: "in", config, me } };
    }
    case "me":
      return state.account.status === "in" ? { ...state, account: { ...state.account, me: change.me } } : state;
    case "signedOut": {
      // A session that ran out must not cost the person what they had written.
      const { config, isLinkSpent = false } = change;
      const left = change.byChoice ? withoutPerson(state) : state;
      return { ...left, connectingSince: null, account: { status: "out", config, isLinkSpent } };
    }
    case "kept":
      return kept(state, change.kept);
    case "keptThread":
      return withReplica(state, withKept(state.replica, change.held));
    case "people":
      return { ...state, people: learnPeople(state.people, change.people) };
    case "invited":
      return { ...state, invite: change.code };
    case "network":
      return { ...state, isOnline: change.isOnline };
    case "connection":
      return connection(state, change.connection, change.atMs);
    case "route":
      return unreadLine({ ...state, route: change.route }, state.route.conversationId);
    case "listLoading":
      return onList(state, change.list, (list) => ({ ...list, status: "loading", failure: null }));
    case "listFailed":
      return onList(state, change.list, (list) => ({ ...list, status: "failed", failure: change.failure }));
    case "moreLoading":
      return onList(state, change.list, (list) => ({ ...list, more: "loading" }));
    case "moreFailed":
      return onList(state, change.list, (list) => ({ ...list, more: "failed" }));
    case "listLoaded": {
      const { list, conversations, nextCursor } = change;
      const page = { conversations, archived: list === "archived", isWhole: nextCursor === null };
      const fresh = withFreshList(state.conversations, { ...page, keepId: state.route.conversationId });
      const next = learnConversations({ ...state, conversations: fresh }, conversations);
      return onList(next, list, (list) => withFirstPage(list, nextCursor));
    }
    case "moreLoaded":
      return onList(
        learnConversations(state, change.conversations),
        change.list,
        (list) => ({ ...list, more: "idle", nextCursor: change.nextCursor }),
      );
    case "conversation":
      return learnConversations(state, [change.conversation]);
    case "my":
      return { ...state, conversations: withMy(state.conversations, change.conversationId, change.my) };
    case "left": {
      const conversations = withoutConversation(state.conversations, change.conversationId);
      return withReplica({ ...state, conversations }, without(state.replica, change.conversationId));
    }
    case "opened":
      return withReplica(
        onThread(state, change.conversationId, (thread) => ({
          ...thread,
          status: thread.status === "failed" ? "loading" : thread.status,
          failure: null,
        })),
        withOpened(state.replica, change.conversationId),
      );
    case "openFailed":
      return onThread(
        state,
        change.conversationId,
        (thread) => thread.status === "ready" ? thread : { ...thread, status: "failed", failure: change.failure },
      );
    case "detail": {
      const { conversation, page } = change;
      const known = learnConversations({ ...state, people: learnPeople(state.people, page.people) }, [conversation]);
      const outbox = withoutArrived(known.outbox, page.messages, meId(state));
      return withReplica({ ...known, outbox }, withDetail(known.replica, { conversation, page }));
    }
    case "olderLoading":
      return onThread(state, change.conversationId, (thread) => ({ ...thread, older: "loading" }));
    case "olderFailed":
      return onThread(state, change.conversationId, (thread) => ({ ...thread, older: "failed" }));
    case "olderLoaded": {
      const { conversationId, page } = change;
      const known = { ...state, people: learnPeople(state.people, page.people) };
      return onThread(
        withReplica(known, withOlder(known.replica, conversationId, page)),
        conversationId,
        (thread) => ({ ...thread, older: "idle" }),
      );
    }
    case "events":
      return heard(state, change.events);
    case "answered": {
      const { message } = change;
      const conversations = withListMessages(state.conversations, [message], meId(state));
      const outbox = withoutArrived(state.outbox, [message], meId(state));
      return withReplica({ ...state, conversations, outbox }, withMessages(state.replica, [message]));
    }
    case "syncAsked":
      return { ...state, replica: withSyncAsked(state.replica, change.sync) };
    case "synced":
      return synced(state, change.sync, change.answer);
    case "doubted":
      return { ...state, replica: withDoubt(state.replica, { list: change.list }) };
    case "read": {
      const { conversationId, lastReadSeq } = change;
      const conversations = withRead(state.conversations, conversationId, lastReadSeq);
      return withReplica({ ...state, conversations }, withReadAnswer(state.replica, conversationId, lastReadSeq));
    }
    case "watched": {
      const typists = change.answer.watched.filter(({ typing }) => typing.length > 0);
      // Of the others nobody will say that somebody stopped typing.
      const typing = Object.fromEntries(typists.map(({ conversationId, typing }) => [conversationId, typing]));
      const conversations = withRowPositions(state.conversations, change.answer.watched, meId(state));
      let next: State = { ...state, typing, conversations };
      const presence = { ...state.presence };
      for (const { conversationId, positions, presence: people } of change.answer.watched) {
        next = withReplica(next, withPositionsOf(next.replica, conversationId, positions));
        for (const one of people) presence[one.userId] = one;
      }
      return { ...next, presence };
    }
    case "changing":
      return withChangingOf(state, change.conversationId, change.seq, change.fields);
    case "queued":
      return { ...state, outbox: withPending(state.outbox, change.pending) };
    case "refused":
      return { ...state, outbox: withFailed(state.outbox, change.clientId, change.code) };
    case "retried":
      return { ...state, outbox: withFailed(state.outbox, change.clientId, null) };
    case "discarded":
      return { ...state, outbox: state.outbox.filter((pending) => pending.clientId !== change.clientId) };
    case "draft":
      return { ...state, drafts: { ...state.drafts, [change.conversationId]: change.body } };
    case "settings":
      return { ...state, settings: { ...state.settings, ...change.settings } };
    case "toast":
      return { ...state, toasts: withToast(state.toasts, change.toast) };
    case "toastGone":
      return { ...state, toasts: state.toasts.filter(({ id }) => id !== change.id) };
    case "updateReady":
      return { ...state, isUpdateReady: true };
  }
}

/** Shown until the server has answered; whatever is known already is newer. */
function kept(state: State, { epoch, conversations, people, drafts, pending }: Kept): State {
  const all = { ...conversations, ...state.conversations };
  const rows = Object.values(all);
  return {
    ...state,
    replica: state.replica.epoch === null ? { ...state.replica, epoch } : state.replica,
    conversations: all,
    people: { ...people, ...state.people },
    drafts: { ...drafts, ...state.drafts },
    outbox: pending.reduce(withPending, state.outbox),
    list: state.list === EMPTY_LIST ? keptList(rows.some(({ my }) => !my.archived)) : state.list,
    archived: state.archived === EMPTY_LIST ? keptList(rows.some(({ my }) => my.archived)) : state.archived,
  };
}

/** Typing and presence are told on a connection, and not known without one. */
function connection(state: State, connection: State["connection"], atMs: number): State {
  if (connection === "open") return { ...state, connection, connectingSince: null };
  return { ...state, connection, connectingSince: state.connectingSince ?? atMs, typing: {}, presence: {} };
}

function learnConversations(state: State, conversations: readonly Conversation[]): State {
  return {
    ...state,
    people: learnPeople(
      state.people,
      conversations.flatMap(({ participants }) => participants.map(({ user }) => user)),
    ),
    conversations: withConversations(state.conversations, conversations),
  };
}

function learnPeople(known: Record<string, User>, people: readonly User[]): Record<string, User> {
  if (people.length === 0) return known;
  const next = { ...known };
  for (const user of people) next[user.id] = user;
  return next;
}

function onList(state: State, name: ListName, change: (list: List) => List): State {
  return { ...state, [name]: change(state[name]) };
}
