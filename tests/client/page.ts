// The page without its views: the real controller and state, against a real server over real sockets.
import { clearImmediate, setImmediate } from "node:timers";
import { effect } from "@preact/signals";
import { WebSocket as NodeWebSocket } from "ws";
import { type Controller, type ControllerOptions, createController } from "../../client/net/controller.ts";
import { createRest } from "../../client/net/rest.ts";
import { syncsDue } from "../../client/state/replica.ts";
import { parseRoute } from "../../client/state/route.ts";
import type { State } from "../../client/state/state.ts";
import { createStore, type Store } from "../../client/state/store.ts";
import type { Person, TestServer } from "../helpers/server.ts";
import { TestClock } from "./clock.ts";
import { MemoryDevice } from "./memory_storage.ts";

/** The pause between two pictures is not worth waiting for. */
const PICTURE_MS = 16;

class PageClock extends TestClock {
  override after(ms: number, then: () => void): () => void {
    if (ms > PICTURE_MS) return super.after(ms, then);
    const soon = setImmediate(then);
    return () => clearImmediate(soon);
  }
}

export interface PageOptions {
  device?: MemoryDevice;
  address?: string;
  /** Alone in its browser, when not given. */
  openTabs?: ControllerOptions["openTabs"];
}

export class TestPage {
  readonly store: Store;
  readonly controller: Controller;
  readonly device: MemoryDevice;
  /** Whose cookie the browser has. */
  person: Person;
  readonly clock = new PageClock(Date.now());
  /** Commands that went out over the socket, by name, with their fields. */
  readonly said: { command: string; [field: string]: unknown }[] = [];
  /** Paths that were asked for over HTTP. */
  readonly asked: string[] = [];
  /** True: no request and no connection comes through. */
  isCut = false;
  readonly #sockets: NodeWebSocket[] = [];

  constructor(server: TestServer, person: Person, options: PageOptions = {}) {
    const { device = new MemoryDevice(), address = "/en/messages" } = options;
    const { openTabs = () => ({ isSender: true, tell() {}, close() {} }) } = options;
    this.device = device;
    this.person = person;
    this.store = createStore(parseRoute(address), Date.now());
    const { said } = this;
    const sockets = this.#sockets;
    const nowhere = () => this.isCut ? "ws://127.0.0.1:1" : null;
    const headers = () => ({ origin: server.url, cookie: this.person.cookie! });
    class CookieSocket extends NodeWebSocket {
      constructor(url: string, protocols: string[]) {
        super(nowhere() ?? url, protocols, { headers: headers() });
        sockets.push(this);
        this.on("error", () => {});
      }
      override send(text: string): void {
        said.push(JSON.parse(text));
        super.send(text);
      }
    }
    this.controller = createController({
      store: this.store,
      storage: device.open(),
      rest: createRest(async (path, init) => {
        if (this.isCut) throw new TypeError("no network");
        this.asked.push(`${init?.method} ${path}`);
        const given = init?.headers as Record<string, string>;
        return await server.app.request(`http://localhost${path}`, {
          ...init,
          signal: null,
          headers: { ...given, origin: "http://localhost", cookie: this.person.cookie! },
        });
      }),
      socketUrl: `${server.url.replace("http", "ws")}/api/messages/socket`,
      navigation: { push() {}, replace() {}, back: () => false, clearFragment() {} },
      takeSignInCode: () => null,
      clock: this.clock,
      openTabs,
      saveSettings() {},
      WebSocket: CookieSocket as unknown as typeof WebSocket,
    });
  }

  get state(): State {
    return this.store.state.peek();
  }

  /** Until the state is so. */
  until(isSo: (state: State) => boolean): Promise<State> {
    return new Promise((resolve) => {
      const stop = effect(() => {
        const state = this.store.state.value;
        if (!isSo(state)) return;
        resolve(state);
        queueMicrotask(() => stop());
      });
    });
  }

  /** Signed in, connected, and current. */
  async open(): Promise<this> {
    this.controller.start();
    await this.until(isCurrent);
    return this;
  }

  go(address: string): void {
    this.controller.go(address);
  }

  /** The network goes; what is under way is lost. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.#sockets.splice(0)) socket.terminate();
    this.controller.network(false);
  }

  mend(): void {
    this.isCut = false;
    this.controller.network(true);
  }

  /** As a crash would: nothing is said, only what is kept stays. */
  close(): void {
    this.isCut = true;
    for (const socket of this.#sockets.splice(0)) socket.terminate();
    this.controller.network(false);
  }

  bodies(conversationId: string): (string | null)[] {
    return this.state.threads[conversationId]?.messages.map(({ body }) => body) ?? [];
  }
}

export function isCurrent({ connection, list, replica }: State): boolean {
  return connection === "open" && list.status === "ready" && !list.isKept && syncsDue(replica).length === 0;
}
