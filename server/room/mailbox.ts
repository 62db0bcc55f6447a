// A mailbox: one turn at a time, in the order they were asked for; a failed turn never blocks the next.

export class Mailbox {
  #tail: Promise<unknown> = Promise.resolve();
  #turns = 0;

  /** Turns that wait or run. */
  get size(): number {
    return this.#turns;
  }

  /** Runs `turn` after every turn asked for before it; settles as it does. */
  enter<T>(turn: () => Promise<T>): Promise<T> {
    this.#turns++;
    const result = this.#tail.then(turn).finally(() => this.#turns--);
    this.#tail = result.catch(() => {});
    return result;
  }
}
