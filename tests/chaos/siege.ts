// A siege: the real program, honest people on it, and a measure of what an attack does to its memory and to their messages.
import { HonestPeople } from "./honest.ts";
import { Random } from "./random.ts";
import { RawSocket } from "./raw_socket.ts";
import { Site, type Visitor } from "./site.ts";
import { pause } from "./waiting.ts";

const SAMPLE_MS = 50;
const CALM_MS = 2_000;
/** Each may hold so and so many connections. */
export const ATTACKERS = 10;

export interface Report {
  name: string;
  /** How many frames, messages or requests the attack was made of. */
  tried: number;
  /** Most that the server's own memory grew by, in MiB, over the most that it was before. */
  growthMiB: number;
  p99BeforeMs: number;
  p99DuringMs: number;
  /** Messages of honest people that the second figure is of. */
  honestMessages: number;
  /** What should not have happened. */
  faults: string[];
}

/** What an attack did: how much, and what came of it that should not have. */
export type Outcome = Pick<Report, "tried" | "faults">;

export function reportLine(report: Report): string {
  const { name, tried, growthMiB, p99BeforeMs, p99DuringMs, honestMessages, faults } = report;
  return `${name}: ${tried} tried, memory +${growthMiB.toFixed(1)} MiB, others' p99 ${p99BeforeMs.toFixed(1)} → ` +
    `${p99DuringMs.toFixed(1)} ms (${honestMessages} messages), ${faults.length} faults`;
}

export class Siege {
  readonly site: Site;
  readonly attackers: Visitor[];
  readonly random: Random;
  readonly #honest: HonestPeople;

  private constructor(site: Site, honest: HonestPeople, attackers: Visitor[], seed: number) {
    this.site = site;
    this.attackers = attackers;
    this.random = new Random(seed);
    this.#honest = honest;
  }

  /** Starts the program with honest people on it. */
  static async begin(seed: number): Promise<Siege> {
    const site = await Site.start();
    try {
      const honest = await HonestPeople.start(site);
      const names = Array.from({ length: ATTACKERS }, (_, index) => `attacker-${index}`);
      return new Siege(site, honest, await Promise.all(names.map((name) => site.visitor(name))), seed);
    } catch (error) {
      await site.stop();
      throw error;
    }
  }

  async end(): Promise<void> {
    await this.#honest.stop();
    await this.site.stop();
  }

  /** A socket of one of the attackers; waits where they hold as many as they may. */
  async upgrade(): Promise<RawSocket> {
    for (;;) {
      try {
        return await RawSocket.upgrade(this.site.url, this.random.pick(this.attackers).token);
      } catch (error) {
        if (!/ 429 /.test((error as Error).message)) throw error;
        await pause(SAMPLE_MS);
      }
    }
  }

  /** Runs an attack after `calm`, with which it is compared. */
  async measure(name: string, attack: () => Promise<Outcome>, calm = () => pause(CALM_MS)): Promise<Report> {
    const calmFrom = Date.now();
    const baselineMiB = (await this.#peakDuring(calm)).peakMiB;
    const from = Date.now();
    const logged = this.site.output.length;
    const troubles = this.#honest.troubles.length;
    const { result, peakMiB } = await this.#peakDuring(attack);
    const until = Date.now();
    // what was sent in the last moment counts once it has arrived
    await pause(SAMPLE_MS);
    const before = this.#honest.p99(calmFrom, from);
    const during = this.#honest.p99(from, until);
    const errors = this.site.errorsSince(logged);
    const cut = this.#honest.troubles.slice(troubles).map((line) => `an honest person's socket: ${line}`);
    return {
      name,
      tried: result.tried,
      growthMiB: peakMiB - baselineMiB,
      p99BeforeMs: before.ms,
      p99DuringMs: during.ms,
      honestMessages: during.count,
      faults: [...result.faults, ...errors, ...cut],
    };
  }

  async #peakDuring<T>(work: () => Promise<T>): Promise<{ result: T; peakMiB: number }> {
    let peakMiB = await this.#memoryMiB();
    const look = async () => {
      peakMiB = Math.max(peakMiB, await this.#memoryMiB());
    };
    // a server that is gone shows in the attack's own outcome
    const sampling = setInterval(() => look().catch(() => {}), SAMPLE_MS);
    try {
      const result = await work();
      await look();
      return { result, peakMiB };
    } finally {
      clearInterval(sampling);
    }
  }

  /** What the server alone holds in memory: its heap and buffers, not the runtime's own text (proc_pid_smaps(5)). */
  async #memoryMiB(): Promise<number> {
    const text = await Deno.readTextFile(`/proc/${this.site.pid}/smaps_rollup`);
    return Number(/^Anonymous: +(\d+) kB$/m.exec(text)![1]) / 1024;
  }
}
