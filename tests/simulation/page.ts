// A page of a simulated browser: the real controller, state and net, with the world's clock, sockets, requests and storage.
import { effect } from "@preact/signals";
import { type Controller, createController } from "../../client/net/controller.ts";
// Loaded before anything begins: what a page asks for rarely comes at once, as from a cache.
import "../../client/net/rarely.ts";
import { createRest, type Rest } from "../../client/net/rest.ts";
import type { Storage } from "../../client/net/storage.ts";
import type { Tabs } from "../../client/net/tabs.ts";
import { parseRoute } from "../../client/state/route.ts";
import type { State } from "../../client/state/state.ts";
import { createStore, type Store } from "../../client/state/store.ts";
import { ERRORS } from "../../protocol/errors.ts";
import type { Event, Reply } from "../../protocol/frames.ts";
import type { Message } from "../../protocol/models.ts";
import { Audit, type Record } from "../model/audit.ts";
import { type Ledger, show } from "../model/ledger.ts";
import type { Browser } from "./browser.ts";
import { Link, type LinkEvents } from "./link.ts";
import { answer, type Answered, type Asked } from "./rest.ts";

/** A participant who was removed, or whose peer has left, is refused; nobody else ever is. */
const REFUSALS = new Set(["not_found", "recipient_left", "unauthenticated"]);
const ANSWER_TIMEOUT_MS = 20_000;

export interface PageOptions {
  browser: Browser;
  ledger: Ledger;
  record: Record;
  address?: string;
}

export class Page {
  readonly browser: Browser;
  readonly store: Store;
  readonly rest: Rest;
  readonly controller: Controller;
  link: Link | null = null;
  isAlive = true;
  readonly #id = crypto.randomUUID();
  readonly #ledger: Ledger;
  readonly #audit: Audit;
  #syncs = new Map<string, number>();
  #sends = new Map<string, string>();
  #reads = new Map<string, string>();
  #tabs: Tabs | null = null;
  #stopWatching: () => void;

  constructor({ browser, ledger, record, address = "/en/messages" }: PageOptions) {
    this.browser = browser;
    this.#ledger = ledger;
    this.#audit = new Audit(ledger, browser.userId, record);
    const { time } = browser.site;
    this.store = createStore(parseRoute(address), time.now);
    this.rest = createRest((path, init) => this.#request(String(path), init!));
    const events: LinkEvents = {
      opened: () => this.#opened(),
      sent: (command) => this.#sent(command),
      received: (...frame) => this.#received(...frame),
      report: (what) => ledger.report(what),
    };
    const keep = (link: Link) => this.link = link;
    class PageSocket extends Link {
      constructor() {
        super(browser, events);
        keep(this);
      }
    }
    this.controller = createController({
      store: this.store,
      rest: this.rest,
      storage: this.#storage(browser.device.open()),
      socketUrl: "wss://simulated",
      navigation: { push() {}, replace() {}, back: () => false, clearFragment() {} },
      takeSignInCode: () => null,
      clock: {
        now: () => time.now,
        random: () => time.random.fraction(),
        after: (ms, then) => {
          const timer = time.after(ms, () => this.isAlive && then());
          return () => void (timer.run = null);
        },
      },
      openTabs: (_ownerId, options) => this.#tabs = browser.openTab(options),
      saveSettings() {},
      WebSocket: PageSocket as unknown as typeof WebSocket,
    });
    this.#stopWatching = watchReads(this.store, (what) => ledger.report(`${browser.userId}: ${what}`));
    void this.controller.start();
  }

  get state(): State {
    return this.store.state.peek();
  }

  /** Ends as a crashed tab does: nothing is said, only what is kept stays. */
  crash(): void {
    this.isAlive = false;
    this.#stopWatching();
    this.link?.cut();
    this.#tabs?.close();
    if (this.link) this.link.onmessage = this.link.onclose = null;
  }

  say(conversationId: string, padding = ""): void {
    const sent = this.#ledger.send(this.browser.userId, conversationId);
    const body = sent.body + padding;
    sent.texts.add(body);
    sent.device = this.#id;
    this.#ledger.sent.delete(sent.clientId);
    this.#written = (clientId) => this.#ledger.sent.set(clientId, Object.assign(sent, { clientId, body }));
    this.controller.send(conversationId, body);
  }

  edit({ conversationId, seq, clientId }: Message): ReturnType<Controller["edit"]> {
    const body = this.#ledger.editOf({ clientId } as Message);
    return this.controller.edit(conversationId, seq, body);
  }

  remove({ conversationId, seq, clientId }: Message): ReturnType<Controller["remove"]> {
    this.#ledger.sent.get(clientId!)!.deleteAsked = true;
    return this.controller.remove(conversationId, seq);
  }

  #written: (clientId: string) => void = () => {};

  /** Only what the person has just written is new to the ledger; a page that is gone keeps nothing. */
  #storage(storage: Storage): Storage {
    return new Proxy(storage, {
      get: (_, name: keyof Storage) => (...args: never[]) => {
        if (!this.isAlive) return new Promise(() => {});
        if (name === "putPending") {
          const [pending] = args as unknown as Parameters<Storage["putPending"]>;
          if (!this.#ledger.sent.has(pending.clientId)) this.#written(pending.clientId);
          this.#written = () => {};
        }
        return (storage[name] as (...args: never[]) => unknown)(...args);
      },
    });
  }

  #opened(): void {
    this.#audit.opened();
    this.#syncs.clear();
    this.#sends.clear();
    this.#reads.clear();
  }

