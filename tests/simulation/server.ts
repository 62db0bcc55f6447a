// One life of a simulated server: the real rooms, connections and commands over a store on a wire, until it crashes.
import { CommandError } from "../../protocol/errors.ts";
import type { Principal } from "../../server/auth/principal.ts";
import type { Log } from "../../server/log.ts";
import { RateLimit } from "../../server/rate_limit.ts";
import { Connection, type Wire } from "../../server/realtime/connection.ts";
import { createDispatch } from "../../server/realtime/dispatch.ts";
import { Flusher } from "../../server/realtime/flusher.ts";
import { Hub } from "../../server/realtime/hub.ts";
import { Sync } from "../../server/realtime/sync.ts";
import { Watching } from "../../server/realtime/watching.ts";
import { Committer } from "../../server/room/committer.ts";
import { Conversations } from "../../server/room/conversations.ts";
import { Recovery } from "../../server/room/recovery.ts";
import { RoomRegistry } from "../../server/room/registry.ts";
import { Batch } from "../../server/room/subscriber.ts";
import { isUnavailable } from "../../server/store/errors.ts";
import type { Sessions } from "./auth.ts";
import { type Calls, overWire } from "./faults.ts";
import type { SimulatedStore } from "./store.ts";
import type { VirtualTime } from "./time.ts";

/** As server/realtime/socket.ts has it. */
const CHECK_EVERY_MS = 500;
const UNLIMITED = { count: 1e9, perMs: 60_000 };

export interface ServerOptions {
  time: VirtualTime;
  store: SimulatedStore;
  sessions: Sessions;
  epoch: string;
  calls: Pick<Calls, "faultOf" | "delay">;
  /** Told of what should never happen: an error that is not of the closed catalogue, nor of the store. */
  report(what: string): void;
  /** The process has ended: its sockets are cut. */
  onCrash(): void;
}

/** The server's end of a client's socket. */
export interface Accepted {
  receive(frame: string): void;
  /** The socket is gone. */
  ended(): void;
}

export class SimulatedServer {
  readonly store: SimulatedStore;
  readonly rooms: RoomRegistry;
  readonly conversations: Conversations;
  isAlive = true;
  readonly #options: ServerOptions;
  readonly #hub: Hub;
  readonly #flusher = new Flusher();
  readonly #watching: Watching;
  readonly #dispatch;
  readonly #checks: ReturnType<typeof setInterval>;

  constructor(options: ServerOptions) {
    this.#options = options;
    const { time, report, sessions } = options;
    const now = () => time.now;
    const onError = (what: string, error: unknown) => {
      const isExpected = isUnavailable(error) || error instanceof CommandError && error.code === "unavailable";
      if (!isExpected) report(`${what}: ${error instanceof Error ? error.stack : error}`);
    };
    const log = { error: (what: string, fields?: { error?: unknown }) => onError(what, fields?.error) } as Log;
    this.store = overWire(options.store, {
      ...options.calls,
      time,
      isAlive: () => this.isAlive,
      crash: () => this.crash(),
    });
    this.#hub = new Hub(this.#flusher, now);
    const committer = new Committer(this.store.messages);
    // A store of conversations that can be listed and made is all that these ask for.
    const store = this.store as SimulatedStore & ConstructorParameters<typeof Conversations>[0];
    this.rooms = new RoomRegistry({ store, committer, audience: this.#hub, recovery: new Recovery(), onError });
    this.conversations = new Conversations(store, this.rooms);
    this.#watching = new Watching({
      hub: this.#hub,
      rooms: this.rooms,
      store: this.store.presence,
      now,
      background: (work, what) => void work.catch((error) => onError(what, error)),
    });
    this.#dispatch = createDispatch({
      rooms: this.rooms,
      conversations: this.conversations,
      watching: this.#watching,
      sync: new Sync({
        rooms: this.rooms,
        conversations: this.store.conversations,
        hub: this.#hub,
        epoch: options.epoch,
      }),
      hub: this.#hub,
      auth: { renew: () => Promise.reject(new Error("nobody renews")) },
      limits: { person: new RateLimit({ ...UNLIMITED, now }), connection: new RateLimit({ ...UNLIMITED, now }) },
      windows: { editMs: null, deleteMs: null },
      now,
      log,
    });
    this.#checks = setInterval(() => {
      for (const connection of [...this.#hub.connections()]) connection.check();
    }, CHECK_EVERY_MS);
    // Word of it comes from the store, and a moment later.
    sessions.onEnded = (id) => time.after(options.calls.delay(), () => this.#hub.authorityEnded("session", id));
  }

  /** As server/realtime/socket.ts opens one; the proof was checked before. */
  accept(principal: Principal, wire: Wire): Accepted {
    const connection = new Connection(principal, wire, this.#dispatch, this.#flusher, () => this.#options.time.now);
    this.#hub.add(connection);
    this.#watching.connected(connection);
    connection.check();
    connection.send(Batch.of({ event: "welcome", epoch: this.#options.epoch, userId: principal.userId }));
    return {
      receive: (frame) => this.isAlive && connection.receive(frame),
      ended: () => {
        connection.ended();
        this.#watching.disconnected(connection);
        this.#hub.remove(connection);
      },
    };
  }

  /** Ends as a killed process does: nothing of it is heard any more. */
  crash(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    clearInterval(this.#checks);
    this.#options.onCrash();
  }
}
