// A client as the page will be: the replica and the outbox of client/state, over a wire with faults.
import type { CommandDraft } from "../../protocol/commands.ts";
import type { ErrorBody, Event, Reply } from "../../protocol/frames.ts";
import {
  emptyReplica,
  pagesDue,
  type Replica,
  syncsDue,
  withDetail,
  withDoubt,
  withEvent,
  without,
  withReadAnswer,
  withSync,
  withSyncAsked,
} from "../../client/state/replica.ts";
import {
  sendsDue,
  type SharedOutbox,
  withArrived,
  withoutSender,
  withQueued,
  withRefused,
  withReturned,
  withSender,
  withSent,
} from "../../client/state/replica_outbox.ts";
import { Audit, type Record } from "./audit.ts";
import { type Ledger, show } from "./ledger.ts";
import type { Site, SitePerson } from "./site.ts";
import { Wire } from "./wire.ts";

/** What the tabs of one person share. */
export interface Desk {
  readonly person: SitePerson;
  outbox: SharedOutbox;
  readonly tabs: ModelClient[];
}

// deno-lint-ignore no-explicit-any -- each command has its own result
type OnReply = (ok: any, error: ErrorBody | undefined) => void;

/** A participant who was removed, or whose peer has left, is refused; nobody else ever is. */
const REFUSALS = new Set(["not_found", "recipient_left"]);

export class ModelClient {
  readonly id: string = crypto.randomUUID();
  readonly desk: Desk;
  replica: Replica;
  wire: Wire | null = null;
  readonly #site: Site;
  readonly #ledger: Ledger;
  readonly #audit: Audit;
  #replies = new Map<string, OnReply>();
  #refs = 0;
  #isWelcome = false;
  #isSyncing = false;
  #fetching = new Set<string>();
  /** Called after everything that may have changed what this client waits for. */
  onChange: () => void = () => {};

  constructor(site: Site, desk: Desk, ledger: Ledger, record: Record) {
    this.#site = site;
    this.desk = desk;
    this.#ledger = ledger;
    this.#audit = new Audit(ledger, desk.person.userId, record);
    this.replica = emptyReplica(desk.person.userId);
    desk.tabs.push(this);
  }

  get isOpen(): boolean {
    return this.wire !== null;
  }

  /** Connected, current, and nothing unanswered. */
  get isSettled(): boolean {
    const waits = this.desk.outbox.pending.some((pending) => pending.failed === null);
    return this.#isWelcome && this.#replies.size === 0 && this.#fetching.size === 0 && !waits &&
      syncsDue(this.replica).length === 0 && pagesDue(this.replica).length === 0;
  }

  get describe(): string {
    return show({
      open: this.isOpen,
      welcome: this.#isWelcome,
      replies: this.#replies.size,
      fetching: this.#fetching.size,
      due: syncsDue(this.replica),
      outbox: this.desk.outbox,
    });
  }

