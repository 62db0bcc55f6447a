// Runs all tests on a real PostgreSQL and in a real Chromium; its last line says how many passed, failed and were skipped.
import { machineReady } from "./machine.ts";
import { deno } from "./progress.ts";
import { type Counts, COUNTS_FILE } from "./test_reporter.ts";

try {
  await machineReady();
  // A process of its own: Vite sets NODE_ENV, which the tests must not inherit.
  if (await deno("run", "--quiet", "-P=tools", "tools/build.ts") !== 0) throw new Error("The client cannot be built");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  end({ passed: 0, failed: 1, skipped: 0 }, 1);
}

const countsFile = await Deno.makeTempFile({ prefix: "chautari-tests-" });
Deno.env.set(COUNTS_FILE, countsFile);
const reporters = ["--reporter=default", "--reporter=./tools/test_reporter.ts"];
const code = await deno("run", "--quiet", "-A", "node_modules/vitest/vitest.mjs", "run", ...reporters, ...Deno.args);
const written = await Deno.readTextFile(countsFile);
await Deno.remove(countsFile);
const counts: Counts = written === "" ? { passed: 0, failed: 0, skipped: 0 } : JSON.parse(written);
// Vitest itself failed: before it counted, or while it stopped what the tests stood on.
if (code !== 0 && counts.failed === 0) counts.failed = 1;
const skippedInCi = counts.skipped > 0 && Boolean(Deno.env.get("CI"));
if (skippedInCi) console.error("A test was skipped: that is a failure where CI is set.");
end(counts, counts.failed > 0 || skippedInCi ? 1 : 0);

function end({ passed, failed, skipped }: Counts, code: number): never {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  Deno.exit(code);
}
