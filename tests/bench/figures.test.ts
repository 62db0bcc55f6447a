// Rounds are summed up as median and range, and ratios are of the same round.
import { expect, it } from "vitest";
import { type Outcome, sumUp } from "../../bench/figures.ts";

const outcome = (value: number | null): Outcome => ({
  values: { speed: value },
  cpu: { generator: 0.2, server: 0.9, postgres: 0.5 },
  faults: null,
});
const figure = { name: "speed", unit: "messages/s", atLeast: { of: "ratio", is: "≥", value: 5 }, aim: null } as const;

it("takes the median of each side and of the rounds' ratios", () => {
  const result = sumUp(figure, [
    { ours: outcome(100), peer: outcome(10) },
    { ours: outcome(300), peer: outcome(100) },
    { ours: outcome(200), peer: outcome(50) },
  ]);
  expect(result).toMatchObject({ ours: 200, peer: 50, ratio: 4, rounds: 3, reached: false });
  expect(result.range).toEqual({ ours: [100, 300], peer: [10, 100], ratio: [3, 10] });
});

it("leaves out a run that failed, and does not call a missing figure reached", () => {
  const result = sumUp(figure, [{ ours: outcome(null), peer: outcome(10) }, {
    ours: outcome(60),
    peer: outcome(null),
  }]);
  expect(result).toMatchObject({ ours: 60, peer: 10, ratio: null, reached: false });
});
