// Which rows of a long log are drawn, and the heights of those that are not.
import { describe, expect, it } from "vitest";
import { nextRange, ROW_ESTIMATE_PX, RowHeights, ROWS_MAX } from "../../client/state/row_window.ts";

const NOTHING = { from: 0, to: 0 };
const LONG = { from: 1, to: 100_001 };

describe("the range of rows that are drawn", () => {
  it("holds what is in view and some beyond, never more than the limit, whatever is loaded", () => {
    for (const from of [1, 2, 500, 99_990]) {
      for (const rows of [1, 12, 60, 200]) {
        const range = nextRange(NOTHING, { from, to: from + rows }, LONG);
        expect(range.to - range.from).toBeLessThanOrEqual(ROWS_MAX);
        expect(range.from).toBeLessThanOrEqual(from);
        expect(range.to).toBeGreaterThanOrEqual(Math.min(from + Math.min(rows, ROWS_MAX), LONG.to));
        expect(range.from).toBeGreaterThanOrEqual(LONG.from);
        expect(range.to).toBeLessThanOrEqual(LONG.to);
      }
    }
  });

  it("stays as it is while what is in view is well inside, and moves when it is not", () => {
    const range = nextRange(NOTHING, { from: 500, to: 520 }, LONG);
    expect(nextRange(range, { from: 505, to: 525 }, LONG)).toBe(range);
    const moved = nextRange(range, { from: 512, to: 532 }, LONG);
    expect(moved.to).toBeGreaterThan(range.to);
    expect(nextRange(moved, { from: 512, to: 532 }, LONG)).toBe(moved);
  });

  it("is settled after one step: what it gives will do for the same view", () => {
    for (let from = -20; from < 140; from += 7) {
      for (let rows = 0; rows < 120; rows += 9) {
        const view = { from, to: from + rows };
        const range = nextRange(NOTHING, view, { from: 1, to: 101 });
        expect(nextRange(range, view, { from: 1, to: 101 })).toBe(range);
      }
    }
  });

  it("is hardly more than what is in view where somebody waits for it, and grows afterwards", () => {
    const view = { from: 500, to: 520 };
    const hurried = nextRange(NOTHING, view, LONG, true);
    expect(hurried.to - hurried.from).toBeLessThan(26);
    expect(nextRange(hurried, view, LONG, true)).toBe(hurried);
    const rest = nextRange(hurried, view, LONG);
    expect(rest.to - rest.from).toBeGreaterThan(40);
  });

  it("stays with the same rows when older pages come before them", () => {
    const range = nextRange(NOTHING, { from: 60, to: 80 }, { from: 51, to: 101 });
    const after = nextRange(range, { from: 60, to: 80 }, { from: 1, to: 101 });
    expect(after.to).toBe(range.to);
    expect(after.from).toBeLessThanOrEqual(range.from);
  });

  it("draws nothing beyond the ends when rows go", () => {
    const range = nextRange(NOTHING, { from: 80, to: 101 }, { from: 51, to: 101 });
    expect(nextRange(range, { from: 80, to: 101 }, { from: 51, to: 90 }).to).toBe(90);
    expect(nextRange(range, { from: 80, to: 101 }, { from: 1, to: 1 })).toEqual({ from: 1, to: 1 });
  });
});

describe("the heights of rows", () => {
  const plain = (heights: RowHeights, from: number, to: number) => {
    let sum = 0;
    for (let pos = from; pos < to; pos++) sum += heights.get(pos);
    return sum;
  };

  it("are estimated until they are measured, and the last measure counts", () => {
    const heights = new RowHeights();
    expect(heights.sum(1, 11)).toBe(10 * ROW_ESTIMATE_PX);
    heights.set(5, 100);
    heights.set(5, 30);
    expect(heights.get(5)).toBe(30);
    expect(heights.sum(1, 11)).toBe(9 * ROW_ESTIMATE_PX + 30);
  });

  it("add up over any stretch", () => {
    const heights = new RowHeights();
    for (let pos = 1; pos < 2000; pos += 3) heights.set(pos, 20 + (pos * 7919) % 200);
    for (const [from, to] of [[1, 2], [1, 256], [255, 257], [256, 512], [100, 1900], [1, 3000]] as const) {
      expect(heights.sum(from, to)).toBeCloseTo(plain(heights, from, to), 3);
    }
  });

  it("tell which row lies at a height", () => {
    const heights = new RowHeights();
    for (let pos = 1; pos < 2000; pos += 3) heights.set(pos, 20 + (pos * 7919) % 200);
    for (const from of [1, 255, 256, 700]) {
      for (let pos = from; pos < 2500; pos += 61) {
        const top = heights.sum(from, pos);
        expect(heights.at(from, top + 1)).toBe(pos);
        expect(heights.at(from, top + heights.get(pos) - 1)).toBe(pos);
      }
    }
    expect(heights.at(300, 0)).toBe(300);
  });

  it("of a million rows cost little", () => {
    const heights = new RowHeights();
    heights.set(999_999, 10);
    expect(heights.sum(1, 1_000_001)).toBeCloseTo(1_000_000 * ROW_ESTIMATE_PX - ROW_ESTIMATE_PX + 10, 0);
  });
});
