// Who types in a room: begins, is renewed, and ends by itself when no more is heard.

export class Typing {
  readonly #ttlMs: number;
  readonly #tell: (userId: string, typing: boolean) => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(ttlMs: number, tell: (userId: string, typing: boolean) => void) {
    this.#ttlMs = ttlMs;
    this.#tell = tell;
  }

  get isIdle(): boolean {
    return this.#timers.size === 0;
  }

  get userIds(): string[] {
    return [...this.#timers.keys()];
  }

  start(userId: string): void {
    const running = this.#timers.get(userId);
    if (running === undefined) this.#tell(userId, true);
    else clearTimeout(running);
    this.#timers.set(userId, setTimeout(() => this.stop(userId), this.#ttlMs));
  }

  stop(userId: string): void {
    const running = this.#timers.get(userId);
    if (running === undefined) return;
    clearTimeout(running);
    this.#timers.delete(userId);
    this.#tell(userId, false);
  }
}
