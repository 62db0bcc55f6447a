// Holds: events of conversations that are being synced wait here, so that what was missed comes before what is new [R3].
import { Batch } from "../room/subscriber.ts";

export class Holds {
  /** Syncs of one conversation may overlap: it is held until the last of them is answered. */
  readonly #held = new Map<string, { syncs: number; batches: Batch[] }>();

  hold(conversationIds: string[]): void {
    for (const id of conversationIds) {
      const held = this.#held.get(id) ?? { syncs: 0, batches: [] };
      held.syncs++;
      this.#held.set(id, held);
    }
  }

  /** Keeps a batch if its conversation is held. */
  take(batch: Batch): boolean {
    const held = batch.conversationId === null ? undefined : this.#held.get(batch.conversationId);
    held?.batches.push(batch);
    return held !== undefined;
  }

  /** What may go now, without what an answer that reached these versions held already. */
  release(reached: Map<string, number>): Batch[] {
    return [...reached].flatMap(([id, version]) => {
      const held = this.#held.get(id);
      if (held === undefined) return [];
      held.batches = held.batches.flatMap((batch) => newerThan(batch, version));
      if (--held.syncs > 0) return [];
      this.#held.delete(id);
      return held.batches;
    });
  }
}

function newerThan(batch: Batch, version: number): Batch[] {
  const events = batch.events.filter((event) => event.version === null || event.version > version);
  if (events.length === batch.events.length) return [batch];
  return events.length === 0 ? [] : [new Batch(batch.conversationId, events)];
}
