// A client's frame built and masked once; for each message only the bytes that differ are written anew.
import { Buffer } from "node:buffer";

/** Any will do but zero, which a server may skip unmasking for. */
const MASK = [0x37, 0xfa, 0x21, 0x3d] as const;

/** `text` as one masked text frame (RFC 6455 §5.2). ASCII, at most 64 KiB. */
export function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text, "latin1");
  const long = payload.length > 125;
  const start = long ? 8 : 6;
  const frame = Buffer.alloc(start + payload.length);
  frame[0] = 0x81;
  frame[1] = 0x80 | (long ? 126 : payload.length);
  if (long) frame.writeUInt16BE(payload.length, 2);
  for (let at = 0; at < 4; at++) frame[start - 4 + at] = MASK[at]!;
  for (let at = 0; at < payload.length; at++) frame[start + at] = payload[at]! ^ MASK[at & 3]!;
  return frame;
}

export class Template {
  readonly #frame: Buffer;
  readonly #start: number;
  readonly #fields: { name: string; at: number; length: number }[] = [];

  /** Fields are marked `<name……>`: each takes as many characters as its mark has, brackets and dots included. */
  constructor(text: string) {
    this.#frame = maskedFrame(text);
    this.#start = text.length > 125 ? 8 : 6;
    for (const mark of text.matchAll(/<(\w+)\.*>/g)) {
      this.#fields.push({ name: mark[1]!, at: mark.index, length: mark[0].length });
    }
  }

  get length(): number {
    return this.#frame.length;
  }

  /** Puts the frame into `target` at `offset`, with these values; each has exactly the length of its mark. */
  write(values: Record<string, string>, target: Buffer, offset: number): void {
    this.#frame.copy(target, offset);
    for (const { name, at, length } of this.#fields) {
      const value = values[name]!;
      const start = offset + this.#start + at;
      for (let index = 0; index < length; index++) {
        target[start + index] = value.charCodeAt(index) ^ MASK[(at + index) & 3]!;
      }
    }
  }
}
