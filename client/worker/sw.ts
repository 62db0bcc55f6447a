// The service worker: opens the page without a network, and never mixes one version's files with another's.

/** What vite.config.ts puts in the place of this name. */
declare const __BUILD__: {
  /** Changes with every file of the build. */
  version: string;
  /** The page's script: a page of the server's that does not name it is of another build. */
  entry: string;
  /** Kept from the beginning: everything but the languages, which the page of each names. */
  files: string[];
};

/** The part of the Service Worker API that is used here: its types do not go together with those of a page. */
interface Worker {
  addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
  addEventListener(type: "message", listener: (event: ExtendableEvent & MessageEvent<Told>) => void): void;
  addEventListener(type: "notificationclick", listener: (event: NotificationEvent) => void): void;
  skipWaiting(): Promise<void>;
  clients: {
    claim(): Promise<void>;
    matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<WindowClient[]>;
    openWindow(url: string): Promise<unknown>;
  };
}
interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface NotificationEvent extends ExtendableEvent {
  notification: Notification;
}
interface WindowClient {
  url: string;
  focus(): Promise<unknown>;
  postMessage(message: unknown): void;
}
/** What the page says (net/updates.ts). */
type Told = { type: "activate" } | { type: "language"; segment: string };

const worker = self as unknown as Worker;
const PREFIX = "chautari-";
/** Named once: each use would carry the whole list. */
const { version, entry, files } = __BUILD__;
const CACHE = PREFIX + version;
/** While tabs are open the files of so many earlier versions stay, for what those tabs have yet to load. */
const EARLIER_KEPT = 2;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("message", (event) => {
  event.waitUntil(event.data.type === "activate" ? worker.skipWaiting() : keepPage(event.data.segment));
});

worker.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate") {
    const segment = segmentOf(pathname);
    if (segment !== null) event.respondWith(page(segment, event.request));
    else if (pathname === "/") event.respondWith(beginning(event.request));
  } else if (pathname.startsWith("/assets/") || files.includes(pathname)) {
    event.respondWith(file(event.request));
  }
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.path));
});

async function install(): Promise<void> {
  const segments = new Set((await windows()).map(({ url }) => segmentOf(new URL(url).pathname)));
  for (const name of await versions()) {
    for (const path of await keptPages(await caches.open(name))) segments.add(segmentOf(path));
  }
  const cache = await caches.open(CACHE);
  await cache.addAll(files.map((path) => new Request(path, { cache: freshness(path) })));
  await Promise.all([...segments].map((segment) => segment !== null && keepPage(segment)));
}

/** Nobody is here: nothing of earlier versions is needed. */
async function activate(): Promise<void> {
  const earlier = (await versions()).filter((name) => name !== CACHE);
  const unneeded = (await windows()).length === 0 ? earlier : earlier.slice(0, -EARLIER_KEPT);
  await Promise.all(unneeded.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** The page in this language, with all that it names. Rejects when the server has another version: that one's worker keeps it. */
async function keepPage(segment: string): Promise<void> {
  const path = pagePath(segment);
  const answer = await fetch(path, { cache: "no-cache" });
  const html = await answer.clone().text();
  if (!answer.ok || answer.redirected || !html.includes(entry)) throw new Error(`Cannot keep ${path}`);
  const cache = await caches.open(CACHE);
  const named = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, asset]) => asset!);
  const kept = await Promise.all(named.map((asset) => cache.match(asset)));
  await cache.addAll(named.filter((_, index) => !kept[index]));
  // The one that was used last stands last: that is where `/` leads.
  await cache.delete(path);
  await cache.put(path, answer);
}

async function page(segment: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return await cache.match(pagePath(segment)) ?? await fetch(request).catch(async () => {
    const [other] = (await keptPages(cache)).slice(-1);
    return other ? await cache.match(other) ?? Response.error() : Response.error();
  });
}

/** The beginning of the site may be the host's own: it is the server's to answer, ours only without a network. */
async function beginning(request: Request): Promise<Response> {
  return await fetch(request).catch(async () => {
    const path = (await keptPages(await caches.open(CACHE))).at(-1);
    return path === undefined ? Response.error() : Response.redirect(path);
  });
}

/** A name in /assets means one content for ever, so it may come from any version's cache; what is not found is not kept. */
async function file(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request) ?? await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

/** Goes to the tab that was used last, or opens one. */
async function open(path: string): Promise<void> {
  const tab = (await windows()).find(({ url }) => segmentOf(new URL(url).pathname) !== null);
  if (!tab) return void await worker.clients.openWindow(path);
  await tab.focus();
  tab.postMessage({ type: "open", path });
}

function windows(): Promise<WindowClient[]> {
  return worker.clients.matchAll({ type: "window", includeUncontrolled: true });
}

/** The language's segment of a path of the page; null: the path is not the page's. */
function segmentOf(path: string): string | null {
  return /^\/([a-z-]+)\/messages(?:\/|$)/i.exec(path)?.[1] ?? null;
}

const pagePath = (segment: string) => `/${segment.toLowerCase()}/messages`;

/** Names in /assets carry the hash of their content; of others the browser may hold an older one. */
const freshness = (path: string): RequestCache => path.startsWith("/assets/") ? "default" : "no-cache";

/** Oldest first. */
async function versions(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** The paths of the pages in a cache, the one that was used last at the end. */
async function keptPages(cache: Cache): Promise<string[]> {
  const paths = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  return paths.filter((path) => segmentOf(path) !== null);
}
