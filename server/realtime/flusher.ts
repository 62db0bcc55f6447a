// The flusher: all connections that were handed something in this turn of the event loop send it in one go at its end.

export class Flusher {
  #waiting: { flush(): void }[] = [];
  #done: Promise<void> | null = null;

  /** Asks for a flush of `one` at the end of this turn; ask once until it was flushed. */
  add(one: { flush(): void }): void {
    this.#waiting.push(one);
    void this.flushed();
  }

  /** Resolves when everything that waits now has been flushed. */
  flushed(): Promise<void> {
    return this.#done ??= new Promise((resolve) =>
      setImmediate(() => {
        const waiting = this.#waiting;
        this.#waiting = [];
        this.#done = null;
        for (const one of waiting) one.flush();
        resolve();
      })
    );
  }
}
