// One WebSocket for all conversations: requests answered by ref, events passed on, and always on the way back up.
import { CLOSE } from "../../protocol/close_codes.ts";
import type { z } from "zod";
import type { CommandName, CommandResult, COMMANDS } from "../../protocol/commands.ts";
import type { Event, Reply } from "../../protocol/frames.ts";
import { Failure } from "../state/failure.ts";
import { backoffMs, type Clock } from "./clock.ts";

/** Also protocol/commands.ts' SUBPROTOCOL: stated by type, so that the page does not carry the schemas. */
const SUBPROTOCOL: typeof import("../../protocol/commands.ts").SUBPROTOCOL = "chautari.v1";
const REPLY_TIMEOUT_MS = 15_000;
const WELCOME_TIMEOUT_MS = 15_000;

export interface SocketOptions {
  url: string;
  clock: Clock;
  onEvent(event: Event): void;
  onState(state: "connecting" | "open" | "down"): void;
  /** The server let nobody in, or put us out: the session may have ended. A page cannot see the status of an upgrade. */
  onRefused(): void;
  WebSocket?: typeof WebSocket;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(failure: Failure): void;
  cancelTimeout(): void;
}

type Fields<Name extends CommandName> = Omit<z.input<typeof COMMANDS[Name]["input"]>, "ref" | "command">;

export class Socket {
  readonly #options: SocketOptions;
  readonly #waiting = new Map<string, Waiting>();
  #socket: WebSocket | null = null;
  #isStarted = false;
  #isOpen = false;
  #attempt = 0;
  #lastRef = 0;
  #cancelTimer = () => {};

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#attempt = 0;
    this.#connect();
  }

  stop(): void {
    this.#isStarted = false;
    this.#drop();
  }

  /** The network or the person is back: no waiting out the pause. */
  wake(): void {
    if (this.#isStarted && this.#socket === null) this.#connect();
  }

  /** The system says there is no network: what stands open is dead, and nobody else will tell us. */
  lose(): void {
    if (!this.#isStarted) return;
    this.#drop();
    this.#retryLater();
  }

  /** Rejects with a Failure; `offline` when the connection ends first: then it is unknown whether it was done. */
  request<Name extends CommandName>(command: Name, fields: Fields<Name>): Promise<CommandResult<Name>> {
    const socket = this.#socket;
    if (!this.#isOpen || socket === null) return Promise.reject(new Failure("offline"));
    const ref = String(++this.#lastRef);
    return new Promise<CommandResult<Name>>((resolve, reject) => {
      const cancelTimeout = this.#options.clock.after(REPLY_TIMEOUT_MS, () => this.lose());
      this.#waiting.set(ref, { resolve: (result) => resolve(result as CommandResult<Name>), reject, cancelTimeout });
      socket.send(JSON.stringify({ ref, command, ...fields }));
    });
  }

  #connect(): void {
    this.#cancelTimer();
    const { clock, url, onState, WebSocket: Implementation = WebSocket } = this.#options;
    onState("connecting");
    const socket = new Implementation(url, [SUBPROTOCOL]);
    this.#socket = socket;
    this.#cancelTimer = clock.after(WELCOME_TIMEOUT_MS, () => this.lose());
    socket.onmessage = ({ data }) => {
      if (this.#socket === socket) this.#receive(data);
    };
    socket.onclose = ({ code }) => {
      if (this.#socket === socket) this.#closed(code);
    };
  }

  #receive(data: unknown): void {
    const frame = JSON.parse(String(data)) as (Reply | Event)[];
    for (const item of frame) {
      if ("event" in item) this.#event(item);
      else this.#reply(item);
    }
  }

  #event(event: Event): void {
    if (event.event === "welcome") {
      this.#cancelTimer();
      this.#isOpen = true;
      this.#attempt = 0;
      this.#options.onState("open");
    }
    this.#options.onEvent(event);
  }

  #reply(reply: Reply): void {
    const waiting = reply.ref === null ? undefined : this.#waiting.get(reply.ref);
    if (!waiting) return;
    this.#waiting.delete(reply.ref!);
    waiting.cancelTimeout();
    if ("ok" in reply) waiting.resolve(reply.ok);
    else waiting.reject(new Failure(reply.error.code, reply.error));
  }

  #closed(code: number): void {
    const wasOpen = this.#isOpen;
    this.#drop();
    if (code === CLOSE.unauthenticated.code || !wasOpen) this.#options.onRefused();
    if (this.#isStarted) this.#retryLater();
  }

  /** Lets go of the connection and of all that waits for it. */
  #drop(): void {
    const socket = this.#socket;
    this.#cancelTimer();
    this.#socket = null;
    this.#isOpen = false;
    socket?.close();
    for (const waiting of this.#waiting.values()) {
      waiting.cancelTimeout();
      waiting.reject(new Failure("offline"));
    }
    this.#waiting.clear();
    this.#options.onState("down");
  }

  #retryLater(): void {
    const { clock } = this.#options;
    this.#cancelTimer();
    this.#cancelTimer = clock.after(backoffMs(this.#attempt++, clock.random()), () => this.#connect());
  }
}
