// The page's service worker: it keeps the page for offline use, and says when a newer version waits.

export interface UpdatesOptions {
  /** A newer version is here, and waits to be let in. */
  onReady(): void;
  /** A notification was pressed: its conversation is to be opened here. */
  onOpen(path: string): void;
}

export interface Updates {
  /** Lets the newer version in and reloads into it. Other tabs stay as they are: they are told by `onReady`. */
  apply(): void;
  /** Asks whether there is a newer version, at most now and then: a page may stay open for weeks. */
  check(): void;
  /** This language, by its segment of the address, is wanted offline too. */
  keepLanguage(segment: string): void;
}

const WORKER = "/sw.js";
const CHECK_EVERY_MS = 3_600_000;

/** @param workers `navigator.serviceWorker`; undefined on plain http */
export function createUpdates(workers: ServiceWorkerContainer | undefined, options: UpdatesOptions): Updates {
  let checkedAt = Date.now();
  let isApplying = false;
  let isControlled = Boolean(workers?.controller);
  const reload = () => location.reload();

  async function register(workers: ServiceWorkerContainer): Promise<ServiceWorkerRegistration | null> {
    const known = await workers.getRegistration("/");
    const script = known && (known.active ?? known.waiting ?? known.installing)?.scriptURL;
    // The site around us has a worker of its own: one address can have one only, and theirs was first.
    if (script && new URL(script).pathname !== WORKER) return null;
    return await workers.register(WORKER, { updateViaCache: "none" });
  }

  function follow(registration: ServiceWorkerRegistration): void {
    const onWaiting = () => {
      if (registration.waiting && registration.active) options.onReady();
    };
    onWaiting();
    registration.addEventListener("updatefound", () => {
      registration.installing?.addEventListener("statechange", onWaiting);
    });
  }

  const registered = workers ? register(workers).catch(() => null) : Promise.resolve(null);
  registered.then((registration) => registration && follow(registration));
  workers?.addEventListener("controllerchange", () => {
    if (isApplying) return reload();
    // The first worker takes over a page that came without one: the same version.
    if (isControlled) options.onReady();
    isControlled = true;
  });
  workers?.addEventListener("message", ({ data }: MessageEvent<{ type: string; path: string }>) => {
    if (data.type === "open") options.onOpen(data.path);
  });

  return {
    async apply() {
      isApplying = true;
      const waiting = (await registered)?.waiting;
      if (waiting) waiting.postMessage({ type: "activate" });
      else reload();
    },
    async check() {
      if (Date.now() - checkedAt < CHECK_EVERY_MS) return;
      checkedAt = Date.now();
      // Offline it fails, and is asked again an hour later.
      await (await registered)?.update().catch(() => {});
    },
    async keepLanguage(segment) {
      if (await registered) (await workers!.ready).active?.postMessage({ type: "language", segment });
    },
  };
}
