// Time and chance, as the net takes them: real ones in the page, the test's own in a test.

export interface Clock {
  /** The wall clock in milliseconds. */
  now(): number;
  /** Runs `then` after so many milliseconds; the answer takes it back. */
  after(ms: number, then: () => void): () => void;
  /** 0 … 1 */
  random(): number;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after: (ms, then) => {
    const id = setTimeout(then, ms);
    return () => clearTimeout(id);
  },
  random: () => Math.random(),
};

/**
 * How long to wait before attempt `n` (0, 1, 2 …): doubling from half a second to half a minute, then half of it by
 * chance, so that a thousand pages that lost one server do not come back as one.
 */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(30_000, 500 * 2 ** Math.min(attempt, 10));
  return ceiling / 2 + random * ceiling / 2;
}
