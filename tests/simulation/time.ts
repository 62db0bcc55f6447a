// Virtual time: timers, clocks and randomness of the whole process, in the order that a seed gives them and in no real time.
import { setImmediate as realImmediate } from "node:timers";
import { uuidv7 } from "../../protocol/uuid.ts";
import { Random } from "../chaos/random.ts";

interface Timer {
  at: number;
  /** Those of the same moment go in the order in which they were asked for. */
  order: number;
  run: (() => void) | null;
}

const START_MS = Date.parse("2026-01-01T00:00:00Z");
/** More than any world needs: one that goes round in circles ends here. */
const EVENTS_MAX = 400_000;

export class VirtualTime {
  readonly random: Random;
  #now = START_MS;
  #order = 0;
  #events = 0;
  readonly #heap: Timer[] = [];

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  get now(): number {
    return this.#now;
  }

  get events(): number {
    return this.#events;
  }

  after(ms: number, run: () => void): Timer {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, run };
    push(this.#heap, timer);
    return timer;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Runs what is due up to so many milliseconds from now; after each, all that follows from it without waiting. */
  async run(ms: number): Promise<void> {
    const until = this.#now + ms;
    await drained();
    for (let next = this.#heap[0]; next && next.at <= until; next = this.#heap[0]) {
      pop(this.#heap);
      if (next.run === null) continue;
      if (++this.#events > EVENTS_MAX) {
        throw new Error(`More than ${EVENTS_MAX} events: something goes round in circles`);
      }
      this.#now = next.at;
      next.run();
      await drained();
    }
    this.#now = until;
  }

  /** The process has this time and this randomness from here until it is disposed of. */
  install(): Disposable {
    const end: (() => void)[] = [];
    const set = (target: object, name: string, value: unknown) => {
      const before = Object.getOwnPropertyDescriptor(target, name);
      Object.defineProperty(target, name, { value, configurable: true, writable: true });
      end.push(() => before ? Object.defineProperty(target, name, before) : Reflect.deleteProperty(target, name));
    };
    const cancel = (timer?: Timer) => {
      if (timer) timer.run = null;
    };
    const every = (run: () => void, ms: number) => {
      const handle: Timer = { at: 0, order: 0, run };
      const next = () => {
        if (handle.run === null) return;
        handle.run();
        this.after(ms, next);
      };
      this.after(ms, next);
      return handle;
    };
    set(globalThis, "setTimeout", (run: () => void, ms = 0) => this.after(ms, run));
    set(globalThis, "setImmediate", (run: () => void) => this.after(0, run));
    set(globalThis, "setInterval", every);
    for (const name of ["clearTimeout", "clearImmediate", "clearInterval"]) set(globalThis, name, cancel);
    set(Date, "now", () => this.#now);
    set(Math, "random", () => this.random.fraction());
    set(crypto, "getRandomValues", (bytes: Uint8Array<ArrayBuffer>) => {
      for (let at = 0; at < bytes.length; at++) bytes[at] = this.random.between(0, 255);
      return bytes;
    });
    set(crypto, "randomUUID", () => uuidv7(this.#now));
    // A request that nobody answers ends by the simulated network, not by a timer of the system.
    set(AbortSignal, "timeout", () => NEVER);
    return { [Symbol.dispose]: () => end.reverse().forEach((undo) => undo()) };
  }
}

const NEVER = new AbortController().signal;

/** All promises that can settle without waiting have: nothing in a simulated world waits for anything real. */
function drained(): Promise<void> {
  return new Promise((resolve) => realImmediate(resolve));
}

const isBefore = (a: Timer, b: Timer) => a.at < b.at || a.at === b.at && a.order < b.order;

function push(heap: Timer[], timer: Timer): void {
  let at = heap.push(timer) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(timer, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
}
