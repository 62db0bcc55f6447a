// Begins the page: ties state, network, address bar and views together.
import { effect, signal } from "@preact/signals";
import { render } from "preact";
import { createI18n, type I18n } from "./i18n/i18n.ts";
import { languageOf } from "./i18n/languages.ts";
import { createController } from "./net/controller.ts";
import { createRest } from "./net/rest.ts";
import { createNavigation, takeCode } from "./navigation.ts";
import { unreadTotal } from "./state/conversations.ts";
import { parseRoute } from "./state/route.ts";
import { createStore } from "./state/store.ts";
import { App } from "./views/App.tsx";
import { Context } from "./views/context.ts";

const CLOCK_TICK_MS = 30_000;

const store = createStore(parseRoute(location.pathname), Date.now());
const i18n = signal<I18n | null>(null);
const socketUrl = new URL("/api/messages/socket", location.href);
socketUrl.protocol = socketUrl.protocol.replace("http", "ws");

const controller = createController({
  store,
  rest: createRest(),
  socketUrl: socketUrl.href,
  navigation: createNavigation(),
  takeSignInCode: () => takeCode("sign-in"),
});

function Root() {
  return i18n.value && (
    <Context.Provider value={{ store, actions: controller, i18n: i18n.value }}>
      <App />
    </Context.Provider>
  );
}

async function speak(segment: string): Promise<void> {
  const language = languageOf(segment);
  if (i18n.peek()?.tag === language.tag) return;
  const words = await language.load();
  // A slow catalogue must not win over one that was chosen later.
  if (languageOf(store.route.peek().lang) !== language) return;
  Object.assign(document.documentElement, { lang: language.tag, dir: language.dir });
  i18n.value = createI18n({ language, words, preferred: navigator.languages });
}

effect(() => {
  speak(store.route.value.lang);
});

effect(() => {
  if (!i18n.value) return;
  const { t, number } = i18n.value;
  const title = `${t("nav.messages")} · ${t("app.name")}`;
  const isIn = store.account.value.status === "in";
  const unread = isIn ? unreadTotal(store.conversations.value, new Date(store.now.value).toISOString()) : 0;
  document.title = unread > 0 ? t("title.unread", { n: number(unread), title }) : title;
});

function readFragment(): void {
  const invite = takeCode("invite");
  if (invite !== null) store.apply({ type: "invited", code: invite });
}

addEventListener("popstate", () => controller.moved(location.pathname));
addEventListener("hashchange", () => {
  readFragment();
  // A sign-in link pasted into an open page loads nothing by itself.
  if (location.hash.startsWith("#sign-in=")) controller.start();
});
addEventListener("online", () => controller.network(true));
addEventListener("offline", () => controller.network(false));
document.addEventListener("visibilitychange", () => {
  store.tick(Date.now());
  if (document.visibilityState === "visible") controller.wake();
});
setInterval(() => store.tick(Date.now()), CLOCK_TICK_MS);

readFragment();
controller.start();
const root = document.getElementById("app")!;
root.replaceChildren();
render(<Root />, root);
