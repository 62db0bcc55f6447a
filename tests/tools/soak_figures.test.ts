// The slope that a soak tells of memory.
import { expect, it } from "vitest";
import { type Sample, slopeMbPerHour } from "../../tools/soak_figures.ts";

const samples = (count: number, megabytes: (hours: number) => number): Sample[] =>
  Array.from({ length: count }, (_, index) => ({ hours: index / 60, megabytes: megabytes(index / 60) }));

it("is that of the second half alone: a server that warms up does not grow", () => {
  expect(slopeMbPerHour(samples(60, (hours) => Math.min(hours, 0.4) * 500))).toBeCloseTo(0);
});

it("finds what grows steadily, through what goes up and down", () => {
  const slope = slopeMbPerHour(samples(60, (hours) => 100 + 12 * hours + (Math.round(hours * 60) % 2 === 0 ? 3 : -3)));
  expect(slope).toBeGreaterThan(10);
  expect(slope).toBeLessThan(14);
});

it("is not a number where there is nothing to compare", () => {
  expect(slopeMbPerHour(samples(1, () => 100))).toBeNaN();
});
