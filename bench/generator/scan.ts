// Finds in a server's bytes what counts (whose message, which one, its place, what is answered) without decoding them.
import type { Buffer } from "node:buffer";

const [QUOTE, BACKSLASH, COLON, COMMA, HASH] = [0x22, 0x5c, 0x3a, 0x2c, 0x23];
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x7b, 0x7d, 0x5b, 0x5d];
const MARK_LENGTH = 17;

type Key = readonly number[];
const keyOf = (name: string): Key => [...new TextEncoder().encode(name)];
const [REF, ERROR, SEQ, ID] = ["ref", "error", "seq", "id"].map(keyOf) as [Key, Key, Key, Key];

/** From here on a `ref` is not that of a sent message: its answer is kept whole, in {@link Scan.other}. */
export const WHOLE_REF = 90_000_000;

/** How a body begins: `#` sender `:` the sender's own number of the message `#`. */
export function mark(sender: number | string, counter: number | string): string {
  return `#${String(sender).padStart(6, "0")}:${String(counter).padStart(8, "0")}#`;
}

/** What one frame holds: flat arrays, filled anew for each, so that nothing is allocated. */
export class Scan {
  /** Three numbers a delivery: sender, counter, and the server's number of the message. */
  deliveries: number[] = [];
  /** Counters of sends that succeeded. */
  acknowledged: number[] = [];
  /** Counters of sends that failed, and the first failure as it came. */
  refused: number[] = [];
  refusal: string | null = null;
  /** Something that is neither: a greeting, a heartbeat, a reply to something else; as it came. */
  other: string[] = [];

  clear(): void {
    this.deliveries.length =
      this.acknowledged.length =
      this.refused.length =
      this.other.length =
        0;
    this.refusal = null;
  }
}

/** The parts of a JSON value that matter here. */
interface Part {
  /** Behind the last byte of the value. */
  end: number;
  /** -1: no marked body in it. */
  sender: number;
  counter: number;
  /** The server's number of the message: the value of its key. */
  number: number;
  /** The value of a top key `ref`; -1 where there is none. */
  ref: number;
  /** It has a top key `error`. */
  error: boolean;
}

/** Reads the object or array that begins at `start`. One part is used again and again: read it before the next call. */
function readPart(bytes: Buffer, start: number, limit: number, numberKey: Key): Part {
  part.sender = part.counter = part.ref = -1;
  part.number = 0;
  part.error = false;
  let depth = 0;
  for (let at = start; at < limit; at++) {
    const byte = bytes[at]!;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (--depth === 0) {
        part.end = at + 1;
        return part;
      }
    } else if (byte === QUOTE) {
      const text = at + 1;
      at = text;
      while (bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
      readString(bytes, text, at, depth, numberKey);
    }
  }
  throw new Error(
    `Cannot read a frame: it ends within a value: ${bytes.toString("latin1", start, Math.min(limit, start + 200))}`,
  );
}

const part: Part = { end: 0, sender: -1, counter: -1, number: 0, ref: -1, error: false };

function readString(bytes: Buffer, start: number, end: number, depth: number, numberKey: Key): void {
  if (bytes[start] === HASH && end - start >= MARK_LENGTH && bytes[start + 7] === COLON) {
    part.sender = digits(bytes, start + 1);
    part.counter = digits(bytes, start + 8);
  } else if (bytes[end + 1] === COLON) {
    if (isKey(bytes, start, end, numberKey)) part.number = digits(bytes, end + 2);
    else if (depth === 1 && isKey(bytes, start, end, REF)) part.ref = digits(bytes, end + 3);
    else if (depth === 1 && isKey(bytes, start, end, ERROR)) part.error = true;
  }
}

function isKey(bytes: Buffer, start: number, end: number, key: Key): boolean {
  if (end - start !== key.length) return false;
  for (let at = 0; at < key.length; at++) if (bytes[start + at] !== key[at]) return false;
  return true;
}

/** The whole number that stands at `at`. */
function digits(bytes: Buffer, at: number): number {
  let value = 0;
  for (;; at++) {
    const digit = bytes[at]! - 0x30;
    if (!(digit >= 0 && digit <= 9)) return value;
    value = value * 10 + digit;
  }
}

/** Chautari: a JSON array of replies and events. */
export function scanChautari(bytes: Buffer, start: number, end: number, into: Scan): void {
  let at = start + 1;
  while (at < end - 1) {
    const { end: next, sender, counter, number, ref, error } = readPart(bytes, at, end, SEQ);
    if (ref >= WHOLE_REF) into.other.push(bytes.toString("utf8", at, next));
    else if (ref > 0 && error) {
      into.refused.push(ref);
      into.refusal ??= bytes.toString("utf8", at, next);
    } else if (ref > 0 && sender >= 0) into.acknowledged.push(ref);
    else if (sender >= 0) into.deliveries.push(sender, counter, number);
    else into.other.push(bytes.toString("utf8", at, next));
    at = bytes[next] === COMMA ? next + 1 : next;
  }
}

/** Socket.IO over Engine.IO 4: `42["event",…]` an event, `43<id>[…]` an acknowledgement, anything else is other. */
export function scanSocketIo(bytes: Buffer, start: number, end: number, into: Scan): void {
  const isMessage = bytes[start] === 0x34;
  const kind = isMessage ? bytes[start + 1]! - 0x30 : -1;
  if (kind === 2) {
    const { sender, counter, number } = readPart(bytes, start + 2, end, ID);
    if (sender >= 0) into.deliveries.push(sender, counter, number);
    else into.other.push(bytes.toString("utf8", start, end));
  } else if (kind === 3) {
    const id = digits(bytes, start + 2);
    if (id >= WHOLE_REF) {
      into.other.push(bytes.toString("utf8", start, end));
      return;
    }
    let at = start + 2;
    while (bytes[at] !== OPEN_BRACKET) at++;
    const { sender } = readPart(bytes, at, end, ID);
    if (sender >= 0) into.acknowledged.push(id);
    else {
      into.refused.push(id);
      into.refusal ??= bytes.toString("utf8", start, end);
    }
  } else into.other.push(bytes.toString("utf8", start, end));
}
