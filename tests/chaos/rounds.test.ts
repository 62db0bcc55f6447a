// The short form of `deno task chaos`: a few strikes of each kind, under load, lose, double and reorder nothing.
import { expect, it } from "vitest";
import type { Fault } from "./faults/fault.ts";
import { killFault } from "./faults/kill.ts";
import { termFault } from "./faults/term.ts";
import { runRounds, verdictLine } from "./rounds.ts";

async function expectNothingWrong(fault: Fault, rounds: number) {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const verdict = await runRounds({ fault, rounds, seed });
  expect(verdict.ledger.violations, `seed ${seed}`).toEqual([]);
  expect(verdict.rounds).toBe(rounds);
  console.log(verdictLine(verdict));
  return verdict;
}

it(
  "[S1] [S2] [S3] [S4] keeps every acknowledged message, once and in order, through kill -9 of server and PostgreSQL",
  async () => {
    const verdict = await expectNothingWrong(killFault(), 8);
    expect(verdict.ledger.acknowledged).toBeGreaterThan(500);
    expect(verdict.underWay).toBeGreaterThan(0);
  },
  300_000,
);

it("[S1] [S2] [S3] [S4] keeps every acknowledged message through stops that drain", async () => {
  const verdict = await expectNothingWrong(termFault(), 2);
  expect(verdict.ledger.acknowledged).toBeGreaterThan(100);
}, 180_000);
