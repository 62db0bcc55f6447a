// The gate's part of the simulation: two hundred worlds, those that failed once, and that a seed is a world that can be seen again.
import { describe, expect, it } from "vitest";
import { allBugs, hunt, planted } from "./plant.ts";
import { ROOT, runWorlds } from "./processes.ts";
import seeds from "./seeds.json" with { type: "json" };

const SEEDS = 200;

describe("[S1] [S2] [S3] [S4] [R2] [R3] [R4] [R9] [P1] [P2] [A2] [A3] simulated worlds", { timeout: 180_000 }, () => {
  it("converge where they once did not", async () => {
    const { ran, failed } = await runWorlds({ seeds: seeds.map(({ seed }) => seed) });
    expect(failed).toEqual([]);
    expect(ran).toBe(seeds.length);
  });

  it(`converge, each acknowledged message once and in order: ${SEEDS} seeds`, async () => {
    const { ran, failed } = await runWorlds({ first: 1, count: SEEDS, minimise: true });
    expect(failed).toEqual([]);
    expect(ran).toBe(SEEDS);
  });

  it("go the same way each time", async () => {
    const { failed } = await runWorlds({ first: 1_000, count: 10, repeat: true });
    expect(failed).toEqual([]);
  });

  it("find a planted bug, and show it in few steps", async () => {
    const bug = (await allBugs()).find(({ name }) => name === "cutover_drops_held")!;
    const { failed: [found] } = await hunt(bug, { first: 1, count: 50, minimise: true });
    expect(found!.violations[0]).toMatch(/\[R[23]\]/);
    expect(found!.steps!.length).toBeLessThan(60);
  });
});

it("each bug can still be planted", async () => {
  const bugs = await allBugs();
  expect(bugs.length).toBeGreaterThanOrEqual(10);
  for (const bug of bugs) {
    const text = Deno.readTextFileSync(`${ROOT}/${bug.file}`);
    expect(planted(bug, text)).not.toBe(text);
  }
});
