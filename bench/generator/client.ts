// One connected person: comes in, sends, and hands on what the server's frames hold.
import { Buffer } from "node:buffer";
import type { Job } from "./job.ts";
import { type Protocol, PROTOCOLS } from "./protocols.ts";
import { Scan } from "./scan.ts";
import type { Template } from "./template.ts";
import { Wire } from "./wire.ts";

/**
 * Where a person connects from: many addresses of this machine, and others in each run, since a port that was just in
 * use cannot be had again at once and one address has only some 28,000. Elsewhere than on Linux there is one address.
 */
const NETWORK = 1 + Math.floor(Math.random() * 250);
const PEOPLE_PER_ADDRESS = 250;

function addressOf(person: number): string {
  const place = Math.floor(person / PEOPLE_PER_ADDRESS);
  return Deno.build.os === "linux" ? `127.${NETWORK}.${place >> 8}.${(place & 255) + 1}` : "127.0.0.1";
}

/** How many frames of a room may be on their way to its members at one time, more or less. */
const FRAMES_KEPT = 16;

/** The latest frames of one room: most members get the same bytes, and equal bytes need no second look. */
export class SeenFrames {
  readonly #frames: { bytes: Buffer; length: number; scan: Scan }[] = [];
  #oldest = 0;

  read(scan: Protocol["scan"], bytes: Buffer, start: number, end: number): Scan {
    const length = end - start;
    for (const frame of this.#frames) {
      if (frame.length === length && frame.bytes.subarray(0, length).equals(bytes.subarray(start, end))) {
        return frame.scan;
      }
    }
    const frame = this.#next();
    // Unknown until it is read to its end.
    frame.length = -1;
    frame.scan.clear();
    scan(bytes, start, end, frame.scan);
    if (frame.bytes.length < length) frame.bytes = Buffer.alloc(length * 2);
    bytes.copy(frame.bytes, 0, start, end);
    frame.length = length;
    return frame.scan;
  }

  #next() {
    if (this.#frames.length < FRAMES_KEPT) {
      const frame = { bytes: Buffer.alloc(1024), length: -1, scan: new Scan() };
      this.#frames.push(frame);
      return frame;
    }
    this.#oldest = (this.#oldest + 1) % FRAMES_KEPT;
    return this.#frames[this.#oldest]!;
  }
}

export interface ClientOptions {
  job: Pick<Job, "protocol" | "port">;
  person: number;
  /** Made beforehand: signing is not what is measured. */
  token: string;
  seen: SeenFrames;
  /** Called for each frame. The scan is gone when it returns. */
  received(scan: Scan): void;
  /** The connection of a person who was in is gone. */
  failed(why: Error): void;
}

export class Client {
  /** Resolves when the server has let the person in; rejects when it has not. */
  readonly ready: Promise<void>;
  readonly #wire: Wire;

  constructor({ job, person, token, seen, received, failed }: ClientOptions) {
    const protocol = PROTOCOLS[job.protocol];
    const ready = Promise.withResolvers<void>();
    this.ready = ready.promise;
    let isIn = false;
    this.#wire = new Wire({
      port: job.port,
      path: protocol.path,
      from: addressOf(person),
      headers: protocol.headers(token),
      opened: () => {},
      received: (bytes, start, end) => {
        const scan = seen.read(protocol.scan, bytes, start, end);
        for (const other of scan.other) {
          const answer = protocol.answer(other, token);
          if (answer) this.#wire.write(answer);
          if (isIn || !protocol.isWelcome(other)) continue;
          isIn = true;
          ready.resolve();
        }
        received(scan);
      },
      failed: (why) => {
        if (isIn) failed(new Error(`the connection of person ${person} was lost: ${why}`));
        else ready.reject(new Error(`person ${person} was not let in: ${why}`));
      },
    });
  }

  write(frames: Buffer): void {
    this.#wire.write(frames);
  }

  close(): void {
    this.#wire.close();
  }
}

/** Opens connections, `atOnce` of them under way at any time; resolves when all are in. */
export async function openAll(opening: (() => Client)[], atOnce: number): Promise<void> {
  let next = 0;
  const oneAfterTheOther = async () => {
    while (next < opening.length) await opening[next++]!().ready;
  };
  await Promise.all(Array.from({ length: atOnce }, oneAfterTheOther));
}

/** Sets the client ids of one run apart from those of every other. */
export const newRun = (): number => Math.floor(Math.random() * 2 ** 24);

/** Sends numbered messages of one person to one conversation. */
export class Sender {
  readonly #template: Template;
  readonly #client: Client;
  readonly #clientIdEnd: string;
  /** How many were sent. */
  count = 0;

  constructor(client: Client, template: Template, unique: { run: number; room: number; sender: number }) {
    this.#client = client;
    this.#template = template;
    const { run, room, sender } = unique;
    this.#clientIdEnd = `-7${hex(run >>> 12, 3)}-8${hex(run, 3)}-${hex(room, 3)}${hex(sender, 4)}`;
  }

  /** Sends `times` messages in one write. */
  send(times: number): void {
    const { length } = this.#template;
    const frames = Buffer.allocUnsafe(length * times);
    const time = hex(Date.now(), 12);
    const clientIdStart = `${time.slice(0, 8)}-${time.slice(8)}${this.#clientIdEnd}`;
    for (let index = 0; index < times; index++) {
      const count = String(++this.count).padStart(8, "0");
      this.#template.write(
        { ref: count, count, client: clientIdStart + hex(this.count, 5) },
        frames,
        index * length,
      );
    }
    this.#client.write(frames);
  }
}

/** The lowest `length` hexadecimal digits. */
function hex(value: number, length: number): string {
  return value.toString(16).padStart(length, "0").slice(-length);
}
