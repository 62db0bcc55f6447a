// Brings the packages of deno.lock into node_modules, saying so: on a fresh clone that takes seconds.
import { run, step } from "./progress.ts";

const STAMP = "node_modules/.installed";

/** Does nothing when the lock file is the one that was installed last. Files that call it import no package at their top. */
export async function installPackages(): Promise<void> {
  const lock = await Deno.readTextFile("deno.lock");
  if (await Deno.readTextFile(STAMP).catch(() => null) === lock) return;
  const { success, output } = await step(
    "Installing packages",
    () => run(Deno.execPath(), ["install", "--frozen", "--quiet"]),
  );
  if (!success) throw new Error(`Cannot install the packages:\n${output}`);
  await Deno.writeTextFile(STAMP, lock);
}
