// How often a key may do something: the generic cell rate algorithm (ITU-T I.371), one number a key and no timers.

export interface RateLimitOptions {
  /** This many… */
  count: number;
  /** …in this many milliseconds, on average. */
  perMs: number;
  /** How many may come at once after a rest; `count` when not given. */
  burst?: number;
  /** Milliseconds. */
  now: () => number;
  /** Above about twice this many keys the longest untouched are forgotten early: bounded memory before exactness. */
  maxKeys?: number;
}

export class RateLimit {
  readonly #intervalMs: number;
  readonly #toleranceMs: number;
  readonly #burst: number;
  readonly #now: () => number;
  readonly #maxKeys: number;
  // When each key will be at rest again. A key untouched for a whole generation is at rest, so dropping it changes nothing.
  #young = new Map<string, number>();
  #old = new Map<string, number>();
  #turnedAt: number;

  constructor({ count, perMs, burst = count, now, maxKeys = 50_000 }: RateLimitOptions) {
    this.#intervalMs = perMs / count;
    this.#toleranceMs = this.#intervalMs * burst;
    this.#burst = burst;
    this.#now = now;
    this.#maxKeys = maxKeys;
    this.#turnedAt = now();
  }

  /** Takes `cost` from what the key has left. 0: allowed; else nothing is taken, and it makes sense to wait so many ms. */
  take(key: string, cost = 1): number {
    if (cost > this.#burst) {
      throw new RangeError(`Cannot take ${cost}: at most ${this.#burst} can ever be taken at once`);
    }
    const now = this.#now();
    this.#turn(now);
    const restedAt = this.#restedAt(key, now) + cost * this.#intervalMs;
    const excessMs = restedAt - now - this.#toleranceMs;
    // a thousandth of a millisecond forgives the rounding of perMs / count
    if (excessMs > 0.001) return Math.ceil(excessMs);
    this.#young.set(key, restedAt);
    return 0;
  }

  /** Undoes a `take` that turned out not to count. */
  giveBack(key: string, cost = 1): void {
    const now = this.#now();
    this.#turn(now);
    this.#young.set(key, this.#restedAt(key, now) - cost * this.#intervalMs);
  }

  /** The key starts anew. */
  forget(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  /** A time that `take` cannot have written by this clock was written before the clock was set back: the key is at rest. */
  #restedAt(key: string, now: number): number {
    const kept = this.#young.get(key) ?? this.#old.get(key) ?? now;
    return kept > now + this.#toleranceMs + 1 ? now : Math.max(now, kept);
  }

  #turn(now: number): void {
    const over = now - this.#turnedAt;
    if (over < this.#toleranceMs && this.#young.size < this.#maxKeys) return;
    this.#old = over < 2 * this.#toleranceMs ? this.#young : new Map();
    this.#young = new Map();
    this.#turnedAt = now;
  }
}

/** What an address is counted by: IPv4 whole, IPv6 by its /64, which is the least that one customer gets (RFC 6177). */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  if (!address.includes(":")) return address;
  const [head, tail] = address.toLowerCase().split("%")[0]!.split("::") as [string, string?];
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  while (tail !== undefined && groups.length + rest.length < 8) groups.push("0");
  return [...groups, ...rest].slice(0, 4).map((group) => group.replace(/^0+(?=.)/, "")).join(":") + "::/64";
}
