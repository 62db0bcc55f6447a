// One WebSocket for all conversations: requests answered by ref, events passed on, and always on the way back up.
import { UNAUTHENTICATED } from "../../protocol/close_codes.ts";
import type { z } from "zod";
import type { CommandName, CommandResult, COMMANDS } from "../../protocol/commands.ts";
import type { Event, Reply } from "../../protocol/frames.ts";
import { Failure } from "../state/failure.ts";
import { backoffMs, type Clock } from "./clock.ts";

/** Also protocol/commands.ts' SUBPROTOCOL: stated by type, so that the page does not carry the schemas. */
const SUBPROTOCOL: typeof import("../../protocol/commands.ts").SUBPROTOCOL = "chautari.v1";
const REPLY_TIMEOUT_MS = 15_000;
const WELCOME_TIMEOUT_MS = 15_000;
/** A burst that comes in many frames is told at most once per picture that a screen shows. */
const EVENTS_EVERY_MS = 16;

export interface SocketOptions {
  url: string;
  clock: Clock;
  /** All that came at a time, in its order. */
  onEvents(events: Event[]): void;
  onState(state: "connecting" | "open" | "down"): void;
  /** The server let nobody in, or put us out: the session may have ended. A page cannot see the status of an upgrade. */
  onRefused(): void;
  WebSocket?: typeof WebSocket;
}

interface Waiting {
  /** Called in the reply's place among the events; what awaits the request goes on only after the whole frame. */
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
  #heard: Event[] = [];
  #toldAtMs = 0;
  #cancelTelling: (() => void) | null = null;

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

  /**
   * Rejects with a Failure; `offline` when the connection ends first: then it is unknown whether it was done.
   * @param onResult for what must be done with the answer before the events that follow it are told
   */
  request<Name extends CommandName>(
    command: Name,
    fields: Fields<Name>,
    onResult: (result: CommandResult<Name>) => void = () => {},
  ): Promise<CommandResult<Name>> {
    const socket = this.#socket;
    if (!this.#isOpen || socket === null) return Promise.reject(new Failure("offline"));
    const ref = String(++this.#lastRef);
    return new Promise<CommandResult<Name>>((resolve, reject) => {
      const cancelTimeout = this.#options.clock.after(REPLY_TIMEOUT_MS, () => this.lose());
      const answered = (result: unknown) => {
        onResult(result as CommandResult<Name>);
        resolve(result as CommandResult<Name>);
      };
      this.#waiting.set(ref, { resolve: answered, reject, cancelTimeout });
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
      else {
        this.#tell();
        this.#reply(item);
      }
    }
    if (this.#heard.length === 0 || this.#cancelTelling) return;
    const sinceMs = this.#options.clock.now() - this.#toldAtMs;
    // A clock that was set back must not hold anything up.
    if (sinceMs < 0 || sinceMs >= EVENTS_EVERY_MS) this.#tell();
    else this.#cancelTelling = this.#options.clock.after(EVENTS_EVERY_MS - sinceMs, () => this.#tell());
  }

  #event(event: Event): void {
    this.#heard.push(event);
    if (event.event !== "welcome") return;
    this.#cancelTimer();
    this.#isOpen = true;
    this.#attempt = 0;
    this.#options.onState("open");
    this.#tell();
  }

  #tell(): void {
    this.#cancelTelling?.();
    this.#cancelTelling = null;
    if (this.#heard.length === 0) return;
    this.#toldAtMs = this.#options.clock.now();
    this.#options.onEvents(this.#heard.splice(0));
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
    if (code === UNAUTHENTICATED.code || !wasOpen) this.#options.onRefused();
    if (this.#isStarted) this.#retryLater();
  }

  /** Lets go of the connection and of all that waits for it. */
  #drop(): void {
    const socket = this.#socket;
    this.#cancelTimer();
    this.#socket = null;
    this.#isOpen = false;
    socket?.close();
    this.#tell();
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
