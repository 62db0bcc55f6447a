// A client's socket with faults: frames that are held in either direction, lost with the connection, or silently lost.
import { WebSocket } from "ws";
import { SUBPROTOCOL } from "../../protocol/commands.ts";
import { type Event, type Reply, ServerFrame } from "../../protocol/frames.ts";
import type { SitePerson } from "./site.ts";

export interface WireEvents {
  onFrame(items: (Event | Reply)[], raw: string): void;
  onClose(): void;
}

export class Wire {
  /** Events were lost on it, and the client was not told. */
  hasLost = false;
  #losesNext = false;
  #holdsIncoming = false;
  #holdsOutgoing = false;
  #isOver = false;
  #incoming: string[] = [];
  #outgoing: string[] = [];
  readonly #ws: WebSocket;
  readonly #events: WireEvents;

  private constructor(ws: WebSocket, events: WireEvents) {
    this.#ws = ws;
    this.#events = events;
    ws.on("message", (data) => this.#receive(data.toString()));
    ws.on("close", () => this.drop());
  }

  /** Null: the server does not listen right now. */
  static open(url: string, person: SitePerson, events: WireEvents): Promise<Wire | null> {
    const ws = new WebSocket(`${url.replace("http", "ws")}/api/messages/socket`, [SUBPROTOCOL], {
      headers: { origin: url, cookie: person.cookie },
      perMessageDeflate: false,
    });
    return new Promise((resolve) => {
      const wire = new Wire(ws, events);
      ws.once("open", () => resolve(wire));
      ws.on("error", () => resolve(null));
    });
  }

  get held(): readonly string[] {
    return this.#incoming;
  }

  get isHeld(): boolean {
    return this.#holdsIncoming;
  }

  send(text: string): void {
    if (this.#holdsOutgoing) this.#outgoing.push(text);
    else this.#ws.send(text);
  }

  /** From now on what comes in waits, and what goes out too unless it is said otherwise. */
  hold({ outgoing = true } = {}): void {
    this.#holdsIncoming = true;
    this.#holdsOutgoing = outgoing;
  }

  release(): void {
    if (this.#isOver) return;
    this.#holdsIncoming = this.#holdsOutgoing = false;
    for (const text of this.#outgoing.splice(0)) this.#ws.send(text);
    for (const frame of this.#incoming.splice(0)) this.#deliver(frame);
  }

  /** The events of the next frame vanish; its replies do not. */
  loseNext(): void {
    this.#losesNext = true;
  }

  /** The connection is gone, with all that was held. */
  drop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#ws.terminate();
    this.#events.onClose();
  }

  #receive(frame: string): void {
    if (this.#isOver) return;
    if (this.#holdsIncoming) this.#incoming.push(frame);
    else this.#deliver(frame);
  }

  #deliver(raw: string): void {
    if (this.#isOver) return;
    const items = ServerFrame.parse(JSON.parse(raw));
    const isLost = this.#losesNext && items.some((item) => "event" in item && item.event !== "welcome");
    if (!isLost) return this.#events.onFrame(items, raw);
    this.#losesNext = false;
    this.hasLost = true;
    const kept = items.filter((item) => !("event" in item) || item.event === "welcome");
    this.#events.onFrame(kept, JSON.stringify(kept));
  }
}
