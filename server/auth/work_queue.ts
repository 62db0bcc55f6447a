// Costly work, so much of it at once, the rest in line, and a line of a bounded length.
import { CommandError } from "../../protocol/errors.ts";

export class WorkQueue {
  readonly #maxAtOnce: number;
  readonly #maxWaiting: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(maxAtOnce: number, maxWaiting: number) {
    this.#maxAtOnce = maxAtOnce;
    this.#maxWaiting = maxWaiting;
  }

  /** Throws unavailable, without running it, when too much is waiting. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#maxAtOnce) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= this.#maxWaiting) throw new CommandError("unavailable", { retryAfter: 5 });
    await new Promise<void>((resume) => this.#waiting.push(resume));
  }

  /** The place goes straight to the next in line, so that nobody slips in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running--;
  }
}
