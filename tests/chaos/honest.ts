// Honest people beside an attack: how long their messages take, before and during it.
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Site } from "./site.ts";

const PAIRS = 12;

export class HonestPeople {
  /** What went wrong with their connections; should stay empty. */
  readonly troubles: string[] = [];
  readonly #samples: { when: number; ms: number }[] = [];
  readonly #child: Deno.ChildProcess;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    // deno-lint-ignore no-explicit-any -- node's and the Web's types of the same stream differ
    createInterface({ input: Readable.fromWeb(child.stdout as any) }).on("line", (line) => {
      const [when, ms] = line.split(" ").map(Number);
      if (Number.isNaN(when)) this.troubles.push(line);
      else this.#samples.push({ when: when!, ms: ms! });
    });
  }

  /** Makes the people known, and lets them talk until `stop`. */
  static async start(site: Site): Promise<HonestPeople> {
    const pairs = await Promise.all(Array.from({ length: PAIRS }, async (_, index) => {
      const people = await Promise.all([site.visitor(`honest-${index}-a`), site.visitor(`honest-${index}-b`)]);
      return { conversationId: await site.createDirect(...people), tokens: people.map(({ token }) => token) };
    }));
    const script = new URL("honest_process.ts", import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", script, JSON.stringify({ url: site.url, pairs })],
      stdout: "piped",
    }).spawn();
    return new HonestPeople(child);
  }

  /** 99 of 100 messages sent between two times (milliseconds since 1970) took at most this many milliseconds. */
  p99(from: number, to: number): { ms: number; count: number } {
    const times = this.#samples.filter(({ when }) => when >= from && when <= to).map(({ ms }) => ms).sort((a, b) => a - b);
    return { ms: times[Math.ceil(times.length * 0.99) - 1] ?? Infinity, count: times.length };
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
  }
}
