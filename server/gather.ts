// Gathering: many who ask the same kind of question in a short time are answered by one read.

export class Gather<Value> {
  readonly #read: (keys: string[]) => Promise<Map<string, Value>>;
  readonly #max: number;
  #waiting = new Map<string, PromiseWithResolvers<Value | undefined>>();
  #reading = false;

  /** `read` is asked for at most `max` keys at once, one read at a time. */
  constructor(read: (keys: string[]) => Promise<Map<string, Value>>, max: number) {
    this.#read = read;
    this.#max = max;
  }

  get(key: string): Promise<Value | undefined> {
    let waiting = this.#waiting.get(key);
    if (!waiting) this.#waiting.set(key, waiting = Promise.withResolvers());
    if (!this.#reading) void this.#next();
    return waiting.promise;
  }

  async #next(): Promise<void> {
    this.#reading = true;
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const asked = [...this.#waiting].slice(0, this.#max);
      for (const [key] of asked) this.#waiting.delete(key);
      try {
        const found = await this.#read(asked.map(([key]) => key));
        for (const [key, { resolve }] of asked) resolve(found.get(key));
      } catch (error) {
        for (const [, { reject }] of asked) reject(error);
      }
    }
    this.#reading = false;
  }
}
