// A room's recent changes, kept in memory: most who come back have missed only these.
import type { Cursor, Message } from "../../protocol/models.ts";

/** A message as it is after a change, and the same encoded. */
export interface Change {
  message: Message;
  json: string;
}

/** In characters of JSON: what a room keeps in memory is at most about twice this. */
const RING_MAX_CHARS = 64 * 1024;

export class Ring {
  /** By version, rising; at most one of each message: a text that was replaced or deleted must not come back. */
  #changes: Change[] = [];
  /** Every change beyond this, by version or by seq, is here. */
  #since: Cursor;
  #highestSeq: number;
  #chars = 0;

  constructor(since: Cursor) {
    this.#since = since;
    this.#highestSeq = since.seq;
  }

  push(change: Change): void {
    const { seq } = change.message;
    if (seq <= this.#highestSeq) this.#keep((known) => known.message.seq !== seq);
    this.#highestSeq = Math.max(this.#highestSeq, seq);
    this.#changes.push(change);
    this.#chars += change.json.length;
    if (this.#chars > RING_MAX_CHARS * 2) this.#forgetOldest();
  }

  /** What is beyond a cursor, by version; null when that is more than is known here. */
  after(cursor: Cursor): Change[] | null {
    if (cursor.version < this.#since.version || cursor.seq < this.#since.seq) return null;
    let from = this.#changes.length;
    while (from > 0 && isBeyond(this.#changes[from - 1]!.message, cursor)) from--;
    const newest = this.#changes.slice(from);
    // A cursor of half an answer may know versions above those of messages that it does not have yet.
    return [...this.#changes.slice(0, from).filter((change) => isBeyond(change.message, cursor)), ...newest];
  }

  #forgetOldest(): void {
    let chars = 0;
    let oldest = this.#changes.length;
    while (oldest > 1 && (chars += this.#changes[oldest - 1]!.json.length) <= RING_MAX_CHARS) oldest--;
    const forgotten = this.#changes.slice(0, oldest).map((change) => change.message);
    this.#since = {
      seq: Math.max(this.#since.seq, ...forgotten.map((message) => message.seq)),
      version: forgotten.at(-1)!.version,
    };
    this.#keep((known) => known.message.version > this.#since.version);
  }

  #keep(isKept: (change: Change) => boolean): void {
    this.#changes = this.#changes.filter(isKept);
    this.#chars = this.#changes.reduce((chars, known) => chars + known.json.length, 0);
  }
}

function isBeyond(message: Message, cursor: Cursor): boolean {
  return message.version > cursor.version || message.seq > cursor.seq;
}
