import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pace } from "../../server/room/pace.ts";

describe("the pace of a room", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function restMs(pace: Pace): Promise<number> {
    const begun = performance.now();
    const rested = pace.rested();
    await vi.runAllTimersAsync();
    await rested;
    return performance.now() - begun;
  }

  it("rests after a broadcast to many, in proportion to how many; not before the first", async () => {
    const pace = new Pace();
    expect(await restMs(pace)).toBe(0);
    pace.handed(1000);
    expect(await restMs(pace)).toBeCloseTo(20);
    pace.handed(5000);
    expect(await restMs(pace)).toBeCloseTo(100);
  });

  it("does not rest after a broadcast to few, nor when the last one was long ago", async () => {
    const pace = new Pace();
    pace.handed(49);
    expect(await restMs(pace)).toBe(0);
    pace.handed(1000);
    vi.advanceTimersByTime(20);
    expect(await restMs(pace)).toBe(0);
  });
});
