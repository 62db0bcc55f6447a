// The proof by crash points: every call to the store that any scenario makes fails before, after, and with its process.
import { runScript } from "../simulation/processes.ts";
import type { Suite } from "./suite.ts";

interface Bad {
  what: string;
  violations: string[];
}

export const crashPoints: Suite = {
  name: "crash points",
  async run({ quick }) {
    return { name: crashPoints.name, ...await tryAll("tests/simulation/crash_runs.ts", quick ? ["--quick"] : []) };
  },
};

/** Runs a script that writes a line for each thing that went wrong, and at last how many it tried. */
export async function tryAll(script: string, args: string[] = []): Promise<{ tried: number; violations: string[] }> {
  const lines = await runScript(script, args);
  const { tried } = JSON.parse(lines.pop()!) as { tried: number };
  const violations = lines.map((line) => {
    const { what, violations: [first] } = JSON.parse(line) as Bad;
    return `${what}: ${first}`;
  });
  return { tried, violations };
}
