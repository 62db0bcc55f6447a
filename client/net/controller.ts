// Ties the network to the state: does what the views ask for, and applies what the server tells.
import type { Event } from "../../protocol/frames.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import type { Actions, Outcome } from "../state/actions.ts";
import { asFailure, Failure } from "../state/failure.ts";
import { conversationPath, listPath, parseRoute } from "../state/route.ts";
import { meId } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { isBehind } from "../state/thread.ts";
import { type Clock, realClock } from "./clock.ts";
import { Outbox } from "./outbox.ts";
import { createReading } from "./reading.ts";
import type { Rest } from "./rest.ts";
import { Socket } from "./socket.ts";
import { createThreads } from "./threads.ts";

/** The browser's address bar and history, as far as the page needs them. */
export interface Navigation {
  push(path: string): void;
  replace(path: string): void;
  /** False: there is no step of ours to go back to. */
  back(): boolean;
  /** The fragment held a code: used up, it has no business in the address bar. */
  clearFragment(): void;
}

export interface ControllerOptions {
  store: Store;
  rest: Rest;
  socketUrl: string;
  navigation: Navigation;
  /** The code of a sign-in link that the page was opened with: given once. */
  takeSignInCode(): string | null;
  clock?: Clock;
  WebSocket?: typeof WebSocket;
}

export type Controller = Actions & {
  /** The address has changed by the browser's own buttons. */
  moved(path: string): void;
  /** The person or the network is back. */
  wake(): void;
  network(isOnline: boolean): void;
};