  async open(): Promise<void> {
    if (this.wire) return;
    this.#audit.opened();
    let wire: Wire | null = null;
    const early: [items: (Event | Reply)[], raw: string][] = [];
    wire = await Wire.open(this.#site.url, this.desk.person, {
      onFrame: (items, raw) => this.wire && this.wire === wire ? this.#receive(items, raw) : early.push([items, raw]),
      onClose: () => this.wire === wire && this.#closed(),
    });
    this.wire = wire;
    for (const [items, raw] of early) this.#receive(items, raw);
  }

  /** Writes a message into the outbox; it leaves when it can. */
  say(conversationId: string): string {
    const { clientId, body } = this.#ledger.send(this.desk.person.userId, conversationId);
    const createdAt = new Date().toISOString();
    this.desk.outbox = withQueued(this.desk.outbox, { clientId, conversationId, body, createdAt, failed: null });
    this.#pumpAll();
    return clientId;
  }

  /** Asks over the socket; `onReply` is not called when the connection ends before. */
  ask(command: CommandDraft, onReply: OnReply): void {
    const ref = String(++this.#refs);
    this.#replies.set(ref, onReply);
    this.wire!.send(JSON.stringify({ ref, ...command }));
  }

  /** A reply to this has everything before it that the server had for this connection. */
  barrier(): Promise<void> {
    return new Promise((done) => this.ask({ command: "user:status", status: "online" }, () => done()));
  }

  markRead(conversationId: string, seq: number): void {
    this.ask({ command: "message:read", conversationId, seq }, (ok, error) => {
      if (ok) this.replica = withReadAnswer(this.replica, conversationId, ok.lastReadSeq);
      else if (error!.code !== "not_found") this.#ledger.report(`read: ${show(error)}`);
    });
  }

  /** Asks about everything again, as a quiet client does now and then. */
  doubt(): void {
    this.replica = withDoubt(this.replica);
    this.pump();
  }

  /** Does what is due. */
  pump(): void {
    if (this.wire && this.#isWelcome) {
      this.#sync();
      this.#flush();
      for (const id of pagesDue(this.replica)) void this.#fetch(id);
    }
    this.onChange();
  }

  #receive(items: (Event | Reply)[], raw: string): void {
    const wire = this.wire;
    this.#audit.frame(raw);
    for (const item of items) {
      if ("event" in item) this.#onEvent(item);
      else this.#onReply(item);
      if (this.wire !== wire) return;
    }
    this.#pumpAll();
  }

  #onEvent(event: Event): void {
    this.#audit.event(event, this.wire!.hasLost);
    this.replica = withEvent(this.replica, event);
    if (event.event === "welcome") this.#isWelcome = true;
    if (event.event === "message") this.desk.outbox = withArrived(this.desk.outbox, [event.message]);
  }

  #onReply(reply: Reply): void {
    const onReply = this.#replies.get(reply.ref!);
    if (!onReply) return this.#ledger.report(`a reply that nobody waits for: ${show(reply)}`);
    this.#replies.delete(reply.ref!);
    if ("error" in reply) onReply(undefined, reply.error);
    else onReply(reply.ok, undefined);
  }

  #closed(): void {
    this.wire = null;
    this.#isWelcome = false;
    this.#isSyncing = false;
    this.#replies.clear();
    this.desk.outbox = withoutSender(this.desk.outbox, this.id);
    this.#pumpAll();
  }

  #pumpAll(): void {
    for (const tab of this.desk.tabs) tab.pump();
  }

  #sync(): void {
    const [sync] = syncsDue(this.replica);
    if (!sync || this.#isSyncing) return;
    this.#isSyncing = true;
    const askedAt = this.#ledger.tick();
    this.replica = withSyncAsked(this.replica, sync);
    this.ask(sync, (ok, error) => {
      this.#isSyncing = false;
      if (error) return this.#ledger.report(`sync: ${show(error)}`);
      this.#audit.sync(ok, askedAt);
      this.replica = withSync(this.replica, sync, ok);
      // deno-lint-ignore no-explicit-any -- an answer as it came
      const messages = ok.conversations.flatMap((one: any) => one.messages);
      this.desk.outbox = withArrived(this.desk.outbox, messages);
    });
  }

  #flush(): void {
    this.desk.outbox = withSender(this.desk.outbox, this.id);
    for (const { clientId, conversationId, body } of sendsDue(this.desk.outbox, this.id)) {
      this.desk.outbox = withSent(this.desk.outbox, clientId);
      this.ask({ command: "message:send", conversationId, clientId, body }, (ok, error) => {
        if (ok) {
          this.#ledger.acknowledge(ok.message);
          this.#audit.message(ok.message, "reply");
          this.desk.outbox = withArrived(this.desk.outbox, [ok.message]);
        } else if (error!.retryable) {
          this.desk.outbox = withReturned(this.desk.outbox, clientId);
        } else {
          if (!REFUSALS.has(error!.code)) this.#ledger.report(`send: ${show(error)}`);
          this.#ledger.sent.get(clientId)!.isRefused = true;
          this.desk.outbox = withRefused(this.desk.outbox, clientId, error!.code);
        }
      });
    }
  }

  async #fetch(id: string): Promise<void> {
    if (this.#fetching.has(id)) return;
    this.#fetching.add(id);
    const askedAt = this.#ledger.tick();
    const { status, body } = await this.#site.get(this.desk.person, `conversations/${id}`);
    this.#fetching.delete(id);
    if (status === 200) {
      this.#audit.fetched(body.page.messages, askedAt);
      this.replica = withDetail(this.replica, body);
    } else if (status === 404) {
      // They may have been added again since: the list tells.
      this.replica = withDoubt(without(this.replica, id));
    }
    this.pump();
  }
}
