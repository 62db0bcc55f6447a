// The pace of a large room: after each broadcast it rests a little, so that what comes meanwhile goes out together.

/**
 * Handing a frame to one receiver costs the node about half of this, most of it in the system's write call; so a room takes
 * at most about a third of a core for it, however much is said, and a message waits 20 ms at most among a thousand.
 */
const REST_PER_RECEIVER_MS = 0.02;
/** Timers count whole milliseconds: rooms of less than fifty do not rest. */
const REST_MIN_MS = 1;

export class Pace {
  #restUntil = 0;

  /** A broadcast has been handed to so many. */
  handed(receivers: number): void {
    this.#restUntil = performance.now() + receivers * REST_PER_RECEIVER_MS;
  }

  /** Resolves when the room has rested: at once when its last broadcast was long enough ago, or went to few. */
  async rested(): Promise<void> {
    const ms = this.#restUntil - performance.now();
    if (ms >= REST_MIN_MS) await new Promise((done) => setTimeout(done, ms));
  }
}
