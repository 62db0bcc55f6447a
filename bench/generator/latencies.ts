// Latencies of one run, kept whole: percentiles are then exact, not of buckets.
import type { Latency } from "./job.ts";

export class Latencies {
  #values = new Float64Array(1 << 16);
  #count = 0;

  /** Milliseconds. */
  add(ms: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = ms;
  }

  clear(): void {
    this.#count = 0;
  }

  /** NaN where nothing was added: a run without a measurement must not look like a fast one. */
  summary(): Latency {
    const sorted = this.#values.slice(0, this.#count).sort();
    const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
    return { p50: at(0.5), p99: at(0.99), max: at(1), count: sorted.length };
  }
}
