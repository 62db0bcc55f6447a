// A few rounds of `deno task backup:rounds`: the real program, backed up while everybody writes, restored elsewhere.
import { expect, it } from "vitest";
import { runBackupRounds } from "./backups.ts";

it("nothing that was acknowledged before a backup is missing from it", async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const { faults, compared } = await runBackupRounds({ rounds: 2, seed });
  expect(faults, `seed ${seed}`).toEqual([]);
  expect(compared).toBeGreaterThan(20);
}, 120_000);
