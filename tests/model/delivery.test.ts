// Delivery against a simple model: whatever happens between people and the server, in the end everyone holds the same, each
// acknowledged message once and in order. FAST_CHECK_SEED repeats a plan (not what the machine does with it), MODEL_RUNS sets
// how many are made; seeds that found something are kept in seeds.json and go first.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Model, STEPS } from "./commands.ts";
import seeds from "./seeds.json" with { type: "json" };
import { Site } from "./site.ts";
import { type Shape, World } from "./world.ts";

const RUNS = Number(Deno.env.get("MODEL_RUNS") ?? 25);
const SEED = Number(Deno.env.get("FAST_CHECK_SEED") ?? Date.now() % 2 ** 31);
const RUNS_OF_KNOWN_SEED = 5;
const ENOUGH_RUNS = 10;

let site: Site;
beforeAll(async () => {
  site = await Site.start();
});
afterAll(() => site.close());

const shape: fc.Arbitrary<Shape> = fc.constantFrom({ tabs: [2, 1, 1] }, { tabs: [2, 2, 1] }, { tabs: [1, 2, 1, 1] });
const steps = fc.commands(STEPS, { maxCommands: 80, size: "max" });

const done = { steps: 0, sent: 0, acknowledged: 0, changed: 0, deleted: 0, joined: 0 };

async function run(shape: Shape, plan: Iterable<fc.AsyncCommand<Model, World>>): Promise<void> {
  const world = await World.create(site, shape);
  await fc.asyncModelRun(() => ({ model: {}, real: world }), plan);
  const violations = await world.finish();
  expect(violations, violations.join("\n")).toEqual([]);
  expect(site.errors).toEqual([]);
  count(world, [...plan].length);
}

function count({ ledger, record }: World, steps: number): void {
  const sent = [...ledger.sent.values()];
  done.steps += steps;
  done.sent += sent.length;
  done.acknowledged += sent.filter((one) => one.acknowledged.length > 0).length;
  done.changed += sent.filter((one) => one.acknowledged.some(({ editedAt }) => editedAt !== null)).length;
  done.deleted += sent.filter((one) => one.deletedAt !== null).length;
  done.joined += record.joined;
}

async function check(chosen: { seed: number; path?: string; numRuns: number }): Promise<void> {
  // Shrinking is of little use: the same plan need not fail twice.
  await fc.assert(fc.asyncProperty(shape, steps, run), { ...chosen, endOnFailure: true });
}

describe("[S1] [S2] [S3] [S4] [E1] [E2] [R2] [R3] [R9] [P1] [P2] delivery", () => {
  it.each(seeds)("converges where it once did not: seed $seed ($why)", async ({ seed, path }) => {
    await check({ seed, path, numRuns: RUNS_OF_KNOWN_SEED });
  }, 60_000);

  it(`converges, each acknowledged message once and in order: ${RUNS} runs of seed ${SEED}`, async () => {
    await check({ seed: SEED, numRuns: RUNS });
    console.log(`${RUNS} runs of seed ${SEED}: ${JSON.stringify(done)}`);
    // A test of people who do nothing would always pass; of a few runs nothing can be said.
    if (RUNS < ENOUGH_RUNS) return;
    for (const [what, count] of Object.entries(done)) expect(count, what).toBeGreaterThan(RUNS / 10);
    expect(done.sent).toBeGreaterThan(RUNS * 5);
  }, 30_000 + RUNS * 5_000);
});
