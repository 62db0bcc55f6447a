// The short form: Unicode's table holds, imitators are marked, and no door lets in what hides, turns or floods.
import { expect, it } from "vitest";
import { createTestDatabase } from "../helpers/database.ts";
import { run } from "./text_attacks.ts";

it("marks who imitates somebody, and lets nothing unclean into a name or a title", async () => {
  const verdict = await run({ quick: true, report: () => {}, database: () => createTestDatabase() });
  expect(verdict.violations).toEqual([]);
  expect(verdict.tried).toBeGreaterThan(6_600);
}, 180_000);
