// A client that never gives up a message: what it sends waits in an outbox and is resent with its client id until
// acknowledged; what it missed while it was away it fetches by a sync.
import type { Message } from "../../protocol/models.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import type { CommandDraft, CommandResult } from "../../protocol/commands.ts";
import type { Event } from "../../protocol/frames.ts";
import { SYNC_QUIET_MS } from "../../protocol/limits.ts";
import { Replica } from "./replica.ts";
import { openSocket, type TestReply, type TestSocket, UpgradeRefused } from "../helpers/socket.ts";
import type { Visitor } from "./site.ts";
import { within } from "./waiting.ts";

const RECONNECT_MS = 20;
const RESEND_MS = 25;
/** As the page's. */
const PATIENCE_MS = 15_000;

/** One message in the ledger: what its author knows of it. */
export interface Sent {
  readonly senderId: string;
  readonly conversationId: string;
  readonly clientId: string;
  readonly body: string;
  /** Its place among what this author wrote in this conversation. */
  readonly order: number;
  /** As the server acknowledged it. */
  acknowledged: Message | null;
  /**
   * Orders of later messages that were under way when the server said that this one could not be done now: they
   * alone may stand before it.
   */
  readonly mayFollow: Set<number>;
}

interface Lane {
  written: number;
  outbox: Sent[];
  readonly inFlight: Set<Sent>;
  /** Something was refused for now: what is under way comes back first, then all is sent again in order. */
  halted: boolean;
}

export interface ClientOptions {
  url: string;
  visitor: Visitor;
  conversationIds: string[];
  /** Unanswered messages per conversation at most; 1 is what the page does. */
  window: number;
  /** Called when a reply came, or a connection came or went. */
  onChange: () => void;
  /** Told of answers that no kill excuses. */
  onRefusal: (what: string) => void;
  /** Gets the visitor a new token when the old one is refused; without it that is a refusal that nothing excuses. */
  signIn?: () => Promise<void>;
  /** A connection that takes longer to open or to answer is given up. */
  patienceMs?: number;
  /** [R10] After so long without a word it asks whether it missed something. */
  quietMs?: number;
}

export class ChaosClient {
  readonly userId: string;
  /** Every connection since the last check, oldest first, with all that it received. */
  sockets: TestSocket[] = [];
  /** What it has of its conversations, by events and by syncs. */
  readonly replica: Replica;
  readonly #options: ClientOptions & { patienceMs: number; quietMs: number };
  readonly #lanes = new Map<string, Lane>();
  #socket: TestSocket | null = null;
  #stopped = false;

  constructor(options: ClientOptions) {
    this.#options = { patienceMs: PATIENCE_MS, quietMs: SYNC_QUIET_MS, ...options };
    this.userId = options.visitor.userId;
    this.replica = new Replica(options.conversationIds);
  }

  /** Connected, and everything is acknowledged. */
  get isSettled(): boolean {
    return this.#socket !== null && this.waiting.length === 0;
  }

