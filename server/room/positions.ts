// Read and delivered positions of one room: many in a short time are written and told together.
import { POSITIONS_EVERY_MS } from "../../protocol/limits.ts";
import type { Position } from "../../protocol/models.ts";

/** Where somebody wants their positions to be; a position that is left out stays. */
export interface Moved {
  readSeq?: number;
  deliveredSeq?: number;
}

interface Waiting {
  position: Position;
  answers: { resolve: (position: Position | undefined) => void; reject: (error: unknown) => void }[];
}

export class Positions {
  readonly #write: (wanted: Position[]) => Promise<Position[]>;
  readonly #tell: (positions: Position[]) => void;
  #waiting = new Map<string, Waiting>();
  #untold = new Map<string, Position>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `write` commits positions and returns those of the people who are in the room; `tell` broadcasts what has moved. */
  constructor(write: (wanted: Position[]) => Promise<Position[]>, tell: (positions: Position[]) => void) {
    this.#write = write;
    this.#tell = tell;
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0 && this.#untold.size === 0;
  }

  /** Resolves with the positions as committed; undefined: not in the room. */
  move(userId: string, { readSeq = 0, deliveredSeq = 0 }: Moved): Promise<Position | undefined> {
    return new Promise((resolve, reject) => {
      const isFirst = this.#waiting.size === 0;
      const waiting = this.#waiting.get(userId) ?? {
        position: { userId, lastReadSeq: 0, lastDeliveredSeq: 0 },
        answers: [],
      };
      const { position } = waiting;
      position.lastReadSeq = Math.max(position.lastReadSeq, readSeq);
      position.lastDeliveredSeq = Math.max(position.lastDeliveredSeq, deliveredSeq, readSeq);
      waiting.answers.push({ resolve, reject });
      this.#waiting.set(userId, waiting);
      if (isFirst) queueMicrotask(() => void this.#flush());
    });
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    try {
      const positions = await this.#write([...waiting.values()].map((one) => one.position));
      for (const position of positions) {
        this.#untold.set(position.userId, position);
        for (const { resolve } of waiting.get(position.userId)!.answers) resolve(position);
        waiting.delete(position.userId);
      }
      for (const { answers } of waiting.values()) for (const { resolve } of answers) resolve(undefined);
      this.#timer ??= this.#untold.size > 0 ? setTimeout(() => this.#tellAll(), POSITIONS_EVERY_MS) : undefined;
    } catch (error) {
      for (const { answers } of waiting.values()) for (const { reject } of answers) reject(error);
    }
  }

  #tellAll(): void {
    this.#timer = undefined;
    const positions = [...this.#untold.values()];
    this.#untold.clear();
    this.#tell(positions);
  }
}
