// Ties the network to the state: does what the views ask for, and applies what the server tells.
import { uuidv7 } from "../../protocol/uuid.ts";
import type { Actions, Notifications, Outcome } from "../state/actions.ts";
import { asFailure, Failure } from "../state/failure.ts";
import { listPath, parseRoute } from "../state/route.ts";
import { saveSettings as keepSettings, type Settings } from "../state/settings.ts";
import { meId } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { createAccounts } from "./accounts.ts";
import { type Clock, realClock } from "./clock.ts";
import { createHearing } from "./hearing.ts";
import { createLists } from "./lists.ts";
import { createOpening } from "./opening.ts";
import { Outbox } from "./outbox.ts";
import type { Rarely } from "./rarely.ts";
import { createReading } from "./reading.ts";
import type { Rest } from "./rest.ts";
import { Socket } from "./socket.ts";
import type { Storage } from "./storage.ts";
import { createSyncing } from "./syncing.ts";
import { createTabs, type Tabs, type TabsOptions } from "./tabs.ts";
import { createWatching } from "./watching.ts";

const SOCKET_PATIENCE_MS = 5_000;

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
  storage: Storage;
  socketUrl: string;
  navigation: Navigation;
  /** The code of a sign-in link that the page was opened with: given once. */
  takeSignInCode(): string | null;
  notifications?: Notifications | null;
  /** Reloads into the version that waits. */
  applyUpdate?(): void;
  clock?: Clock;
  openTabs?(ownerId: string, options: TabsOptions): Tabs;
  saveSettings?(settings: Settings): void;
  WebSocket?: typeof WebSocket;
}

export type Controller = Actions & {
  /** The address has changed by the browser's own buttons; with its query. */
  moved(address: string): void;
  /** The person or the network is back. */
  wake(): void;
  network(isOnline: boolean): void;
  /** The page came into sight or left it. */
  visible(isVisible: boolean): void;
  /** Of a person's tabs on this device one sends, and makes itself heard. */
  isSender(): boolean;
};

