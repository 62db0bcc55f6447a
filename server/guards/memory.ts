// Memory: above a watermark the slowest readers are cut first, and no new sockets are taken.
import os from "node:os";
import process from "node:process";
import type { Log } from "../log.ts";
import type { Connection } from "../realtime/connection.ts";

const LOOK_EVERY_MS = 1_000;
/** A reader who has less than this waiting is not slow. */
const SLOW_BYTES = 64 * 1024;
/** Of what the machine or its container has, where the owner names no limit. */
const SHARE = 0.8;

export interface MemoryOptions {
  maxBytes: number;
  connections: () => Iterable<Pick<Connection, "backlogBytes" | "close">>;
  log: Log;
  /** What the process holds, in bytes. */
  usedBytes?: () => number;
}

/**
 * Only slow readers are cut: an idle socket holds a few kilobytes, and would come back at once. Who is cut resumes from
 * its cursors.
 */
export class MemoryGuard {
  readonly #options: MemoryOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  isHigh = false;

  constructor(options: MemoryOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  look(): void {
    const { maxBytes, connections, log, usedBytes = () => Deno.memoryUsage().rss } = this.#options;
    const used = usedBytes();
    const wasHigh = this.isHigh;
    this.isHigh = used > maxBytes;
    if (!this.isHigh) {
      if (wasHigh) log.warn("Memory is below its limit again: new sockets are taken");
      return;
    }
    const slow = [...connections()].filter(({ backlogBytes }) => backlogBytes > SLOW_BYTES)
      .sort((a, b) => b.backlogBytes - a.backlogBytes);
    let cut = 0;
    for (let excess = used - maxBytes; excess > 0 && cut < slow.length; cut++) {
      excess -= slow[cut]!.backlogBytes;
      slow[cut]!.close("slow");
    }
    if (!wasHigh || cut > 0) {
      const megabytes = { usedMb: Math.round(used / 2 ** 20), maxMb: Math.round(maxBytes / 2 ** 20) };
      log.warn("Memory is above its limit: no new sockets are taken, slow readers are cut", { ...megabytes, cut });
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** Four fifths of the machine's memory, or of its container's where that is less; in bytes. */
export function defaultMaxBytes(): number {
  const machine = os.totalmem();
  return SHARE * Math.min(machine, process.constrainedMemory() || machine);
}
