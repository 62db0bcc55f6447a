// Honest people beside an attack: how long their messages take, before and during it.
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Site } from "./site.ts";

const PAIRS = 12;
/** Until so many have gone through, the server's code is still being compiled and its memory still grows by itself. */
const WARM_MESSAGES = 600;

export class HonestPeople {
  /** What went wrong with their connections; should stay empty. */
  readonly troubles: string[] = [];
  readonly #samples: { when: number; ms: number }[] = [];
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #warm = Promise.withResolvers<void>();

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#input = child.stdin.getWriter();
    // deno-lint-ignore no-explicit-any -- node's and the Web's types of the same stream differ
    createInterface({ input: Readable.fromWeb(child.stdout as any) }).on("line", (line) => {
      const [when, ms] = line.split(" ").map(Number);
      if (Number.isNaN(when)) this.troubles.push(line);
      else if (this.#samples.push({ when: when!, ms: ms! }) === WARM_MESSAGES) this.#warm.resolve();
    });
  }

  /** Makes the people known, and lets them talk until `stop`. Resolves when the server has warmed up. */
  static async start(site: Site): Promise<HonestPeople> {
    const pairs = await Promise.all(Array.from({ length: PAIRS }, async (_, index) => {
      const people = await Promise.all([site.visitor(`honest-${index}-a`), site.visitor(`honest-${index}-b`)]);
      return { conversationId: await site.createDirect(...people), tokens: people.map(({ token }) => token) };
    }));
    const script = new URL("honest_process.ts", import.meta.url).pathname;
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", script],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const people = new HonestPeople(child);
    await people.#input.write(new TextEncoder().encode(`${JSON.stringify({ url: site.url, pairs })}
`));
    await people.#warm.promise;
    return people;
  }

  /** 99 of 100 messages sent between two times (milliseconds since 1970) took at most this many milliseconds. */
  p99(from: number, to: number): { ms: number; count: number } {
    const times = this.#samples.filter(({ when }) => when >= from && when <= to).map(({ ms }) => ms).sort((a, b) =>
      a - b
    );
    return { ms: times[Math.ceil(times.length * 0.99) - 1] ?? Infinity, count: times.length };
  }

  async stop(): Promise<void> {
    await this.#input.close();
    await this.#child.status;
  }
}
