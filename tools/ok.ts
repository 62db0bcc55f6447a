// The gate: format, lint, types, import rules, all tests. It stops at the first that fails.
import { deno, run, step } from "./progress.ts";

const STEPS: [label: string, args: string[]][] = [
  ["Format", ["fmt", "--check"]],
  ["Lint", ["lint"]],
  ["Types", ["check"]],
  ["Imports", ["run", "--quiet", "-P=tools", "tools/check_imports.ts"]],
];

for (const [label, args] of STEPS) {
  const { success, output } = await step(label, () => run(Deno.execPath(), args));
  if (!success) {
    console.error(`${label} failed:\n${output}`);
    Deno.exit(1);
  }
}
Deno.exit(await deno("run", "--quiet", "-A", "tools/test.ts", ...Deno.args));
