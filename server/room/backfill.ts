// Reading what was missed from the store: while one read runs, those who ask for the same conversation gather and share the next.
import type { Cursor } from "../../protocol/models.ts";
import type { Changes } from "../store/messages.ts";

interface Asker {
  cursor: Cursor;
  resolve: (changes: Changes) => void;
  reject: (error: unknown) => void;
}

export class Backfill {
  readonly #read: (cursor: Cursor) => Promise<Changes>;
  #askers: Asker[] = [];
  #reading = false;

  constructor(read: (cursor: Cursor) => Promise<Changes>) {
    this.#read = read;
  }

  get isIdle(): boolean {
    return !this.#reading && this.#askers.length === 0;
  }

  since(cursor: Cursor): Promise<Changes> {
    return new Promise((resolve, reject) => {
      this.#askers.push({ cursor, resolve, reject });
      if (!this.#reading) void this.#next();
    });
  }

  /** One read from the smallest cursor serves them all: each takes what is new to them. */
  async #next(): Promise<void> {
    this.#reading = true;
    // Those who ask in the same turn of the event loop go together.
    await Promise.resolve();
    while (this.#askers.length > 0) {
      const askers = this.#askers.splice(0);
      const from = {
        seq: Math.min(...askers.map(({ cursor }) => cursor.seq)),
        version: Math.min(...askers.map(({ cursor }) => cursor.version)),
      };
      try {
        const { messages, ...rest } = await this.#read(from);
        for (const { cursor, resolve } of askers) {
          const isNew = ({ seq, version }: Cursor) => seq > cursor.seq || version > cursor.version;
          resolve({ messages: messages.filter(isNew), ...rest });
        }
      } catch (error) {
        for (const { reject } of askers) reject(error);
      }
    }
    this.#reading = false;
  }
}