export function createController(options: ControllerOptions): Controller {
  const { store, rest, navigation, clock = realClock } = options;
  const state = () => store.state.peek();

  const socket = new Socket({
    url: options.socketUrl,
    clock,
    onEvent,
    onState: (connection) => store.apply({ type: "connection", connection }),
    onRefused: checkSession,
    ...options.WebSocket ? { WebSocket: options.WebSocket } : {},
  });
  const threads = createThreads({ store, rest, onFailure, onGone });
  const reading = createReading(store, socket);
  const outbox = new Outbox({
    store,
    clock,
    deliver: async ({ conversationId, clientId, body }) => {
      const sent = socket.isOpen
        ? socket.request("message:send", { conversationId, clientId, body })
        : rest.sendMessage(conversationId, { clientId, body });
      return (await sent).message;
    },
    onUnauthenticated: () => onFailure(new Failure("unauthenticated")),
  });

  // ── who is here

  async function start(): Promise<void> {
    store.apply({ type: "starting" });
    const code = options.takeSignInCode();
    try {
      // A link that is spent must not keep out somebody who is signed in already.
      const isLinkSpent = code !== null && !await rest.signInByLink(code).then(() => true, falseIfRefused);
      const [config, answer] = await Promise.all([rest.config(), rest.me().catch(nullIfUnauthenticated)]);
      if (answer) enter(config, answer.me);
      else store.apply({ type: "signedOut", config, isLinkSpent });
    } catch (thrown) {
      store.apply({ type: "startFailed", failure: asFailure(thrown) });
    }
  }

  type Config = Awaited<ReturnType<Rest["config"]>>;
  type Me = Awaited<ReturnType<Rest["me"]>>["me"];

  function enter(config: Config, me: Me): void {
    // A sign-in link can make somebody else of the person who had this page open.
    if (state().ownerId !== me.id) {
      socket.stop();
      reading.forget();
    }
    store.apply({ type: "signedIn", config, me });
    socket.start();
    threads.loadList();
    openRoute();
    outbox.flush();
  }

  async function leave(byChoice: boolean): Promise<void> {
    socket.stop();
    reading.forget();
    const { account } = state();
    // needsOwner and signup may have changed since the page was opened.
    const fallback = "config" in account ? account.config : null;
    const config = await rest.config().catch(() => fallback);
    if (config) store.apply({ type: "signedOut", config, byChoice });
    else store.apply({ type: "startFailed", failure: new Failure("offline") });
  }

  function onFailure(failure: Failure): void {
    if (failure.code === "unauthenticated" && state().account.status === "in") leave(false);
  }

  async function checkSession(): Promise<void> {
    if (state().account.status !== "in") return;
    await rest.me().catch((thrown) => onFailure(asFailure(thrown)));
  }

  async function attempt(work: () => Promise<unknown>): Outcome {
    try {
      await work();
      return null;
    } catch (thrown) {
      const failure = asFailure(thrown);
      onFailure(failure);
      return failure;
    }
  }

  async function signedIn(answer: Promise<{ me: Me }>): Promise<void> {
    const { me } = await answer;
    enter({ ...await rest.config(), needsOwner: false }, me);
  }

  // ── what the server tells

  function onEvent(event: Event): void {
    switch (event.event) {
      case "welcome":
        store.apply({ type: "welcome", epoch: event.epoch });
        // What was said between the last fetch and this moment came by no event: ask.
        threads.loadList().then(openRoute);
        openRoute();
        outbox.flush();
        return reading.flush();
      case "message":
        store.apply({ type: "message", message: event.message });
        if (!state().conversations[event.message.conversationId]) threads.refresh(event.message.conversationId);
        return closeHole(event.message.conversationId);
      case "conversation":
        threads.refresh(event.conversationId).then(() => closeHole(event.conversationId));
        return;
      case "conversation:left":
        return onGone(event.conversationId);
      case "positions":
        for (const { userId, lastReadSeq } of event.positions) {
          store.apply({ type: "read", conversationId: event.conversationId, userId, lastReadSeq });
        }
    }
  }

  function closeHole(conversationId: string): void {
    const thread = state().threads[conversationId];
    if (thread && isBehind(thread) && state().route.conversationId === conversationId) threads.load(conversationId);
  }

  function onGone(conversationId: string): void {
    store.apply({ type: "left", conversationId });
    if (state().route.conversationId === conversationId) go(listPath(state().route.lang), { replace: true });
  }

  // ── where we are

  function moved(path: string): void {
    store.apply({ type: "route", route: parseRoute(path) });
    openRoute();
  }

  function openRoute(): void {
    const { route, account } = state();
    if (account.status === "in" && route.conversationId !== null) threads.load(route.conversationId);
  }

  function go(path: string, { replace = false } = {}): void {
    if (replace) navigation.replace(path);
    else navigation.push(path);
    moved(path);
  }

  function backToList(): void {
    if (!navigation.back()) go(listPath(state().route.lang), { replace: true });
  }

  function wake(): void {
    socket.wake();
    outbox.flush();
  }

  async function startWith(body: Parameters<Rest["create"]>[0]): Promise<void> {
    const { conversation } = await rest.create(body);
    store.apply({ type: "conversation", conversation });
    go(conversationPath(state().route.lang, conversation.id), { replace: true });
  }

  return {
    start,
    signIn: (form) => attempt(() => signedIn(rest.signIn(form))),
    signUp: (form) =>
      attempt(async () => {
        await signedIn(rest.signUp(form));
        navigation.clearFragment();
      }),
    signOut: () => attempt(() => rest.signOut().then(() => leave(true))),
    go,
    backToList,
    moved,
    wake,
    network: (isOnline) => {
      store.apply({ type: "network", isOnline });
      if (isOnline) wake();
      else socket.lose();
    },
    loadList: threads.loadList,
    loadMoreConversations: threads.loadMoreConversations,
    loadThread: threads.load,
    loadOlder: threads.loadOlder,
    send: (conversationId, body) => {
      const createdAt = new Date().toISOString();
      store.apply({ type: "queued", pending: { clientId: uuidv7(), conversationId, body, createdAt, failed: null } });
      outbox.flush();
    },
    retry: (clientId) => {
      store.apply({ type: "retried", clientId });
      outbox.flush();
    },
    discard: (clientId) => store.apply({ type: "discarded", clientId }),
    saveDraft: (conversationId, body) => store.apply({ type: "draft", conversationId, body }),
    markRead: reading.markRead,
    searchPeople: async (words) => {
      try {
        const { users } = await rest.searchUsers(words);
        return users.filter((user) => user.id !== meId(state()));
      } catch (thrown) {
        return asFailure(thrown);
      }
    },
    startDirect: (id) => attempt(() => startWith({ kind: "direct", to: { id } })),
    startGroup: (title, ids) =>
      attempt(() => startWith({ kind: "group", title, participants: ids.map((id) => ({ id })) })),
  };
}

function nullIfUnauthenticated(thrown: unknown): null {
  if (asFailure(thrown).code !== "unauthenticated") throw thrown;
  return null;
}

function falseIfRefused(thrown: unknown): false {
  if (asFailure(thrown).retryable) throw thrown;
  return false;
}
