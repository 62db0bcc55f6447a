// Counts the tests for tools/test.ts, which prints them as its last line.
import type { Reporter, TestModule } from "vitest/node";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** The file that the counts are written to, as JSON, is named by this environment variable. */
export const COUNTS_FILE = "TEST_COUNTS_FILE";

/** What failed outside any test (a file that cannot be loaded, a hook, a stray rejection) counts as failed too. */
export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], strayErrors: readonly unknown[]): void {
    const counts: Counts = { passed: 0, failed: strayErrors.length, skipped: 0 };
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed++;
      for (const suite of module.children.allSuites()) if (suite.errors().length > 0) counts.failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === "pending" ? "skipped" : state]++;
      }
    }
    const file = Deno.env.get(COUNTS_FILE);
    if (file) Deno.writeTextFileSync(file, JSON.stringify(counts));
  }
}
