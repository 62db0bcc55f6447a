// Begins the page: ties state, network, storage, address bar and views together.
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { render } from "preact";
import { createI18n, type I18n } from "./i18n/i18n.ts";
import { languageOf } from "./i18n/languages.ts";
import { createController } from "./net/controller.ts";
import { createNotifications } from "./net/notifications.ts";
import { createRest } from "./net/rest.ts";
import { openStorage } from "./net/storage.ts";
import type { Updates } from "./net/updates.ts";
import { createNavigation, takeCode } from "./navigation.ts";
import { forgetReload, isOutdated, reloadOnce } from "./outdated.ts";
import { parseRoute } from "./state/route.ts";
import { loadSettings, parseSettings, SETTINGS_KEY } from "./state/settings.ts";
import { createStore } from "./state/store.ts";
import { App } from "./views/App.tsx";
import { Context } from "./views/context.ts";

const CLOCK_TICK_MS = 30_000;
const LATER_MS = 2_000;

const address = () => location.pathname + location.search;
const store = createStore(parseRoute(address()), Date.now());
store.apply({ type: "settings", settings: loadSettings() });
const i18n = signal<I18n | null>(null);
const socketUrl = new URL("/api/messages/socket", location.href);
socketUrl.protocol = socketUrl.protocol.replace("http", "ws");

let updates: Updates | null = null;
const controller = createController({
  store,
  rest: createRest(),
  storage: openStorage(),
  socketUrl: socketUrl.href,
  navigation: createNavigation(),
  takeSignInCode: () => takeCode("sign-in"),
  notifications: createNotifications(),
  applyUpdate: () => updates?.apply(),
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
  try {
    const spoken = createI18n({ language, ...await language.load(), preferred: navigator.languages });
    // A screen may be shown that is none of the first.
    if (i18n.peek()) await spoken.complete();
    // A slow catalogue must not win over one that was chosen later.
    if (languageOf(store.route.peek().lang) !== language) return;
    Object.assign(document.documentElement, { lang: language.tag, dir: language.dir });
    i18n.value = spoken;
  } catch {
    return await missing();
  }
  forgetReload();
}

/** A file of the page did not come: a new version has taken its place, or the network failed. */
async function missing(): Promise<void> {
  if (i18n.peek() === null || await isOutdated()) reloadOnce();
}

effect(() => {
  speak(store.route.value.lang);
});

/** After the page is loaded: what people came for goes before what is kept for the next time. */
function startTheRest(): void {
  setTimeout(async () => {
    try {
      const [{ startLater }] = await Promise.all([import("./later.ts"), i18n.peek()?.complete()]);
      updates = startLater({ store, controller, i18n: i18n as ReadonlySignal<I18n> });
    } catch {
      // The network was gone meanwhile: once more when it is back.
      addEventListener("online", startTheRest, { once: true });
    }
  }, LATER_MS);
}

function readFragment(): void {
  const invite = takeCode("invite");
  if (invite !== null) store.apply({ type: "invited", code: invite });
}

addEventListener("vite:preloadError", missing);
addEventListener("popstate", () => controller.moved(address()));
addEventListener("hashchange", () => {
  readFragment();
  // A sign-in link pasted into an open page loads nothing by itself.
  if (location.hash.startsWith("#sign-in=")) controller.start();
});
addEventListener("online", () => controller.network(true));
addEventListener("offline", () => controller.network(false));
addEventListener("storage", ({ key, newValue }) => {
  if (key === SETTINGS_KEY) store.apply({ type: "settings", settings: parseSettings(newValue) });
});
document.addEventListener("visibilitychange", () => {
  const isVisible = document.visibilityState === "visible";
  store.tick(Date.now());
  controller.visible(isVisible);
  if (isVisible) updates?.check();
});
if (document.readyState === "complete") startTheRest();
else addEventListener("load", startTheRest);
setInterval(() => store.tick(Date.now()), CLOCK_TICK_MS);

// The system's word for "no network" from the very beginning, not only from its next change on.
if (!navigator.onLine) store.apply({ type: "network", isOnline: false });
readFragment();
controller.start();
const root = document.getElementById("app")!;
root.replaceChildren();
render(<Root />, root);
