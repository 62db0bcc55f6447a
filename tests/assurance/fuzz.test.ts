// The short form of the fuzz: nothing that is sent to the server may break it.
import { describe, expect, it } from "vitest";
import { fuzzFrames } from "./fuzz_frames.ts";
import { fuzzRequests } from "./fuzz_requests.ts";

const report = () => {};

describe("the server stays up, answers and keeps its head", { timeout: 180_000 }, () => {
  it("whatever frames it is sent", async () => {
    const { tried, violations } = await fuzzFrames.run({ quick: true, report });
    expect(violations).toEqual([]);
    expect(tried).toBeGreaterThanOrEqual(20_000);
  });

  it("whatever requests it is sent", async () => {
    const { tried, violations } = await fuzzRequests.run({ quick: true, report });
    expect(violations).toEqual([]);
    expect(tried).toBeGreaterThanOrEqual(4_000);
  });
});