  #sent(command: { ref: string; command: string; clientId?: string; conversationId?: string }): void {
    if (command.command === "message:read") this.#reads.set(command.ref, command.conversationId!);
    if (command.command === "sync") this.#syncs.set(command.ref, this.#ledger.tick());
    if (command.command === "message:send") this.#sends.set(command.ref, command.clientId!);
  }

  #received(items: (Event | Reply)[], raw: string, hasLost: boolean): void {
    this.#audit.frame(raw);
    for (const item of items) {
      if ("event" in item) this.#audit.event(item, hasLost);
      else this.#replied(item);
    }
  }

  #replied(reply: Reply): void {
    const ref = reply.ref!;
    if ("error" in reply) {
      const { code, retryable } = reply.error;
      const clientId = this.#sends.get(ref);
      if (clientId !== undefined && !retryable) this.#refused(clientId, code);
      if (code === "internal" || code === "invalid") this.#ledger.report(`answered ${show(reply)}`);
      return;
    }
    const askedAt = this.#syncs.get(ref);
    // deno-lint-ignore no-explicit-any -- each command has its own result
    const ok = reply.ok as any;
    if (askedAt !== undefined) return this.#audit.sync(ok, askedAt);
    const readIn = this.#reads.get(ref);
    if (readIn !== undefined) this.#hasRead(readIn, ok.lastReadSeq);
    if (ok.message) this.#done(ok.message);
  }

  /** [P1] What was said to be read is read, for ever. */
  #hasRead(conversationId: string, lastReadSeq: number): void {
    const { rows } = this.browser.site;
    const stored = rows.conversations.get(conversationId)!.participants.get(this.browser.userId)!;
    if (stored.lastReadSeq < lastReadSeq) this.#ledger.report(`[P1] ${conversationId}: ${lastReadSeq} was not kept`);
  }

  #done(message: Message): void {
    this.#ledger.acknowledge(message);
    this.#audit.message(message, "reply");
  }

  #refused(clientId: string, code: string): void {
    const sent = this.#ledger.sent.get(clientId);
    if (!sent || !REFUSALS.has(code)) this.#ledger.report(`send of ${clientId}: ${code}`);
    if (sent && code !== "unauthenticated") sent.isRefused = true;
  }

  async #request(path: string, init: RequestInit): Promise<Response> {
    const { site } = this.browser;
    const { time } = site;
    const { random } = time;
    const { restLosses, restDoubles } = site.weather;
    const cookie = this.browser.cookie;
    const asked: Asked = { method: init.method!, path, body: init.body ? JSON.parse(String(init.body)) : null };
    const askedAt = this.#ledger.tick();
    await time.sleep(site.delay());
    if (this.browser.isCut || random.fraction() < restLosses) return await lost(time.sleep(random.between(5, 500)));
    const local = this.#account(asked);
    if (local) return this.#answered(asked, await time.sleep(site.delay()).then(() => local), askedAt);
    const { server } = site;
    if (!server?.isAlive) return await lost(time.sleep(site.delay()));
    const ask = () => answer(server, site.sessions.principal(cookie), asked, (what) => this.#ledger.report(what));
    // What stands between may send a request twice.
    if (asked.method !== "GET" && random.fraction() < restDoubles) {
      time.after(site.delay() * 10, () => server.isAlive && void ask());
    }
    const answered = await Promise.race([ask(), time.sleep(ANSWER_TIMEOUT_MS)]);
    await time.sleep(site.delay());
    const isLost = !answered || !server.isAlive || this.browser.isCut || random.fraction() < restLosses;
    return isLost ? await lost(time.sleep(site.delay())) : this.#answered(asked, answered, askedAt);
  }

  async #answered(asked: Asked, { status, body }: Answered, askedAt: number): Promise<Response> {
    if (!this.isAlive) return await new Promise(() => {});
    // deno-lint-ignore no-explicit-any -- each route has its own answer
    const answer: any = JSON.parse(JSON.stringify(body));
    if (status === 200) {
      if (answer.message) this.#done(answer.message);
      const messages = answer.page?.messages ?? (asked.method === "GET" ? answer.messages : undefined);
      if (messages) this.#audit.fetched(messages, askedAt);
    } else if (
      asked.method === "POST" && asked.path.endsWith("/messages") && !ERRORS[answer.code as "internal"].retryable
    ) {
      this.#refused(asked.body.clientId, answer.code);
    }
    const headers = { get: (name: string) => name === "content-type" ? "application/json" : null };
    return { ok: status === 200, status, headers, json: () => Promise.resolve(answer) } as unknown as Response;
  }

  /** Who one is: as server/auth answers it, with a password that is the person's id. */
  #account({ method, path, body }: Asked): Answered | null {
    const { site, userId } = this.browser;
    const me = (id: string) => ({
      ...site.rows.users.get(id)!,
      externalId: null,
      locale: null,
      role: "member",
      hidesPresence: false,
    });
    const principal = site.sessions.principal(this.browser.cookie);
    if (method === "GET" && path === "/api/config") {
      const config = { mode: "accounts", signup: "open", needsOwner: false, signInUrl: null, version: "0" };
      return { status: 200, body: { ...config, signedIn: principal !== null } };
    }
    if (method === "GET" && path === "/api/me") {
      return principal
        ? { status: 200, body: { me: me(principal.userId) } }
        : { status: 401, body: { code: "unauthenticated", retryable: false } };
    }
    if (method === "POST" && path === "/api/sessions") {
      this.browser.cookie = site.sessions.begin(body.username, site.weather.sessionMs);
      return { status: 200, body: { me: me(userId) } };
    }
    return null;
  }
}

async function lost(wait: Promise<void>): Promise<never> {
  await wait;
  throw new TypeError("no answer came");
}

/** [P1] What a page shows as read stays read, as long as it shows the conversation. */
function watchReads(store: Store, report: (what: string) => void): () => void {
  let last = store.state.peek();
  return effect(() => {
    const state = store.state.value;
    const before = last;
    last = state;
    if (state.conversations !== before.conversations) {
      for (const [id, { my }] of Object.entries(state.conversations)) {
        const was = before.conversations[id]?.my.lastReadSeq ?? 0;
        if (my.lastReadSeq < was) report(`[P1] shows ${id} read up to ${my.lastReadSeq} after ${was}`);
      }
    }
    if (state.positions === before.positions) return;
    for (const [id, people] of Object.entries(before.positions)) {
      for (const [userId, { lastReadSeq }] of Object.entries(people)) {
        const now = state.positions[id]?.[userId];
        if (now && now.lastReadSeq < lastReadSeq) report(`[P1] ${userId} in ${id} went back from ${lastReadSeq}`);
      }
    }
  });
}
