// What the page has no need of until it is there: its service worker, and its voice while it is out of sight.
import { effect, type ReadonlySignal } from "@preact/signals";
import type { I18n } from "./i18n/i18n.ts";
import type { Controller } from "./net/controller.ts";
import { type Heard, startNotifier } from "./net/notify.ts";
import { createUpdates, type Updates } from "./net/updates.ts";
import { conversationPath } from "./state/route.ts";
import { meId, type State } from "./state/state.ts";
import type { Store } from "./state/store.ts";
import { conversationName, personName } from "./views/words.ts";

export interface LaterOptions {
  store: Store;
  controller: Controller;
  i18n: ReadonlySignal<I18n>;
}

export function startLater({ store, controller, i18n }: LaterOptions): Updates {
  const onOpen = (path: string) => controller.go(path);
  // So that what is rarely asked for needs no network for its code.
  import("./net/rarely.ts").catch(() => {});
  // Only a built page has a worker: in development the files change under its hands.
  const isBuilt = new URL(import.meta.url).pathname.startsWith("/assets/");
  const updates = createUpdates(isBuilt ? navigator.serviceWorker : undefined, {
    onReady: () => store.apply({ type: "updateReady" }),
    onOpen,
  });
  startNotifier({
    store,
    isSpeaker: controller.isSender,
    words: (heard) => wordsOf(heard, store.state.peek(), i18n.peek()),
    path: (id) => conversationPath(store.route.peek().lang, id),
    onOpen,
  });
  let kept = "";
  effect(() => {
    const { lang } = store.route.value;
    if (lang !== kept) updates.keepLanguage(kept = lang);
  });
  return updates;
}

function wordsOf({ conversation, message }: Heard, state: State, i18n: I18n) {
  const name = conversationName(conversation, meId(state), i18n);
  const sender = personName(message.senderId, state.people, meId(state), i18n);
  const title = conversation.kind === "group" ? `${sender} · ${name}` : name;
  return { title, body: message.body ?? "", lang: i18n.tag };
}
