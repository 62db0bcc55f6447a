// The short form of `deno task chaos --hostile`: each attack leaves the program standing, small and quick.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fragments } from "./fragments.ts";
import { type HalfOpen, halfOpen } from "./half_open.ts";
import { malformed } from "./malformed.ts";
import { type Report, reportLine, Siege } from "./siege.ts";
import { slowReader } from "./slow_reader.ts";

const GROWTH_MAX_MIB = 64;
/** A head must come within 15 s, looked at every 5 s; a busy machine looks later. The test ends when all are cut off. */
const HEAD_CUT_MS = 90_000;
const PATIENCE_MS = 120_000;

// Memory and connections are read from /proc.
describe.skipIf(Deno.build.os !== "linux")("under attack", () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  let siege: Siege;
  let requests: HalfOpen;
  beforeAll(async () => siege = await Siege.begin(seed), PATIENCE_MS);
  afterAll(() => siege.end());

  const expectHarmless = (report: Report) => {
    console.log(reportLine(report));
    expect(report.faults, `seed ${seed}`).toEqual([]);
    expect(report.growthMiB).toBeLessThanOrEqual(GROWTH_MAX_MIB);
    // How much slower others become is measured by the long form: a machine shared with other tests cannot say.
  };

  it("[L2] goes on serving beside 2,000 half-open requests", async () => {
    requests = await halfOpen(siege, 2_000);
    expectHarmless(requests.report);
  }, PATIENCE_MS);

  it("[C5] cuts off a message that never ends", async () => {
    expectHarmless(await fragments(siege, 1_500));
  }, PATIENCE_MS);

  it("[C7] cuts off a reader that never reads, and nobody else notices", async () => {
    expectHarmless(await slowReader(siege, 700));
  }, PATIENCE_MS);

  it("[C5] survives malformed frames", async () => {
    expectHarmless(await malformed(siege, 5_000));
  }, PATIENCE_MS);

  it("[L2] cuts off requests whose head does not come", async () => {
    expect(await requests.cutOff(HEAD_CUT_MS, null)).toEqual([]);
  }, PATIENCE_MS);
});