  get waiting(): Sent[] {
    return [...this.#lanes.values()].flatMap(({ outbox }) => outbox);
  }

  /** Sent on the present connection and not answered. */
  get underWay(): Sent[] {
    return [...this.#lanes.values()].flatMap(({ inFlight }) => [...inFlight]);
  }

  get isConnected(): boolean {
    return this.#socket !== null;
  }

  /** Keeps a connection until `stop`. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      const socket = await this.#connect();
      if (socket === null) await new Promise((again) => setTimeout(again, RECONNECT_MS));
      else await this.#live(socket);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.close();
  }

  /** Gives up the connection for a new one, as a page that is loaded again. */
  reconnect(): void {
    this.#socket?.close();
  }

  /** Puts a message into the outbox; it leaves as soon as it can. */
  write(conversationId: string, text: string): Sent {
    let lane = this.#lanes.get(conversationId);
    if (!lane) this.#lanes.set(conversationId, lane = { written: 0, outbox: [], inFlight: new Set(), halted: false });
    const order = ++lane.written;
    const sent: Sent = {
      senderId: this.userId,
      conversationId,
      clientId: uuidv7(),
      body: `${this.#options.visitor.name} ${order}: ${text}`,
      order,
      acknowledged: null,
      mayFollow: new Set(),
    };
    lane.outbox.push(sent);
    this.#send(lane);
    return sent;
  }

  /** Forgets what was received and checked. */
  forgetChecked(): void {
    this.sockets = this.#socket === null ? [] : [this.#socket];
  }

  async #connect(): Promise<TestSocket | null> {
    const { url, visitor, onRefusal, signIn, patienceMs } = this.#options;
    const opening = openSocket(url, { headers: { authorization: `Bearer ${visitor.token}` } });
    try {
      if (await within(opening, patienceMs)) return await opening;
      opening.then((late) => late.close(), () => {});
    } catch (error) {
      if (error instanceof UpgradeRefused && error.status === 401 && signIn) await signIn();
      // any other 4xx would sign the person out, or keep the client from coming back
      else if (error instanceof UpgradeRefused && error.status < 500) {
        onRefusal(`${visitor.name}'s socket: ${error.message}`);
      }
    }
    return null;
  }

  async #live(socket: TestSocket): Promise<void> {
    if (this.#stopped) return socket.close();
    this.sockets.push(socket);
    this.#socket = socket;
    const take = (event: Event) => event.event === "message" && this.replica.take(event.message);
    let quiet: ReturnType<typeof setTimeout> | undefined;
    const heard = () => {
      clearTimeout(quiet);
      quiet = setTimeout(() => this.#sync(socket), this.#options.quietMs);
    };
    // what came before anyone listened, then the rest as it comes
    socket.events.forEach(take);
    socket.ws.on("message", (data) => {
      heard();
      for (const item of JSON.parse(data.toString())) if ("event" in item) take(item);
      this.#options.onChange();
    });
    heard();
    this.#sync(socket);
    for (const lane of this.#lanes.values()) this.#send(lane);
    this.#options.onChange();
    await socket.closed;
    clearTimeout(quiet);
    this.#socket = null;
    for (const lane of this.#lanes.values()) {
      lane.inFlight.clear();
      lane.halted = false;
    }
    this.#options.onChange();
  }

  /** The reply, unless the connection ends before; one that gives none in time is given up. */
  #ask(socket: TestSocket, command: CommandDraft): Promise<TestReply> {
    const late = setTimeout(() => socket.close(), this.#options.patienceMs);
    return socket.ask(command).finally(() => clearTimeout(late));
  }

  /** [R2] Asks for what it missed until there is no more. */
  async #sync(socket: TestSocket): Promise<void> {
    for (let cursors = this.replica.cursors(); cursors.length > 0 && this.#socket === socket;) {
      const { ok, error }: TestReply = await this.#ask(socket, { command: "sync", epoch: null, cursors });
      if (error !== undefined) {
        if (!error.retryable) return this.#options.onRefusal(`sync: ${JSON.stringify(error)}`);
        await new Promise((again) => setTimeout(again, RESEND_MS));
        continue;
      }
      const { conversations } = ok as CommandResult<"sync">;
      for (const { conversationId, state, messages } of conversations) {
        if (state === "gone" || state === "reset") this.#options.onRefusal(`sync of ${conversationId}: ${state}`);
        for (const message of messages) this.replica.take(message);
      }
      cursors = conversations.filter(({ state }) => state === "more")
        .map(({ conversationId, cursor }) => ({ conversationId, ...cursor! }));
    }
    this.#options.onChange();
  }

  #send(lane: Lane): void {
    const socket = this.#socket;
    if (socket === null || lane.halted) return;
    for (const sent of lane.outbox) {
      if (lane.inFlight.size >= this.#options.window) return;
      if (lane.inFlight.has(sent)) continue;
      lane.inFlight.add(sent);
      const { conversationId, clientId, body } = sent;
      this.#ask(socket, { command: "message:send", conversationId, clientId, body }).then((reply) => {
        if (this.#socket === socket) this.#answered(socket, lane, sent, reply);
      });
    }
  }

  #answered(socket: TestSocket, lane: Lane, sent: Sent, { ok, error }: TestReply): void {
    lane.inFlight.delete(sent);
    if (error === undefined) {
      sent.acknowledged = ok.message;
      lane.outbox = lane.outbox.filter((other) => other !== sent);
    } else {
      if (!error.retryable) this.#options.onRefusal(`${sent.body.slice(0, 40)}: ${JSON.stringify(error)}`);
      lane.halted = true;
      for (const other of lane.inFlight) if (other.order > sent.order) sent.mayFollow.add(other.order);
    }
    if (!lane.halted) this.#send(lane);
    else if (lane.inFlight.size === 0) this.#resendLater(socket, lane, error?.retryAfter);
    this.#options.onChange();
  }

  #resendLater(socket: TestSocket, lane: Lane, retryAfterSeconds = 0): void {
    setTimeout(() => {
      if (this.#socket !== socket) return;
      lane.halted = false;
      this.#send(lane);
    }, Math.max(RESEND_MS, retryAfterSeconds * 1000));
  }
}
