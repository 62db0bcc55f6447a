// What the program counts of itself, in plain numbers: counting costs an addition, and it is told only when somebody asks.

/** How values are spread: how many were at most each bound, and their sum, as a Prometheus histogram tells it. */
export class Spread {
  readonly bounds: readonly number[];
  /** Values up to each bound and above the one before; the last are above all bounds. */
  readonly counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  add(value: number): void {
    let at = 0;
    while (at < this.bounds.length && value > this.bounds[at]!) at++;
    this.counts[at]!++;
    this.sum += value;
  }
}

/** A count for each of a few known words. */
export class CountBy<Word extends string> {
  readonly counts = new Map<Word, number>();

  add(word: Word): void {
    this.counts.set(word, (this.counts.get(word) ?? 0) + 1);
  }

  of(word: Word): number {
    return this.counts.get(word) ?? 0;
  }
}

/** One for the process, as a scrape sees it. No label holds anything of a person or a conversation. */
export const tally = {
  frames: 0,
  /** Events handed to connections. */
  deliveries: 0,
  /** Connections that the server closed, by the reason of protocol/close_codes.ts. */
  closed: new CountBy<string>(),
  /** Sockets that were refused before the upgrade, by the code of protocol/errors.ts. */
  turnedAway: new CountBy<string>(),
  /** Commands that failed, by the code of protocol/errors.ts. */
  refused: new CountBy<string>(),
  /** Where what a client had missed came from; `reset`: it could not be given. */
  resumes: new CountBy<"ring" | "backfill" | "reset" | "gone">(),
  /** Answers over HTTP, by the first digit of their status. */
  requests: new CountBy<string>(),
  commitMessages: new Spread([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]),
  commitSeconds: new Spread([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]),
  eventLoopDelaySeconds: new Spread([0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]),
};

const LOOK_EVERY_MS = 500;

/** Measures how late the event loop comes to what is due (Deno's monitorEventLoopDelay measures nothing). Returns how to stop. */
export function watchEventLoop(): () => void {
  let due = performance.now() + LOOK_EVERY_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    tally.eventLoopDelaySeconds.add(Math.max(0, now - due) / 1000);
    due = now + LOOK_EVERY_MS;
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
