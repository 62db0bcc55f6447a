// How the tests run: files side by side on two workers, over PostgreSQL servers that one global set-up starts.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/helpers/global_setup.ts"],
    environment: "node",
    pool: "forks",
    maxWorkers: 2,
    // Bounds, not expectations: a machine that is busy with something else is slow.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
