// Messages to rooms full of connected members: how many a second, how late, and whether each came once and in order.
import { Client, newRun, openAll, SeenFrames, Sender } from "./client.ts";
import { watchCpu } from "./cpu.ts";
import type { CpuShares, MessagesJob, MessagesResult } from "./job.ts";
import { Latencies } from "./latencies.ts";
import { PROTOCOLS } from "./protocols.ts";
import type { Scan } from "./scan.ts";
import { tokenOf } from "./tokens.ts";
import { Verifier } from "./verifier.ts";

const HANDSHAKES_AT_ONCE = 100;
/** What is under way when the sending stops must come within this. */
const DRAIN_MS = 60_000;
/** Messages of one sender whose times are kept; a power of two, more than can be under way. */
const KEPT = 1024;

interface SendingMember {
  sender: Sender;
  /** When the message of a counter was due, by counter modulo KEPT; and how many members do not have it yet. */
  dueAt: Float64Array;
  owed: Uint16Array;
}

export class MessagesRun {
  readonly #job: MessagesJob;
  readonly #failed = Promise.withResolvers<never>();
  readonly #rooms: { verifier: Verifier; senders: SendingMember[]; clients: Client[] }[] = [];
  readonly #acknowledged = new Latencies();
  readonly #lastMember = new Latencies();
  readonly #lag = new Latencies();
  #sending = false;
  /** When the measurement begins and ends, in milliseconds of performance.now(). */
  #from = Infinity;
  #until = Infinity;
  #counted = { acknowledged: 0, deliveries: 0 };
  #sent = 0;
  #answered = 0;
  #refused = 0;
  #firstRefusal: string | null = null;

  constructor(job: MessagesJob) {
    this.#job = job;
    this.#failed.promise.catch(() => {});
  }

