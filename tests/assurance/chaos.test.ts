// The short form of the proof by chaos: a strike of each kind that needs no new start of the program.
import { expect, it } from "vitest";
import { hasFaketime } from "../chaos/faults/clock.ts";
import { chaos } from "./chaos.ts";

it.skipIf(!await hasFaketime())(
  "[S1] [S2] [S3] [S4] [R2] keeps every acknowledged message through stops, crashes of PostgreSQL, bad networks and clocks",
  async () => {
    const lines: string[] = [];
    const { tried, violations } = await chaos.run({ quick: true, report: (line) => lines.push(line) });
    console.log(lines.at(-1));
    expect(violations).toEqual([]);
    expect(tried).toBe(5);
  },
  300_000,
);
