// Positions of one room: what is asked for in one turn is one write; what has moved is told once.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { POSITIONS_EVERY_MS } from "../../protocol/limits.ts";
import type { Position } from "../../protocol/models.ts";
import { Positions } from "../../server/room/positions.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Keeps positions as the store does: forward only, for members only. */
function kept(...members: string[]) {
  const places = new Map(members.map((userId) => [userId, { userId, lastReadSeq: 0, lastDeliveredSeq: 0 }]));
  const writes: Position[][] = [];
  const told: Position[][] = [];
  const write = (wanted: Position[]) => {
    writes.push(wanted.map((one) => ({ ...one })));
    return Promise.resolve(wanted.flatMap((one) => {
      const place = places.get(one.userId);
      if (!place) return [];
      place.lastReadSeq = Math.max(place.lastReadSeq, one.lastReadSeq);
      place.lastDeliveredSeq = Math.max(place.lastDeliveredSeq, one.lastDeliveredSeq);
      return [{ ...place }];
    }));
  };
  return { writes, told, positions: new Positions(write, (moved) => told.push(moved)) };
}

it("[P3] several moves in one turn are one write, and several writes in a short time are told once, as they are then", async () => {
  const { writes, told, positions } = kept("sita", "ram");
  const first = await Promise.all([
    positions.move("sita", { readSeq: 2 }),
    positions.move("sita", { readSeq: 5 }),
    positions.move("ram", { deliveredSeq: 3 }),
    positions.move("stranger", { readSeq: 1 }),
  ]);
  expect(writes).toHaveLength(1);
  expect(first.map((one) => one?.lastReadSeq)).toEqual([5, 5, 0, undefined]);
  await positions.move("sita", { readSeq: 7 });
  expect(told).toEqual([]);
  vi.advanceTimersByTime(POSITIONS_EVERY_MS);
  expect(told).toEqual([[
    { userId: "sita", lastReadSeq: 7, lastDeliveredSeq: 7 },
    { userId: "ram", lastReadSeq: 0, lastDeliveredSeq: 3 },
  ]]);
  expect(positions.isIdle).toBe(true);
});

it("[P4] a write that fails is told to who asked, and the next one goes through", async () => {
  let broken = true;
  const good = { userId: "sita", lastReadSeq: 1, lastDeliveredSeq: 1 };
  const positions = new Positions(() => broken ? Promise.reject(new Error("gone")) : Promise.resolve([good]), () => {});
  await expect(positions.move("sita", { readSeq: 1 })).rejects.toThrow("gone");
  broken = false;
  expect(await positions.move("sita", { readSeq: 1 })).toEqual(good);
});
