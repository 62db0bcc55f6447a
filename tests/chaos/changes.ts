// Waiting for a condition over things that tell when they have changed.

interface Waiting {
  holds: () => boolean;
  done: () => void;
}

export class Changes {
  #waiting: Waiting[] = [];

  readonly changed = (): void => {
    this.#waiting = this.#waiting.filter(({ holds, done }) => !holds() || void done());
  };

  /** Resolves as soon as `holds()`: to whether it did within `ms`. */
  async until(holds: () => boolean, ms: number): Promise<boolean> {
    if (holds()) return true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<false>((done) => timer = setTimeout(() => done(false), ms));
    const held = new Promise<true>((done) => this.#waiting.push({ holds, done: () => done(true) }));
    const outcome = await Promise.race([held, late]);
    clearTimeout(timer);
    return outcome;
  }
}
