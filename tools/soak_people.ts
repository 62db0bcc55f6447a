// The people of a soak, in a process of their own: connected all the time, they send steadily and check what each receives.
// One line in: a SoakJob. Lines out: SoakLine.
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { Client, newRun, openAll, SeenFrames, Sender } from "../bench/generator/client.ts";
import { Latencies } from "../bench/generator/latencies.ts";
import { PROTOCOLS } from "../bench/generator/protocols.ts";
import type { Scan } from "../bench/generator/scan.ts";
import { tokenOf } from "../bench/generator/tokens.ts";
import { Verifier } from "../bench/generator/verifier.ts";
import type { SoakFaults, SoakJob, SoakLine, Times } from "./soak_figures.ts";

const HANDSHAKES_AT_ONCE = 50;
const BODY_CHARS = 100;
/** Messages of one sender whose times are kept; a power of two, more than can be under way. */
const KEPT = 1024;
/** Prime, so that neighbours in time are not neighbours in rooms. */
const STRIDE = 7919;
const MINUTE_MS = 60_000;
const DRAIN_MS = 30_000;
const TICK_MS = 2;

interface Writer {
  sender: Sender;
  dueAt: Float64Array;
}

class Soak {
  readonly #job: SoakJob;
  readonly #failed = Promise.withResolvers<never>();
  readonly #verifiers: Verifier[] = [];
  readonly #writers: Writer[] = [];
  readonly #clients: Client[] = [];
  readonly #minute = new Latencies();
  readonly #first = new Latencies();
  readonly #last = new Latencies();
  #begun = Infinity;
  #sent = 0;
  #acknowledged = 0;
  #refused = 0;
  #deliveries = 0;

  constructor(job: SoakJob) {
    this.#job = job;
    this.#failed.promise.catch(() => {});
  }

  async run(): Promise<void> {
    const begun = performance.now();
    await this.#connect();
    say({ connectedMs: performance.now() - begun });
    this.#begun = performance.now();
    await Promise.race([this.#send(), this.#failed.promise]);
    const giveUpAt = performance.now() + DRAIN_MS;
    const isDone = () => this.#acknowledged + this.#refused === this.#sent && this.#faults().lost === 0;
    while (!isDone() && performance.now() < giveUpAt) await wait(20);
    const [first, last] = [this.#first, this.#last].map(timesOf) as [Times, Times];
    say({ first, last, acknowledged: this.#acknowledged, faults: this.#faults() });
    for (const client of this.#clients) client.close();
  }

  async #connect(): Promise<void> {
    const { conversationIds, membersPerRoom, sendersPerRoom, port, jwt } = this.#job;
    const { message } = PROTOCOLS.chautari;
    const run = newRun();
    const opening: (() => Client)[] = [];
    for (const [room, conversationId] of conversationIds.entries()) {
      const seen = new SeenFrames();
      const verifier = new Verifier(membersPerRoom, sendersPerRoom, true);
      this.#verifiers.push(verifier);
      const writers: Writer[] = [];
      for (let member = 0; member < membersPerRoom; member++) {
        const person = room * membersPerRoom + member;
        const token = tokenOf(person, jwt);
        opening.push(() => {
          const client = new Client({
            job: { protocol: "chautari", port },
            person,
            token,
            seen,
            received: (scan) => this.#received(verifier, writers, member, scan),
            failed: this.#failed.reject,
          });
          this.#clients.push(client);
          if (member < sendersPerRoom) {
            const sender = new Sender(client, message(conversationId, member, BODY_CHARS), {
              run,
              room,
              sender: member,
            });
            const writer = { sender, dueAt: new Float64Array(KEPT) };
            writers[member] = writer;
            this.#writers.push(writer);
          }
          return client;
        });
      }
    }
    await openAll(opening, HANDSHAKES_AT_ONCE);
  }

  /** Each message has its time, whatever became of those before it. */
  async #send(): Promise<void> {
    const { perSecond, minutes } = this.#job;
    let next = 0;
    for (let minute = 1; minute <= minutes; minute++) {
      for (const end = this.#begun + minute * MINUTE_MS;;) {
        const now = performance.now();
        for (; this.#begun + (next * 1000) / perSecond <= Math.min(now, end); next++) this.#sendOne(next);
        if (now >= end) break;
        await wait(TICK_MS);
      }
      say({ minute, acknowledged: timesOf(this.#minute), deliveries: this.#deliveries, faults: this.#faults() });
      this.#minute.clear();
    }
  }

  #sendOne(number: number): void {
    const { sender, dueAt } = this.#writers[(number * STRIDE) % this.#writers.length]!;
    dueAt[(sender.count + 1) & (KEPT - 1)] = this.#begun + (number * 1000) / this.#job.perSecond;
    sender.send(1);
    this.#sent++;
  }

  #received(verifier: Verifier, writers: Writer[], member: number, scan: Scan): void {
    const now = performance.now();
    const { deliveries } = scan;
    for (let at = 0; at < deliveries.length; at += 3) {
      verifier.delivered(member, deliveries[at]!, deliveries[at + 1]!, deliveries[at + 2]!);
    }
    this.#deliveries += deliveries.length / 3;
    for (const counter of scan.acknowledged) {
      verifier.acknowledged(member, counter);
      this.#time(writers[member]!.dueAt[counter & (KEPT - 1)]!, now);
    }
    this.#acknowledged += scan.acknowledged.length;
    this.#refused += scan.refused.length;
  }

  #time(dueAt: number, now: number): void {
    const { minutes, comparedMinutes } = this.#job;
    const minute = (dueAt - this.#begun) / MINUTE_MS;
    this.#minute.add(now - dueAt);
    if (minute < comparedMinutes) this.#first.add(now - dueAt);
    if (minute >= minutes - comparedMinutes) this.#last.add(now - dueAt);
  }

  /** `lost`: deliveries of acknowledged messages that have not come; while people send, some are still under way. */
  #faults(): SoakFaults {
    const sum = (of: (verifier: Verifier) => number) =>
      this.#verifiers.reduce((total, verifier) => total + of(verifier), 0);
    return {
      lost: sum(({ lost }) => lost),
      doubled: sum(({ doubled }) => doubled),
      reordered: sum(({ reordered }) => reordered),
      gaps: sum(({ gaps }) => gaps),
      refused: this.#refused,
    };
  }
}

function timesOf(latencies: Latencies): Times {
  const { p50, p99, count } = latencies.summary();
  return { p50, p99, count };
}

const say = (line: SoakLine): void => console.log(JSON.stringify(line));
const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

// Ctrl-C reaches the whole group; whoever started this decides when it ends.
Deno.addSignalListener("SIGINT", () => {});
// deno-lint-ignore no-explicit-any -- node's and the Web's types of the same stream differ
const input = createInterface({ input: Readable.fromWeb(Deno.stdin.readable as any) });
input.once("close", () => Deno.exit(0));
input.once("line", (line) => {
  new Soak(JSON.parse(line)).run().catch((error) => say({ failed: (error as Error).message }));
});
