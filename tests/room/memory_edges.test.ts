// What a room keeps in memory, at its edges: how much the ring holds, and who shares a read.
import { expect, it } from "vitest";
import type { Message } from "../../protocol/models.ts";
import { Backfill } from "../../server/room/backfill.ts";
import { Ring } from "../../server/room/ring.ts";

/** A ring keeps this many characters when it forgets, and forgets beyond twice as many. */
const KEPT = 64 * 1024;

/** Messages 1, 2, … whose JSON has these many characters. */
function ringOf(...chars: number[]): Ring {
  const ring = new Ring({ seq: 0, version: 0 });
  chars.forEach((length, index) =>
    ring.push({ message: { seq: index + 1, version: index + 1 } as Message, json: "x".repeat(length) })
  );
  return ring;
}
const after = (ring: Ring, at: number) => ring.after({ seq: at, version: at })?.map(({ message }) => message.seq);

it("[R2] a ring forgets nothing until it holds more than twice what it keeps", () => {
  expect(after(ringOf(KEPT, KEPT), 0)).toEqual([1, 2]);
  expect(after(ringOf(KEPT, KEPT, 1), 0)).toBeUndefined();
});

it("[R2] a ring keeps the newest, as many as fit, and goes on until it is full again", () => {
  expect(after(ringOf(60_000, 60_000, 60_000), 1)).toBeUndefined();
  expect(after(ringOf(60_000, 60_000, 60_000), 2)).toEqual([3]);
  expect(after(ringOf(70_000, KEPT - 6_000, 6_000), 0)).toBeUndefined();
  expect(after(ringOf(70_000, KEPT - 6_000, 6_000), 1)).toEqual([2, 3]);
  expect(after(ringOf(70_000, KEPT - 6_000, 6_000, 30_000), 1)).toEqual([2, 3, 4]);
  expect(after(ringOf(70_000, KEPT - 6_000, 6_000, KEPT + 1), 2)).toBeUndefined();
});

it("[R2] a ring gives the one change that is larger than all it keeps to nobody, and goes on", () => {
  expect(after(ringOf(3 * KEPT), 0)).toBeUndefined();
  expect(after(ringOf(3 * KEPT, 5), 1)).toEqual([2]);
});

it("[R2] those who ask in the same turn share one read", async () => {
  let reads = 0;
  const backfill = new Backfill((cursor) => {
    reads++;
    return Promise.resolve({ messages: [], isWhole: true, last: cursor });
  });
  await Promise.all([1, 2, 3].map((seq) => backfill.since({ seq, version: seq })));
  expect(reads).toBe(1);
});
