// No regular expression of the product can be made to run for ever.
import { expect, it } from "vitest";
import { regexes } from "./regexes.ts";

it("no regular expression backtracks without end", { timeout: 300_000 }, async () => {
  const { tried, violations } = await regexes.run({ quick: true, report: () => {} });
  expect(violations).toEqual([]);
  expect(tried).toBeGreaterThan(50);
});
