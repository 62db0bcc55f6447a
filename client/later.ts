// What the page has no need of until it is there: its service worker, and its voice while it is out of sight.
import { effect } from "@preact/signals";
import type { Controller } from "./net/controller.ts";
import { type NotifierOptions, startNotifier } from "./net/notify.ts";
import { createUpdates, type Updates } from "./net/updates.ts";
import { conversationPath } from "./state/route.ts";
import type { Store } from "./state/store.ts";

export interface LaterOptions {
  store: Store;
  controller: Controller;
  words: NotifierOptions["words"];
}

export function startLater({ store, controller, words }: LaterOptions): Updates {
  const onOpen = (path: string) => controller.go(path);
  // Only a built page has a worker: in development the files change under its hands.
  const isBuilt = new URL(import.meta.url).pathname.startsWith("/assets/");
  const updates = createUpdates(isBuilt ? navigator.serviceWorker : undefined, {
    onReady: () => store.apply({ type: "updateReady" }),
    onOpen,
  });
  startNotifier({
    store,
    isSpeaker: controller.isSender,
    words,
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
