// The authorization matrix in the gate: no cell answers otherwise than its row says, and no canary is out of place.
import { expect, it } from "vitest";
import { createTestDatabase } from "../helpers/database.ts";
import { run } from "./authorization.ts";

it("[A1] [S9] [A2] [A3] lets everyone do and know what is theirs, over every route, command and event", async () => {
  const outcome = await run({ quick: true, report: () => {}, database: () => createTestDatabase() });
  expect(outcome.violations).toEqual([]);
  expect(outcome.tried).toBeGreaterThanOrEqual(1_000);
}, 120_000);
