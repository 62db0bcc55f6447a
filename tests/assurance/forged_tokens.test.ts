// Forged tokens in the gate: whatever is sent, at whatever door, nobody is let in by it.
import { expect, it } from "vitest";
import { createTestDatabase } from "../helpers/database.ts";
import { run } from "./forged_tokens.ts";

it("[C2] refuses every forged token at every door, and makes nobody of it", async () => {
  const verdict = await run({ quick: true, report: () => {}, database: () => createTestDatabase() });
  expect(verdict.violations).toEqual([]);
  expect(verdict.tried).toBeGreaterThanOrEqual(60);
}, 120_000);
