// Free space: below a watermark nothing is written any more, while reading goes on, until there is space again.
import { statfs } from "node:fs/promises";
import { CommandError } from "../../protocol/errors.ts";
import { background } from "../background.ts";
import type { Log } from "../log.ts";

const LOOK_EVERY_MS = 500;
/** After PostgreSQL said that its disk is full: then somebody's write finds out whether it still is. */
const FULL_FOR_MS = 1_000;
const RETRY_AFTER_SECONDS = 2;
/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const DISK_FULL = "53100";

export interface SpaceOptions {
  /** Bytes that are free for us; null where the disk is not ours to look at (a PostgreSQL elsewhere). */
  freeBytes: (() => Promise<number>) | null;
  /** Below this nothing is written; 0: however little there is. */
  minFreeBytes: number;
  now: () => number;
  log: Log;
}

export class SpaceGuard {
  readonly #options: SpaceOptions;
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  /** As last seen; null: not known. */
  freeBytes: number | null = null;
  #isBelow = false;
  #fullUntil = 0;

  private constructor(options: SpaceOptions) {
    this.#options = options;
    if (options.freeBytes === null) return;
    this.#timer = setInterval(() => background(this.look(), options.log, "look for free space"), LOOK_EVERY_MS);
  }

  /** Has looked once when it resolves. */
  static async start(options: SpaceOptions): Promise<SpaceGuard> {
    const guard = new SpaceGuard(options);
    await guard.look();
    return guard;
  }

  get isLow(): boolean {
    const leftMs = this.#fullUntil - this.#options.now();
    // more is left only where the clock was set back
    return this.#isBelow || leftMs > 0 && leftMs <= FULL_FOR_MS;
  }

  /** To be called before anything is written; throws `unavailable`. */
  requireSpace(): void {
    if (!this.isLow) return;
    throw new CommandError("unavailable", {
      detail: "The server is short of disk space: what is there can be read, and nothing can be written",
      retryAfter: RETRY_AFTER_SECONDS,
    });
  }

  /** Takes what a write failed with. The causes too: the store wraps what the driver threw. */
  failed(error: unknown): void {
    for (let at = error; at instanceof Error; at = at.cause) {
      if ((at as { code?: unknown }).code !== DISK_FULL) continue;
      if (!this.isLow) this.#options.log.error("PostgreSQL's disk is full: nothing is written until there is space");
      this.#fullUntil = this.#options.now() + FULL_FOR_MS;
      return;
    }
  }

  async look(): Promise<void> {
    const { freeBytes, minFreeBytes, log } = this.#options;
    if (freeBytes === null) return;
    this.freeBytes = await freeBytes();
    const isBelow = this.freeBytes < minFreeBytes;
    if (isBelow === this.#isBelow) return;
    this.#isBelow = isBelow;
    const megabytes = { freeMb: toMb(this.freeBytes), minFreeMb: toMb(minFreeBytes) };
    if (isBelow) log.error("Disk space is short: nothing is written until there is more", megabytes);
    else log.warn("There is disk space again: writing goes on", megabytes);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** What an ordinary user may still fill of the file system that holds `directory`, in bytes. */
export async function freeBytesOf(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

const toMb = (bytes: number): number => Math.floor(bytes / 2 ** 20);
