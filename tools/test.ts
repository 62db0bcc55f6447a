// Runs all tests on a real PostgreSQL and in a real Chromium; its last line says how many passed, failed and were skipped.
import { installPackages } from "./install.ts";
import { machineReady } from "./machine.ts";
import { deno } from "./progress.ts";
import { type Counts, COUNTS_FILE } from "./test_reporter.ts";

await installPackages();
// A process of its own: Vite sets NODE_ENV, which the tests must not inherit.
if (await deno("run", "--quiet", "-P=tools", "tools/build.ts") !== 0) end({ passed: 0, failed: 1, skipped: 0 }, 1);
await machineReady();

const countsFile = await Deno.makeTempFile({ prefix: "chautari-tests-" });
Deno.env.set(COUNTS_FILE, countsFile);
const reporters = ["--reporter=default", "--reporter=./tools/test_reporter.ts"];
const code = await deno("run", "--quiet", "-A", "node_modules/vitest/vitest.mjs", "run", ...reporters, ...Deno.args);
const written = await Deno.readTextFile(countsFile);
await Deno.remove(countsFile);
// Nothing written: Vitest itself did not get to its end.
const counts: Counts = written === "" ? { passed: 0, failed: 1, skipped: 0 } : JSON.parse(written);
const skippedInCi = counts.skipped > 0 && Boolean(Deno.env.get("CI"));
if (skippedInCi) console.error("A test was skipped: that is a failure where CI is set.");
end(counts, code !== 0 || skippedInCi || counts.failed > 0 ? 1 : 0);

function end({ passed, failed, skipped }: Counts, code: number): never {
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
  Deno.exit(code);
}
