// Who is here: begins with what this device kept of the last visit, then asks the server; signs in and out.
import type { Me } from "../../protocol/models.ts";
import type { PublicConfig } from "../../protocol/rest.ts";
import { asFailure, Failure } from "../state/failure.ts";
import { meId } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import type { Outbox } from "./outbox.ts";
import type { Rest } from "./rest.ts";
import { keepSaving } from "./saving.ts";
import type { Storage } from "./storage.ts";
import type { News, Tabs, TabsOptions } from "./tabs.ts";

export interface AccountsOptions {
  store: Store;
  rest: Rest;
  storage: Storage;
  outbox: Outbox;
  takeSignInCode(): string | null;
  openTabs(ownerId: string, options: TabsOptions): Tabs;
  /** Conversations whose messages this device kept. */
  onKept(conversationIds: readonly string[]): void;
  /** Somebody is here, and what this device kept of them is shown. */
  onEnter(): void;
  onLeave(): void;
}

export function createAccounts({ store, rest, storage, outbox, ...on }: AccountsOptions) {
  const state = () => store.state.peek();
  let tabs: Tabs | null = null;
  let stopSaving = () => {};
  /** Whose kept data is loaded. */
  let loadedId: string | null = null;

  async function start(): Promise<void> {
    store.apply({ type: "starting" });
    const code = on.takeSignInCode();
    const saved = code === null ? await storage.loadAccount() : null;
    const asked = ask(code);
    // What is known is shown before the server has answered; offline it is all there is.
    if (saved) await enter(saved.config, saved.me);
    try {
      const { config, me, isLinkSpent } = await asked;
      if (me) await enter(config, me);
      else await leave({ config, isLinkSpent });
    } catch (thrown) {
      if (!saved) store.apply({ type: "startFailed", failure: asFailure(thrown) });
    }
  }

  async function ask(code: string | null): Promise<{ config: PublicConfig; me: Me | null; isLinkSpent: boolean }> {
    // A link that is spent must not keep out somebody who is signed in already.
    const isLinkSpent = code !== null && !await rest.signInByLink(code).then(() => true, falseIfRefused);
    const config = await rest.config();
    // Not asked in vain: the browser would write the refusal into its console as an error.
    const me = config.signedIn ? await rest.me().then((answer) => answer.me, nullIfUnauthenticated) : null;
    return { config, me, isLinkSpent };
  }

  /** Somebody is here: maybe another person than before. */
  async function enter(config: PublicConfig, me: Me): Promise<void> {
    const isNews = loadedId !== me.id || state().account.status !== "in";
    if (loadedId !== me.id) await load(config, me);
    else store.apply({ type: "signedIn", config, me });
    if (loadedId !== me.id) return;
    storage.saveAccount(config, me);
    if (isNews) on.onEnter();
  }

  async function load(config: PublicConfig, me: Me): Promise<void> {
    close();
    loadedId = me.id;
    // The conversation that is open is part of the first picture.
    const { conversationId } = state().route;
    const [kept, held] = await Promise.all([
      storage.load(me.id),
      conversationId === null ? null : storage.loadThread(conversationId),
    ]);
    if (loadedId !== me.id) return;
    store.apply({ type: "signedIn", config, me });
    store.apply({ type: "kept", kept });
    if (held) store.apply({ type: "keptThread", held });
    // The other tabs may not hear of what arrived: they were away, or do not hold the conversation.
    const onSettled = (clientId: string) => tabs?.isSender && tabs.tell({ type: "discarded", clientId });
    stopSaving = keepSaving(store, storage, onSettled);
    tabs = on.openTabs(me.id, { onNews, onSender: () => void outbox.takeOver() });
    outbox.shareWith(tabs);
    on.onKept(kept.threadIds);
  }

  function close(): void {
    stopSaving();
    stopSaving = () => {};
    outbox.shareWith(null);
    tabs?.close();
    tabs = null;
    loadedId = null;
    on.onLeave();
  }

  function onNews(news: News): void {
    if (news.type === "draft") store.apply(news);
    else if (news.type === "signedOut") leave({ byChoice: true });
    else outbox.hear(news);
  }

  interface Leaving {
    config?: PublicConfig;
    /** By choice nothing stays; a session that ran out must not cost the person what they had written. */
    byChoice?: boolean;
    isLinkSpent?: boolean;
  }

  async function leave({ config: given, byChoice = false, isLinkSpent = false }: Leaving): Promise<void> {
    close();
    const { account } = state();
    // needsOwner and signup may have changed since the page was opened.
    const config = given ?? await rest.config().catch(() => "config" in account ? account.config : null);
    if (config) store.apply({ type: "signedOut", config, byChoice, isLinkSpent });
    else store.apply({ type: "startFailed", failure: new Failure("offline") });
    if (byChoice) await storage.clear();
    else storage.forgetAccount();
  }

  function onFailure(failure: Failure): void {
    if (failure.code === "unauthenticated" && loadedId !== null) leave({});
  }

  /** Throws where the session is this person's no more: another tab may have signed somebody else in. */
  async function verify(): Promise<void> {
    const { account, ownerId } = state();
    if (account.status !== "in") return;
    const { me } = await rest.me();
    if (me.id === ownerId) return;
    await enter(account.config, me);
    throw new Failure("offline");
  }

  /** @param answer to a sign-in or a sign-up */
  async function signedIn(answer: Promise<{ me: Me }>): Promise<void> {
    const { me } = await answer;
    await enter({ ...await rest.config(), needsOwner: false }, me);
  }

  return {
    start,
    signedIn,
    async signOut() {
      await rest.ask("DELETE", "/api/sessions/current");
      tabs?.tell({ type: "signedOut" });
      await leave({ byChoice: true });
    },
    verify,
    /** The connection was refused, or is another person's: the session may have ended. */
    check: (): Promise<void> => verify().catch((thrown) => onFailure(asFailure(thrown))),
    async learnMe(answer: Promise<{ me: Me }>): Promise<void> {
      const { me } = await answer;
      const { account } = state();
      if (account.status !== "in" || meId(state()) !== me.id) return;
      store.apply({ type: "me", me });
      storage.saveAccount(account.config, me);
    },
    onFailure,
    isSender: () => tabs?.isSender ?? true,
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
