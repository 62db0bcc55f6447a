// A map from a key to a set of values; a key without values is not there.

const NONE: ReadonlySet<never> = new Set();

export class MultiMap<Key, Value> {
  readonly #sets = new Map<Key, Set<Value>>();
  #size = 0;

  /** How many values there are in all. */
  get size(): number {
    return this.#size;
  }

  get(key: Key): ReadonlySet<Value> {
    return this.#sets.get(key) ?? NONE;
  }

  add(key: Key, value: Value): void {
    const set = this.#sets.get(key) ?? new Set();
    if (set.has(value)) return;
    this.#sets.set(key, set.add(value));
    this.#size++;
  }

  delete(key: Key, value: Value): void {
    const set = this.#sets.get(key);
    if (!set?.delete(value)) return;
    this.#size--;
    if (set.size === 0) this.#sets.delete(key);
  }

  *values(): Iterable<Value> {
    for (const set of this.#sets.values()) yield* set;
  }
}
