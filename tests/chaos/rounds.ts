// Rounds: one fault after another strikes the real program under load; then the ledger is held against the log.
import { MessagePage } from "../../protocol/rest.ts";
import type { Message } from "../../protocol/models.ts";
import { Changes } from "./changes.ts";
import { ChaosClient } from "./client.ts";
import type { Fault, Scene } from "./faults/fault.ts";
import { Ledger } from "./ledger.ts";
import { Random } from "./random.ts";
import { Site, type Visitor } from "./site.ts";
import { pause } from "./waiting.ts";

const CLIENTS = 20;
const DIRECTS = 5;
const GROUP_SIZES = [3, 4, 6, 8, 12];
/** Most pipeline; the others send one at a time, as the page does. */
const WINDOWS = [8, 8, 3, 1];
/** Sooner than the page, so that a connection that is dead without a word does not hold up a round. */
const QUIET_MS = 2_000;
const RECOVERY_PATIENCE_MS = 90_000;
const DELIVERY_PATIENCE_MS = 10_000;
const PAGE_ROWS = 100;
/** Beyond this a run shows nothing new. */
const VIOLATIONS_MAX = 20;

const TEXTS = [
  "Is it still there?",
  "नमस्ते! कति हो?",
  "ठिक छ, भोलि आउँछु।",
  "👍",
  "x".repeat(900),
  "a\nb",
  "'; --",
  "शब्द ".repeat(60),
];

interface Place {
  id: string;
  members: ChaosClient[];
}

export interface RoundsOptions {
  fault: Fault;
  rounds: number;
  seed: number;
  /** Told of each round. */
  progress?: (line: string) => void;
}

export interface Verdict {
  fault: string;
  rounds: number;
  ledger: Ledger;
  /** Sends without an answer when the fault struck, and how many of those turned out to be committed: the answer was lost. */
  underWay: number;
  answersLost: number;
  worstRecoveryMs: number;
  /** The fault's own figures, in words. */
  figures: string;
  seconds: number;
}

/** Runs rounds until they are over or too much went wrong. Starts the program, and stops it at the end. */
export async function runRounds({ fault, rounds, seed, progress = () => {} }: RoundsOptions): Promise<Verdict> {
  const begun = performance.now();
  const run = await Run.start(fault, seed);
  let worstRecoveryMs = 0;
  let round = 0;
  try {
    while (round < rounds && run.ledger.violations.length < VIOLATIONS_MAX) {
      const { what, recoveryMs } = await run.round(round);
      round++;
      if (recoveryMs === null) break;
      worstRecoveryMs = Math.max(worstRecoveryMs, recoveryMs);
      progress(
        `round ${round}: ${what}, recovered in ${Math.round(recoveryMs)} ms, ` +
          `${run.ledger.acknowledged} acknowledged, ${run.ledger.violations.length} violations`,
      );
    }
    if (run.ledger.count("stuck") === 0) await run.readAllAgain();
  } finally {
    await run.stop();
  }
  const { ledger, underWay, answersLost } = run;
  const seconds = (performance.now() - begun) / 1000;
  const figures = fault.figures?.() ?? "";
  return { fault: fault.name, rounds: round, ledger, underWay, answersLost, worstRecoveryMs, figures, seconds };
}

export function verdictLine(verdict: Verdict): string {
  const { fault, rounds, ledger, underWay, answersLost, worstRecoveryMs, figures, seconds } = verdict;
  const counts = (["lost", "doubled", "reordered", "leaked"] as const).map((one) => `${one} ${ledger.count(one)}`);
  const other = (["altered", "missed", "refused", "stuck", "slow"] as const).map((one) =>
    `${one} ${ledger.count(one)}`
  );
  return [
    `${fault}: ${rounds} rounds, ${ledger.acknowledged} acknowledged, ${counts.join(", ")} (${other.join(", ")}, ` +
    `overtaken while refused ${ledger.overtaken})`,
    `${underWay} under way when it struck, ${answersLost} of them committed`,
    ...(figures === "" ? [] : [figures]),
    `worst recovery ${Math.round(worstRecoveryMs)} ms`,
    `${Math.round(seconds)} s`,
  ].join(", ");
}

class Run {
  readonly ledger = new Ledger();
  underWay = 0;
  answersLost = 0;
  readonly #site: Site;
  readonly #random: Random;
  readonly #changes = new Changes();
  #clients: ChaosClient[] = [];
  #visitors = new Map<string, Visitor>();
  #places: Place[] = [];
  #running: Promise<void>[] = [];
  #failedStarts = 0;
  readonly #fault: Fault;

  private constructor(fault: Fault, site: Site, seed: number) {
    this.#fault = fault;
    this.#site = site;
    this.#random = new Random(seed);
  }

