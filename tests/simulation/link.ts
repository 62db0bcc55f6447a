// A simulated WebSocket: frames in order and in their time, until it is cut on both sides, or on one and nobody is told.
import type { Event, Reply } from "../../protocol/frames.ts";
import type { Batch } from "../../server/room/subscriber.ts";
import type { Accepted, SimulatedServer } from "./server.ts";
import type { Site } from "./site.ts";

/** What a page's browser is to the network. */
export interface Host {
  readonly site: Site;
  /** Nothing comes through. */
  isCut: boolean;
  cookie: string | null;
}

export interface LinkEvents {
  opened(): void;
  sent(command: { ref: string; command: string; clientId?: string; conversationId?: string }): void;
  /** Just before the page has it. */
  received(items: (Event | Reply)[], raw: string, hasLost: boolean): void;
  /** The server sent something on the word of a session that has ended. */
  report(what: string): void;
}

/** [A2] asks for a second at most; what is under way then takes its time. */
const CUT_WITHIN_MS = 1_500;

export class Link {
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  hasLost = false;
  losesNext = false;
  readonly #host: Host;
  readonly #events: LinkEvents;
  #server: SimulatedServer | null = null;
  #accepted: Accepted | null = null;
  #isOver = false;
  /** It died, and the page does not know. */
  #isUntold = false;
  #isHeld = false;
  #held: (() => void)[] = [];
  #heldBytes = 0;
  #upFreeAt = 0;
  #downFreeAt = 0;

  constructor(host: Host, events: LinkEvents) {
    this.#host = host;
    this.#events = events;
    this.#site.time.after(this.#site.delay(), () => this.#connect());
  }

  get isOpen(): boolean {
    return this.#accepted !== null && !this.#isOver;
  }

  get #site(): Site {
    return this.#host.site;
  }

  send(text: string): void {
    if (this.#isOver) return;
    this.#events.sent(JSON.parse(text));
    this.#upFreeAt = Math.max(this.#upFreeAt, this.#site.time.now + this.#site.delay());
    this.#at(this.#upFreeAt, () => this.#isOver || this.#accepted?.receive(text));
  }

  /** By the page. */
  close(): void {
    this.#isUntold = false;
    this.#over(null);
  }

  /** The connection is gone; each side hears of it in its time. */
  cut(): void {
    this.tell();
    this.#over(1006);
  }

  /** It is gone and neither side is told: the server finds out after a while, the page when nothing is answered. */
  die(afterMs: number): void {
    if (this.#isOver) return;
    this.#isOver = this.#isUntold = true;
    this.#site.time.after(afterMs, () => this.#accepted?.ended());
  }

  /** The page hears of a connection that died. */
  tell(): void {
    if (!this.#isUntold) return;
    this.#isUntold = false;
    this.onclose?.({ code: 1006 });
  }

  /** What comes down waits from now on. */
  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#heldBytes = 0;
    for (const deliver of this.#held.splice(0)) deliver();
  }

  belongsTo(server: SimulatedServer): boolean {
    return this.#server === server;
  }

  #connect(): void {
    const { site, cookie, isCut } = this.#host;
    if (this.#isOver) return;
    const { server } = site;
    const principal = site.sessions.principal(cookie);
    if (!server?.isAlive || isCut || principal === null) return this.#over(1006);
    // The proof was read; it may end before the socket is open.
    site.time.after(site.delay(), () => {
      if (this.#isOver) return;
      if (!server.isAlive) return this.#over(1006);
      this.#server = server;
      const { sessionId, userId } = principal;
      this.#events.opened();
      const heldBytes = () => this.#heldBytes;
      this.#accepted = server.accept(principal, {
        get bufferedBytes() {
          return heldBytes();
        },
        send: (text: string, _shared: Batch | null) => {
          const lateMs = site.time.now - site.sessions.endedAt(sessionId!);
          if (lateMs > CUT_WITHIN_MS) this.#events.report(`[A2] ${userId} was sent ${text}, ${lateMs} ms late`);
          this.#down(text.length, () => this.#deliver(text));
        },
        close: (code) => this.#down(0, () => this.#over(code)),
      });
    });
  }

  #down(bytes: number, deliver: () => void): void {
    if (this.#isOver) return;
    this.#downFreeAt = Math.max(this.#downFreeAt, this.#site.time.now + this.#site.delay());
    this.#at(this.#downFreeAt, () => {
      if (!this.#isHeld) return deliver();
      this.#held.push(deliver);
      this.#heldBytes += bytes;
    });
  }

  #at(ms: number, then: () => void): void {
    this.#site.time.after(ms - this.#site.time.now, then);
  }

  #deliver(raw: string): void {
    if (this.#isOver) return;
    let items: (Event | Reply)[] = JSON.parse(raw);
    let text = raw;
    if (this.losesNext && items.some((item) => "event" in item && item.event !== "welcome")) {
      this.losesNext = false;
      this.hasLost = true;
      items = items.filter((item) => !("event" in item) || item.event === "welcome");
      text = JSON.stringify(items);
    }
    this.#events.received(items, text, this.hasLost);
    this.onmessage?.({ data: text });
  }

  #over(code: number | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { site } = this.#host;
    site.time.after(site.delay(), () => this.#accepted?.ended());
    if (code !== null) site.time.after(site.delay(), () => this.onclose?.({ code }));
  }
}
