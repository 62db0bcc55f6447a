// Recovery: rooms that do not know any more what is committed look again by themselves, as soon as the store answers.

export interface Lost {
  /** Looks again; rejects while the store does not answer. */
  lookAgain(): Promise<void>;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

/** One for the node: however many rooms are lost, a store that is down is asked by one of them at a time. */
export class Recovery {
  readonly #lost = new Set<Lost>();
  #waitMs = FIRST_WAIT_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking = false;
  #stopped = false;

  add(room: Lost): void {
    if (this.#stopped) return;
    this.#lost.add(room);
    this.#wait();
  }

  /** The room has found out by itself: the store answers. */
  remove(room: Lost): void {
    this.#waitMs = FIRST_WAIT_MS;
    this.#lost.delete(room);
    if (this.#lost.size === 0) this.#clear();
  }

  has(room: Lost): boolean {
    return this.#lost.has(room);
  }

  /** From now on nobody is asked any more. */
  stop(): void {
    this.#stopped = true;
    this.#lost.clear();
    this.#clear();
  }

  #clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wait(): void {
    if (this.#looking || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#look();
    }, this.#waitMs);
  }

  /** One room finds out whether the store answers; then all the others look too. */
  async #look(): Promise<void> {
    this.#looking = true;
    const [first, ...others] = this.#lost;
    if (await this.#ask(first!)) {
      this.#waitMs = FIRST_WAIT_MS;
      await Promise.all(others.map((room) => this.#ask(room)));
    } else {
      this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS);
    }
    this.#looking = false;
    if (this.#lost.size > 0) this.#wait();
  }

  async #ask(room: Lost): Promise<boolean> {
    // Out while it looks: if it is lost once more meanwhile, it comes in again, at the end.
    this.#lost.delete(room);
    try {
      await room.lookAgain();
      return true;
    } catch {
      this.add(room);
      return false;
    }
  }
}
