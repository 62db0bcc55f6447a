// Values that others follow: who has read one is told when it is another.

/** How a value is read, and what it was when it was read last. */
type Reading = Map<() => unknown, unknown>;

let reading: Reading | null = null;
const checks = new Set<() => void>();

/** What is held in a cell, or follows from it: `peek` gives the same object for as long as nothing has changed. */
export class Readable<Value> {
  /** Reads it, and leaves it at that. */
  readonly peek: () => Value;

  constructor(peek: () => Value) {
    this.peek = peek;
  }

  /** Reads it, and is told when it changes. */
  get value(): Value {
    const value = this.peek();
    reading?.set(this.peek, value);
    return value;
  }
}

export class Cell<Value> extends Readable<Value> {
  #now: Value;

  constructor(now: Value) {
    super(() => this.#now);
    this.#now = now;
  }

  override get value(): Value {
    return super.value;
  }

  override set value(next: Value) {
    if (next === this.#now) return;
    this.#now = next;
    for (const check of checks) check();
  }
}

/** Told as soon as something that it has read is another. */
export class Follower {
  readonly #reading: Reading = new Map();
  readonly #onChange: () => void;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** Begins to read, and forgets what it read before; until the next one begins. */
  read(): void {
    this.#reading.clear();
    reading = this.#reading;
  }

  /** Also told of what has changed since it was read. Gives back the way to stop. */
  start(): () => void {
    const check = () => {
      for (const [peek, was] of this.#reading) if (peek() !== was) return this.#onChange();
    };
    checks.add(check);
    check();
    return () => void checks.delete(check);
  }
}

/** Runs at once, and again whenever something that it has read is another; gives back the way to stop. */
export function watch(run: () => void): () => void {
  const again = () => {
    const outer = reading;
    follower.read();
    try {
      run();
    } finally {
      reading = outer;
    }
  };
  const follower = new Follower(again);
  again();
  return follower.start();
}