  async run(): Promise<MessagesResult> {
    const begun = performance.now();
    try {
      await this.#connect();
      const connectMs = performance.now() - begun;
      const cpu = await Promise.race([this.#measure(), this.#failed.promise]);
      await Promise.race([this.#drain(), this.#failed.promise]);
      return this.#result(cpu, connectMs);
    } finally {
      for (const { clients } of this.#rooms) for (const client of clients) client.close();
    }
  }

  async #connect(): Promise<void> {
    const { conversationIds, membersPerRoom, sendersPerRoom, bodyChars, protocol } = this.#job;
    const { gapless, message } = PROTOCOLS[protocol];
    const run = newRun();
    const opening: (() => Client)[] = [];
    for (const [room, conversationId] of conversationIds.entries()) {
      const seen = new SeenFrames();
      const clients: Client[] = [];
      const senders: SendingMember[] = [];
      this.#rooms.push({ verifier: new Verifier(membersPerRoom, sendersPerRoom, gapless), senders, clients });
      for (let member = 0; member < membersPerRoom; member++) {
        const person = room * membersPerRoom + member;
        const token = tokenOf(person, this.#job.jwt);
        opening.push(() => {
          const client = new Client({
            job: this.#job,
            person,
            token,
            seen,
            received: (scan) => this.#received(room, member, scan),
            failed: this.#failed.reject,
          });
          clients.push(client);
          if (member < sendersPerRoom) {
            const template = message(conversationId, member, bodyChars);
            const sender = new Sender(client, template, { run, room, sender: member });
            senders.push({ sender, dueAt: new Float64Array(KEPT), owed: new Uint16Array(KEPT) });
          }
          return client;
        });
      }
    }
    await openAll(opening, HANDSHAKES_AT_ONCE);
  }

  async #measure(): Promise<CpuShares> {
    const { load, warmUpMs, measureMs } = this.#job;
    this.#sending = true;
    const now = performance.now();
    this.#from = now + warmUpMs;
    this.#until = this.#from + measureMs;
    if (load.kind === "open") this.#sendAtTimes(load.perSecond);
    else this.#forEachSender((member) => this.#send(member, load.inFlightPerSender, now));
    await wait(this.#from - performance.now());
    const used = watchCpu(this.#job.watched);
    await wait(this.#until - performance.now());
    this.#sending = false;
    return used();
  }

  /** Each message has its time, whatever became of those before it. */
  #sendAtTimes(perSecond: number): void {
    const senders: SendingMember[] = [];
    this.#forEachSender((member) => senders.push(member));
    const start = performance.now();
    let next = 0;
    const tick = () => {
      if (!this.#sending) return;
      const now = performance.now();
      for (;; next++) {
        const dueAt = start + (next * 1000) / perSecond;
        if (dueAt > now) break;
        if (dueAt >= this.#from && dueAt < this.#until) this.#lag.add(now - dueAt);
        this.#send(senders[(next * STRIDE) % senders.length]!, 1, dueAt);
      }
      setTimeout(tick, 0);
    };
    tick();
  }

  #forEachSender(visit: (member: SendingMember) => void): void {
    for (let place = 0; place < this.#job.sendersPerRoom; place++) {
      for (const room of this.#rooms) visit(room.senders[place]!);
    }
  }

  #send(member: SendingMember, times: number, dueAt: number): void {
    for (let index = 1; index <= times; index++) {
      const place = (member.sender.count + index) & (KEPT - 1);
      member.dueAt[place] = dueAt;
      member.owed[place] = this.#job.membersPerRoom;
    }
    member.sender.send(times);
    this.#sent += times;
  }

  #received(room: number, member: number, scan: Scan): void {
    const now = performance.now();
    const { verifier, senders } = this.#rooms[room]!;
    const measuring = now >= this.#from && now < this.#until;
    const { deliveries } = scan;
    for (let at = 0; at < deliveries.length; at += 3) {
      const sender = deliveries[at]!;
      const counter = deliveries[at + 1]!;
      verifier.delivered(member, sender, counter, deliveries[at + 2]!);
      const { dueAt, owed } = senders[sender]!;
      const place = counter & (KEPT - 1);
      if (--owed[place]! === 0) this.#add(this.#lastMember, dueAt[place]!, now);
    }
    if (measuring) this.#counted.deliveries += deliveries.length / 3;
    if (scan.acknowledged.length > 0) this.#acknowledge(room, member, scan.acknowledged, now, measuring);
    if (scan.refused.length > 0) {
      this.#refused += scan.refused.length;
      this.#answered += scan.refused.length;
      this.#firstRefusal ??= scan.refusal;
    }
  }

  #acknowledge(room: number, member: number, counters: number[], now: number, measuring: boolean): void {
    const { verifier, senders } = this.#rooms[room]!;
    const from = senders[member]!;
    for (const counter of counters) {
      verifier.acknowledged(member, counter);
      this.#add(this.#acknowledged, from.dueAt[counter & (KEPT - 1)]!, now);
    }
    this.#answered += counters.length;
    if (measuring) this.#counted.acknowledged += counters.length;
    if (this.#sending && this.#job.load.kind === "closed") this.#send(from, counters.length, now);
  }

  #add(latencies: Latencies, dueAt: number, now: number): void {
    if (dueAt >= this.#from && dueAt < this.#until) latencies.add(now - dueAt);
  }

  /** Waits for what is under way; what does not come in time counts as lost. */
  async #drain(): Promise<void> {
    const giveUpAt = performance.now() + DRAIN_MS;
    while (performance.now() < giveUpAt) {
      if (this.#answered === this.#sent && this.#lost() === 0) return;
      await wait(20);
    }
  }

  #lost(): number {
    return this.#rooms.reduce((sum, { verifier }) => sum + verifier.lost, 0);
  }

  #result(cpu: CpuShares, connectMs: number): MessagesResult {
    const seconds = this.#job.measureMs / 1000;
    const sum = (of: "doubled" | "reordered" | "gaps") =>
      this.#rooms.reduce((total, { verifier }) => total + verifier[of], 0);
    return {
      kind: "messages",
      messagesPerSecond: this.#counted.acknowledged / seconds,
      deliveriesPerSecond: this.#counted.deliveries / seconds,
      acknowledged: this.#acknowledged.summary(),
      lastMember: this.#lastMember.summary(),
      generatorLag: this.#lag.summary(),
      sent: this.#sent,
      faults: {
        lost: this.#lost() + this.#sent - this.#answered,
        doubled: sum("doubled"),
        reordered: sum("reordered"),
        gaps: sum("gaps"),
        refused: this.#refused,
        firstRefusal: this.#firstRefusal,
      },
      cpu,
      connectMs,
    };
  }
}

/** Prime, so that neighbours in time are not neighbours in rooms. */
const STRIDE = 7919;

function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
