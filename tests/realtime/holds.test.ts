// Holds: what is held comes out once, in order, without what the answer held.
import { describe, expect, it } from "vitest";
import { Holds } from "../../server/realtime/holds.ts";
import { Batch } from "../../server/room/subscriber.ts";

const batch = (conversationId: string | null, ...versions: (number | null)[]) =>
  new Batch(conversationId, versions.map((version) => ({ version, json: `${version}` })));
const versions = (batches: Batch[]) => batches.flatMap((one) => one.events.map((event) => event.version));

describe("holds", () => {
  it("[R3] keeps only the conversations that are held, and lets go what is above the version that was reached", () => {
    const holds = new Holds();
    holds.hold(["a", "b"]);
    expect(holds.take(batch("c", 1))).toBe(false);
    expect(holds.take(batch(null, null))).toBe(false);
    for (const one of [batch("a", 4, 5), batch("a", null), batch("a", 6), batch("b", 1)]) {
      expect(holds.take(one)).toBe(true);
    }
    expect(versions(holds.release(new Map([["a", 5], ["b", 1]])))).toEqual([null, 6]);
    expect(holds.take(batch("a", 7))).toBe(false);
  });

  it("[R3] where syncs overlap, holds until the last is answered, and gives nothing that either of them held", () => {
    const holds = new Holds();
    holds.hold(["a"]);
    holds.take(batch("a", 4));
    holds.hold(["a"]);
    holds.take(batch("a", 5));
    expect(holds.release(new Map([["a", 4]]))).toEqual([]);
    expect(holds.take(batch("a", 6, 7))).toBe(true);
    expect(versions(holds.release(new Map([["a", 6]])))).toEqual([7]);
    expect(holds.take(batch("a", 8))).toBe(false);
  });

  it("[R3] a whole batch goes on as the one that others share", () => {
    const holds = new Holds();
    holds.hold(["a"]);
    const shared = batch("a", 4, 5);
    holds.take(shared);
    expect(holds.release(new Map([["a", 3]]))[0]).toBe(shared);
    expect(holds.release(new Map([["a", 3]]))).toEqual([]);
  });
});
