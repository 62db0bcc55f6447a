// A client's socket in tests: sends commands, awaits replies and events; no sleeps.
import { WebSocket } from "ws";
import { type CommandDraft, SUBPROTOCOL } from "../../protocol/commands.ts";
import type { ErrorBody, Event } from "../../protocol/frames.ts";
import { ServerFrame } from "../../protocol/frames.ts";
import type { Message } from "../../protocol/models.ts";

type EventOf<Name extends Event["event"]> = Extract<Event, { event: Name }>;
// deno-lint-ignore no-explicit-any -- tests say what they expect of a reply
export type TestReply = { ok?: any; error?: ErrorBody };

export interface SocketOptions {
  cookie?: string | null;
  headers?: Record<string, string>;
  query?: string;
  protocol?: string;
}

export class TestSocket {
  readonly ws: WebSocket;
  /** Every event so far, oldest first. */
  readonly events: Event[] = [];
  /** Events and replies so far, in the order in which they came. */
  readonly items: ServerFrame = [];
  /** Frames so far, as they came. */
  readonly frames: string[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #replies = new Map<string, (reply: TestReply) => void>();
  #waiting: { matches: (event: Event) => boolean; found: (event: Event) => void }[] = [];
  #refs = 0;

  constructor(ws: WebSocket) {
    this.ws = ws;
    this.closed = new Promise((resolve) =>
      ws.once("close", (code, reason) => resolve({ code, reason: reason.toString() }))
    );
    ws.on("error", () => {});
    ws.on("message", (data) => this.#receive(data.toString()));
  }

  /** Sends a command and awaits its reply. */
  ask(command: CommandDraft | Record<string, unknown>): Promise<TestReply> {
    const ref = String(++this.#refs);
    this.ws.send(JSON.stringify({ ref, ...command }));
    return this.reply(ref);
  }

  reply(ref: string | null): Promise<TestReply> {
    return new Promise((resolve) => this.#replies.set(String(ref), resolve));
  }

  /** The first event of this name that matches, past or to come. */
  event<Name extends Event["event"]>(
    name: Name,
    matches: (event: EventOf<Name>) => boolean = () => true,
  ): Promise<EventOf<Name>> {
    const fits = (event: Event) => event.event === name && matches(event as EventOf<Name>);
    const past = this.events.find(fits);
    if (past) return Promise.resolve(past as EventOf<Name>);
    return new Promise((resolve) =>
      this.#waiting.push({ matches: fits, found: (event) => resolve(event as EventOf<Name>) })
    );
  }

  async message(body: string): Promise<Message> {
    return (await this.event("message", ({ message }) => message.body === body)).message;
  }

  close(): void {
    this.ws.terminate();
  }

  #receive(frame: string): void {
    this.frames.push(frame);
    for (const item of ServerFrame.parse(JSON.parse(frame))) {
      this.items.push(item);
      if ("event" in item) {
        this.events.push(item);
        this.#waiting = this.#waiting.filter(({ matches, found }) => !matches(item) || void found(item));
      } else {
        this.#replies.get(String(item.ref))?.(item as TestReply);
        this.#replies.delete(String(item.ref));
      }
    }
  }
}

/** Opens a socket; rejects with the HTTP status when the upgrade is refused. */
export function openSocket(url: string, options: SocketOptions = {}): Promise<TestSocket> {
  const { cookie, headers, query = "", protocol = SUBPROTOCOL } = options;
  const ws = new WebSocket(`${url.replace("http", "ws")}/api/messages/socket${query}`, protocol ? [protocol] : [], {
    headers: { origin: url, ...(cookie && { cookie }), ...headers },
  });
  return new Promise((resolve, reject) => {
    ws.once("unexpected-response", (_request, response) => {
      let body = "";
      response.on("data", (chunk: Uint8Array) => body += new TextDecoder().decode(chunk));
      response.on("end", () => reject(new UpgradeRefused(response.statusCode ?? 0, body)));
    });
    ws.once("error", reject);
    const socket = new TestSocket(ws);
    ws.once("open", () => resolve(socket));
  });
}

export class UpgradeRefused extends Error {
  readonly status: number;
  constructor(status: number, body: string) {
    super(`${status} ${body}`);
    this.status = status;
  }
}