  static async start(fault: Fault, seed: number): Promise<Run> {
    const options = await fault.prepare?.();
    const site = await Site.start(options).catch(async (error) => {
      await fault.end?.();
      throw error;
    });
    const run = new Run(fault, site, seed);
    try {
      await run.#populate();
    } catch (error) {
      await run.stop();
      throw error;
    }
    return run;
  }

  /** One fault under load. `recoveryMs`: until everybody was back and had nothing left to send; null: never. */
  async round(number: number): Promise<{ what: string; recoveryMs: number | null }> {
    for (let wave = this.#random.between(1, 3); wave > 0; wave--) {
      this.#writeWave();
      await pause(this.#random.between(0, 40));
    }
    this.#writeWave();
    // the wave takes some tens of milliseconds to be committed and broadcast: the fault strikes anywhere within
    await pause(this.#random.fraction() * 30);
    const struckAt = performance.now();
    const struckAtTime = new Date().toISOString();
    const underWay = this.#clients.flatMap((client) => client.underWay);
    const what = await this.#fault.strike(this.#scene(), number);
    for (const failure of this.#site.failedStarts.slice(this.#failedStarts)) this.ledger.report("stuck", failure);
    this.#failedStarts = this.#site.failedStarts.length;
    this.#writeWave();
    await pause(this.#random.between(0, 60));
    this.#writeWave();
    if (!await this.#changes.until(() => this.#clients.every((client) => client.isSettled), RECOVERY_PATIENCE_MS)) {
      this.#reportStuck(what);
      return { what, recoveryMs: null };
    }
    const recoveryMs = performance.now() - struckAt;
    this.underWay += underWay.length;
    this.answersLost += underWay.filter(({ acknowledged }) => acknowledged!.createdAt < struckAtTime).length;
    await this.#awaitDeliveries();
    await this.#check();
    return { what, recoveryMs };
  }

  #scene(): Scene {
    return {
      site: this.#site,
      random: this.#random,
      ledger: this.ledger,
      clients: this.#clients,
      write: () => this.#writeWave(),
      read: async () => {
        const [{ id, members }] = this.#places as [Place];
        const token = await this.#tokenOf(members[0]!);
        return await this.#site.ask(token, "GET", `/api/messages/conversations/${id}/messages`);
      },
      probe: async () => {
        const [{ id, members }] = this.#places as [Place];
        const token = await this.#tokenOf(members[0]!);
        // an edit of what is not there: refused for want of space before it is looked for
        return await this.#site.ask(token, "DELETE", `/api/messages/conversations/${id}/messages/999999999`);
      },
    };
  }

  /** The whole log of each conversation by a participant, and the refusal of somebody who is none. */
  async readAllAgain(): Promise<void> {
    for (const { id, members } of this.#places) {
      this.ledger.readAgain(id, await this.#readLog(id, this.#random.pick(members), 0));
      const stranger = this.#random.pick(this.#clients.filter((client) => !members.includes(client)));
      const token = await this.#tokenOf(stranger);
      const { status } = await this.#site.ask(token, "GET", `/api/messages/conversations/${id}/messages`);
      if (status !== 404) this.ledger.report("leaked", `a stranger who asks for ${id} gets ${status}`);
    }
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.stop();
    await Promise.all(this.#running);
    await this.#site.stop();
    await this.#fault.end?.();
  }

  async #populate(): Promise<void> {
    const names = Array.from({ length: CLIENTS }, (_, index) => `client-${index + 1}`);
    const visitors = await Promise.all(names.map((name) => this.#site.visitor(name)));
    this.#visitors = new Map(visitors.map((visitor) => [visitor.userId, visitor]));
    // everybody is in one direct conversation at most, so that each has strangers; the circles overlap
    const circles = new Map<string, Visitor[]>();
    const paired = this.#random.sample(visitors, 2 * DIRECTS);
    for (let index = 0; index < DIRECTS; index++) {
      const pair = paired.slice(2 * index, 2 * index + 2) as [Visitor, Visitor];
      circles.set(await this.#site.createDirect(...pair), pair);
    }
    for (const size of GROUP_SIZES) {
      const [creator, ...others] = this.#random.sample(visitors, size) as [Visitor, ...Visitor[]];
      circles.set(await this.#site.createGroup(creator, `Group of ${size}`, others), [creator, ...others]);
    }
    const url = await this.#fault.entrance?.(this.#site) ?? this.#site.url;
    this.#clients = visitors.map((visitor, index) => this.#client({ url, visitor, index, circles }));
    for (const [id, members] of circles) {
      const ids = members.map(({ userId }) => userId);
      this.ledger.addConversation(id, ids);
      this.#places.push({ id, members: this.#clients.filter(({ userId }) => ids.includes(userId)) });
    }
    this.#running = this.#clients.map((client) => client.run());
    await this.#changes.until(() => this.#clients.every((client) => client.isConnected), RECOVERY_PATIENCE_MS);
    await this.#check();
  }

  #client(
    { url, visitor, index, circles }: { url: string; visitor: Visitor; index: number; circles: Map<string, Visitor[]> },
  ): ChaosClient {
    const { patienceMs, endsTokens } = this.#fault;
    return new ChaosClient({
      url,
      visitor,
      conversationIds: [...circles].filter(([, members]) => members.includes(visitor)).map(([id]) => id),
      window: WINDOWS[index % WINDOWS.length]!,
      quietMs: QUIET_MS,
      ...(patienceMs && { patienceMs: patienceMs[index % patienceMs.length]! }),
      ...(endsTokens && { signIn: () => this.#site.signIn(visitor) }),
      onChange: this.#changes.changed,
      onRefusal: (what) => this.ledger.report("refused", what),
    });
  }

  #tokenOf({ userId }: ChaosClient): Promise<string> {
    return this.#site.tokenOf(this.#visitors.get(userId)!);
  }

  /** Everybody writes a few messages at once, into conversations of theirs. */
  #writeWave(): void {
    for (const client of this.#clients) {
      const own = this.#places.filter(({ members }) => members.includes(client));
      if (own.length === 0) continue;
      for (let count = this.#random.between(0, 5); count > 0; count--) this.#write(client, this.#random.pick(own).id);
    }
  }

  #write(client: ChaosClient, conversationId: string): string {
    const sent = client.write(conversationId, this.#random.pick(TEXTS));
    this.ledger.add(sent);
    return sent.clientId;
  }

  /**
   * A last message in each conversation: every participant's connection must bring it, and with it all before it. One
   * that ends meanwhile need not: a sync must, and `#check` looks.
   */
  async #awaitDeliveries(): Promise<void> {
    await Promise.all(this.#places.map(async ({ id, members }) => {
      const clientId = this.#write(this.#random.pick(members), id);
      const late = pause(DELIVERY_PATIENCE_MS).then(() => false);
      await Promise.all(members.map(async (member) => {
        const socket = member.sockets.at(-1)!;
        const arrived = socket.event("message", ({ message }) => message.clientId === clientId).then(() => true);
        if (!await Promise.race([arrived, socket.closed.then(() => true), late])) {
          this.ledger.report("missed", `${member.userId} did not receive ${clientId} in ${id}`);
        }
      }));
    }));
    const settled = () => this.#clients.every((client) => client.isSettled);
    if (!await this.#changes.until(settled, DELIVERY_PATIENCE_MS)) this.#reportStuck("nothing");
  }

  async #check(): Promise<void> {
    await Promise.all(this.#places.map(async ({ id, members }) => {
      const reader = this.#random.pick(members);
      this.ledger.readLog(id, await this.#readLog(id, reader, this.ledger.lastSeq(id)));
    }));
    this.ledger.endRound();
    const isComplete = ({ id, members }: Place) =>
      members.every(({ replica }) => replica.completeTo(id) >= this.ledger.lastSeq(id));
    if (!await this.#changes.until(() => this.#places.every(isComplete), DELIVERY_PATIENCE_MS)) this.#reportMissing();
    for (const client of this.#clients) {
      this.ledger.checkReplica(client.userId, client.replica.unchecked);
      client.replica.unchecked = [];
      for (const { events } of client.sockets) {
        this.ledger.checkReceived({ userId: client.userId, events });
        events.length = 0;
      }
      for (const { frames } of client.sockets) frames.length = 0;
      client.forgetChecked();
    }
  }

  async #readLog(id: string, reader: ChaosClient, from: number): Promise<Message[]> {
    const token = await this.#tokenOf(reader);
    const messages: Message[] = [];
    for (;;) {
      const after = messages.at(-1)?.seq ?? from;
      const path = `/api/messages/conversations/${id}/messages?after=${after}&limit=${PAGE_ROWS}`;
      const page = MessagePage.parse(await this.#site.request(token, "GET", path));
      messages.push(...page.messages);
      if (!page.hasAfter) return messages;
    }
  }

  #reportMissing(): void {
    for (const { id, members } of this.#places) {
      for (const { userId, replica } of members) {
        const last = this.ledger.lastSeq(id);
        const complete = replica.completeTo(id);
        if (complete < last) this.ledger.report("missed", `${userId} lacks seq ${complete + 1} of ${last} in ${id}`);
      }
    }
  }

  #reportStuck(what: string): void {
    const stuck = this.#clients.filter((client) => !client.isSettled).map((client) => ({
      userId: client.userId,
      connected: client.isConnected,
      waiting: client.waiting.slice(0, 3),
    }));
    this.ledger.report(
      "stuck",
      `after ${what}: ${JSON.stringify(stuck)}\n${this.#site.output.slice(-20).join("\n")}`,
    );
  }
}