export function createController(options: ControllerOptions): Controller {
  const { store, rest, storage, navigation, clock = realClock } = options;
  const { openTabs = createTabs, saveSettings = keepSettings } = options;
  const state = () => store.state.peek();
  let lastToastId = 0;

  const socket = new Socket({
    url: options.socketUrl,
    clock,
    onEvents: (events) => {
      if (events.some((event) => event.event === "welcome" && event.userId !== meId(state()))) return becomeOther();
      syncing.heard();
      hearing.heard(events);
      syncing.pump();
    },
    onState: (connection) => store.apply({ type: "connection", connection, atMs: clock.now() }),
    onRefused: () => accounts.check(),
    ...options.WebSocket ? { WebSocket: options.WebSocket } : {},
  });
  const onFailure = (failure: Failure) => accounts.onFailure(failure);
  const reading = createReading(store, socket, clock);
  const lists = createLists({ store, rest, onRows: reading.arrived, onFailure, onGone });
  const watching = createWatching(store, socket, clock);
  const hearing = createHearing({
    store,
    rest,
    refresh: lists.refresh,
    onArrived: reading.arrived,
    onWelcome: welcomed,
    onGone,
    onChanged: watching.changed,
  });
  const syncing = createSyncing({
    store,
    socket,
    rest,
    clock,
    onSynced: (answer, asked) => {
      if (answer.reset) return begin();
      hearing.took(answer.conversations.flatMap(({ messages }) => messages));
      reading.synced(answer);
      if (answer.list) lists.compare(asked, answer);
      for (const { conversationId, state } of answer.conversations) if (state === "gone") onGone(conversationId);
    },
    onFailure,
    onGone,
  });
  const opening = createOpening({ store, storage, rest, onHeld: syncing.retry, onKept: syncing.pump, onFailure });
  const outbox = new Outbox({
    store,
    clock,
    storage,
    deliver: async ({ conversationId, clientId, body }) => {
      const message = { conversationId, clientId, body };
      if (socket.isOpen) return (await socket.request("message:send", message)).message;
      // The socket knows whose it is; a request is whosever the cookie is.
      await accounts.verify();
      return (await rest.sendMessage(conversationId, { clientId, body })).message;
    },
    onUnauthenticated: () => onFailure(new Failure("unauthenticated")),
  });
  const accounts = createAccounts({
    store,
    rest,
    storage,
    takeSignInCode: options.takeSignInCode,
    openTabs,
    outbox,
    onKept: opening.takeLatest,
    onEnter: () => {
      socket.start();
      begin();
      // The socket sends at its welcome; where none comes through, a request does.
      clock.after(SOCKET_PATIENCE_MS, () => outbox.flush());
    },
    onLeave: () => {
      socket.stop();
      syncing.stop();
      reading.forget();
      watching.forget();
    },
  });
  /** The list was read since the last connection began: then its first sync tells what came between. */
  let isFresh = false;

  /** Asks for all that the page shows, whether it shows something already or not. */
  function begin(): void {
    isFresh = true;
    lists.load();
    openRoute();
  }

  function welcomed(): void {
    syncing.welcome();
    if (!isFresh || (state().list.status !== "ready" && !lists.isLoading())) lists.load();
    isFresh = false;
    openRoute();
    watching.welcome();
    outbox.flush();
    reading.welcome();
  }

  /** The cookie is another person's by now: nothing of theirs may come here, nothing from here may go out as theirs. */
  async function becomeOther(): Promise<void> {
    socket.stop();
    await accounts.check();
    if (state().account.status === "in") socket.start();
  }

  async function answer<Result>(work: () => Promise<Result>): Promise<Result | Failure> {
    try {
      return await work();
    } catch (thrown) {
      const failure = asFailure(thrown);
      onFailure(failure);
      return failure;
    }
  }

  async function attempt(work: () => Promise<unknown>): Outcome {
    const result = await answer(work);
    return result instanceof Failure ? result : null;
  }

  // ── where we are

  function onGone(conversationId: string): void {
    store.apply({ type: "left", conversationId });
    storage.removeConversation(conversationId);
    if (state().route.conversationId === conversationId) go(listPath(state().route.lang), { replace: true });
  }

  function moved(address: string): void {
    const before = state().route.conversationId;
    store.apply({ type: "route", route: parseRoute(address) });
    if (state().route.conversationId === before) return;
    watching.moved();
    openRoute();
  }

  function openRoute(): void {
    const { route, account, threads } = state();
    const id = route.conversationId;
    if (account.status !== "in" || id === null) return;
    // What was refused for good is not asked for again by itself.
    const { failure = null } = threads[id] ?? {};
    if (failure === null || failure.retryable) opening.open(id);
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

  // deno-lint-ignore no-explicit-any -- each has its own fields and answer, which the two below keep
  async function askRarely(name: keyof Rarely, fields: any[]): Promise<any> {
    const loaded = await import("./rarely.ts").catch(() => null);
    if (loaded === null) throw new Failure("offline");
    const { createRarely } = loaded;
    const all = createRarely({ store, socket, rest, clock, refresh: lists.refresh, ...accounts, go, onGone });
    // deno-lint-ignore no-explicit-any -- as above
    return await (all[name] as any)(...fields);
  }

  const rarely = <Name extends keyof Rarely>(name: Name) => (...fields: Parameters<Rarely[Name]>): Outcome =>
    attempt(() => askRarely(name, fields));
  const rarelyAsked = <Name extends keyof Rarely>(name: Name) => (...fields: Parameters<Rarely[Name]>) =>
    answer<Awaited<ReturnType<Rarely[Name]>>>(() => askRarely(name, fields));

  /** Where it is refused, a word says why something is as it was again. */
  const change = <Name extends keyof Rarely>(name: Name) => {
    const attempted = rarely(name);
    return async (...fields: Parameters<Rarely[Name]>): Outcome => {
      const failure = await attempted(...fields);
      if (failure) sayRefused(failure);
      return failure;
    };
  };
  const signUp = rarely("signUp");
  const markUnread = change("markUnread");

  const toast: Actions["toast"] = (text, { kind = "info", action = null } = {}) =>
    store.apply({ type: "toast", toast: { id: ++lastToastId, text, kind, action } });

  function sayRefused(failure: Failure): void {
    if (failure.code !== "unauthenticated") toast(`failure.${failure.code}`, { kind: "error" });
  }

  return {
    start: accounts.start,
    signIn: rarely("signIn"),
    signUp: async (form) => {
      const failure = await signUp(form);
      if (!failure) navigation.clearFragment();
      return failure;
    },
    signOut: () => attempt(accounts.signOut),
    go,
    backToList,
    moved,
    wake,
    network: (isOnline) => {
      store.apply({ type: "network", isOnline });
      if (isOnline) wake();
      else socket.lose();
    },
    visible: (isVisible) => {
      watching.visible(isVisible);
      if (isVisible) wake();
    },
    isSender: accounts.isSender,

    loadList: () => lists.load(),
    loadMoreConversations: () => lists.loadMore(),
    openArchived: () => lists.load("archived"),
    loadMoreArchived: () => lists.loadMore("archived"),
    loadThread: opening.open,
    loadOlder: opening.loadOlder,

    send: (conversationId, body) => {
      const nowMs = clock.now();
      const createdAt = new Date(nowMs).toISOString();
      watching.sent(conversationId);
      outbox.add({ clientId: uuidv7(nowMs), conversationId, body, createdAt, failed: null });
    },
    retry: (clientId) => outbox.retry(clientId),
    discard: (clientId) => outbox.discard(clientId),
    saveDraft: (conversationId, body) => {
      store.apply({ type: "draft", conversationId, body });
      storage.saveDraft(conversationId, body);
    },
    markRead: reading.markRead,
    setTyping: watching.setTyping,
    watch: watching.watch,
    edit: change("edit"),
    remove: change("remove"),
    setArchived: change("setArchived"),
    setMuted: change("setMuted"),
    markUnread: (id) => {
      // Who keeps looking at it would read it again at once.
      if (state().route.conversationId === id) go(listPath(state().route.lang), { replace: true });
      return markUnread(id);
    },

    leave: rarely("leave"),
    rename: rarely("rename"),
    setColour: rarely("setColour"),
    addPeople: rarely("addPeople"),
    removePerson: rarely("removePerson"),
    setRole: rarely("setRole"),
    loadParticipants: rarelyAsked("loadParticipants"),

    searchPeople: rarelyAsked("searchPeople"),
    searchConversations: rarelyAsked("searchConversations"),
    startDirect: rarely("startDirect"),
    startGroup: rarely("startGroup"),
    startFromLink: rarely("startFromLink"),

    updateProfile: rarely("updateProfile"),
    setHidesPresence: rarely("setHidesPresence"),
    changePassword: rarely("changePassword"),
    loadSessions: rarelyAsked("loadSessions"),
    endSession: rarely("endSession"),
    endOtherSessions: rarely("endOtherSessions"),
    createInvite: rarelyAsked("createInvite"),

    changeSettings: (settings) => {
      store.apply({ type: "settings", settings });
      saveSettings(state().settings);
    },
    suggestNotifications: options.notifications ?? null,
    toast,
    dismissToast: (id) => store.apply({ type: "toastGone", id }),
    applyUpdate: () => options.applyUpdate?.(),
  };
}
