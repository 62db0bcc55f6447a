// The short form of `deno task chaos`: a few kills of each kind, under load, lose, double and reorder nothing.
import { expect, it } from "vitest";
import { runKillRounds, verdictLine } from "./kill.ts";

it(
  "[S1] [S2] [S3] [S4] keeps every acknowledged message, once and in order, through kill -9 of server and PostgreSQL",
  async () => {
    const seed = Math.floor(Math.random() * 2 ** 32);
    const verdict = await runKillRounds({ rounds: 8, seed });
    expect(verdict.ledger.violations, `seed ${seed}`).toEqual([]);
    expect(verdict.ledger.acknowledged).toBeGreaterThan(500);
    expect(verdict.underWay).toBeGreaterThan(0);
    console.log(verdictLine(verdict));
  },
  120_000,
);
