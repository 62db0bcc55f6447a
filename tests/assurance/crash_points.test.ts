// The short form of two proofs: no call to the store is a place to crash at, and no event leaves a page with what is not so.
import { expect, it } from "vitest";
import { crashPoints } from "./crash_points.ts";
import { staleState } from "./stale_state.ts";

const report = () => {};

it("[S1] [S7] nothing is lost or doubled wherever the store or the server ends", async () => {
  const { tried, violations } = await crashPoints.run({ quick: true, report });
  expect(violations).toEqual([]);
  expect(tried).toBeGreaterThanOrEqual(300);
}, 120_000);

it("after each event a page holds what a fresh fetch gives", async () => {
  const { tried, violations } = await staleState.run({ quick: true, report });
  expect(violations).toEqual([]);
  expect(tried).toBeGreaterThanOrEqual(50);
}, 120_000);
