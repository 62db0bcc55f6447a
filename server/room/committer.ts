// The committer: gathers what the rooms of this node have ready and writes it as one transaction (group commit, design D4).
import { CommandError } from "../../protocol/errors.ts";
import { tally } from "../metrics.ts";
import { StoreRefusal } from "../store/errors.ts";
import type { Append, Appended, MessageStore } from "../store/messages.ts";

/** While one commit runs the next batch gathers; two keep the disk busy while the other is being built. */
const IN_FLIGHT_MAX = 2;
const BATCH_MAX_MESSAGES = 1000;
/** Beyond this the store is too slow or gone: refuse at once rather than make people wait. */
const QUEUE_MAX_MESSAGES = 10_000;

export type CommitResult = Appended | { outcome: "refused" } | { outcome: "unavailable"; cause: unknown };

interface Waiting {
  batch: Append[];
  done: (results: CommitResult[]) => void;
}

export class Committer {
  readonly #messages: Pick<MessageStore, "append">;
  #queue: Waiting[] = [];
  #queued = 0;
  #inFlight = 0;

  constructor(messages: Pick<MessageStore, "append">) {
    this.#messages = messages;
  }

  /** Messages that wait; those being written are not among them. */
  get queued(): number {
    return this.#queued;
  }

  get isIdle(): boolean {
    return this.#inFlight === 0 && this.#queue.length === 0;
  }

  /**
   * Commits one room's batch, in its order; one result for each. Never rejects once queued: a message that PostgreSQL
   * refuses fails alone. A room has at most one batch here at a time, so its order holds.
   * Throws `unavailable` at once when the queue is full.
   */
  commit(batch: Append[]): Promise<CommitResult[]> {
    if (this.#queued + batch.length > QUEUE_MAX_MESSAGES) throw new CommandError("unavailable");
    return new Promise((done) => {
      this.#queue.push({ batch, done });
      this.#queued += batch.length;
      this.#next();
    });
  }

  #next(): void {
    while (this.#inFlight < IN_FLIGHT_MAX && this.#queue.length > 0) {
      this.#inFlight++;
      this.#write(this.#take()).finally(() => {
        this.#inFlight--;
        this.#next();
      });
    }
  }

  #take(): Waiting[] {
    let count = 0;
    let rooms = 0;
    for (const waiting of this.#queue) {
      if (rooms > 0 && count + waiting.batch.length > BATCH_MAX_MESSAGES) break;
      count += waiting.batch.length;
      rooms++;
    }
    this.#queued -= count;
    return this.#queue.splice(0, rooms);
  }

  async #write(group: Waiting[]): Promise<void> {
    const messages = group.flatMap((waiting) => waiting.batch);
    const begun = performance.now();
    const results = await this.#append(messages);
    tally.commitMessages.add(messages.length);
    tally.commitSeconds.add((performance.now() - begun) / 1000);
    let from = 0;
    for (const { batch, done } of group) done(results.slice(from, from += batch.length));
  }

  /** A batch that is refused is halved until the one that is to blame stands alone; the others go through. */
  async #append(batch: Append[]): Promise<CommitResult[]> {
    try {
      return await this.#messages.append(batch);
    } catch (error) {
      if (!(error instanceof StoreRefusal)) return batch.map(() => ({ outcome: "unavailable", cause: error }));
      if (batch.length === 1) return [{ outcome: "refused" }];
      const middle = batch.length >> 1;
      const first = await this.#append(batch.slice(0, middle));
      return [...first, ...await this.#append(batch.slice(middle))];
    }
  }
}
