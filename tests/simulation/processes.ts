// Simulated worlds in processes of their own: they take over time itself, and each runs on one core.
import type { Failed } from "./runs.ts";

export interface Worlds {
  /** These… */
  seeds?: number[];
  /** …or so many from this one on. */
  first?: number;
  count?: number;
  /** The folder whose sources are simulated; the present one when not given. */
  root?: string;
  minimise?: boolean;
  untilFound?: boolean;
  /** Each world runs twice, and must go the same way. */
  repeat?: boolean;
  /** So many have run by now. */
  onProgress?(ran: number): void;
}

/** Worlds that one process runs before it says how far it is. */
const SLICE = 250;

/** Runs worlds one after the other; rejects when the process itself fails. */
export async function runWorlds(worlds: Worlds): Promise<{ ran: number; failed: Failed[] }> {
  const { first = 1, count = 0, root, minimise, untilFound, repeat, onProgress } = worlds;
  const { seeds = Array.from({ length: count }, (_, index) => first + index) } = worlds;
  const flags = [minimise && "--minimise", untilFound && "--until-found", repeat && "--repeat"].filter((flag) =>
    !!flag
  );
  const failed: Failed[] = [];
  let ran = 0;
  for (let at = 0; at < seeds.length; at += SLICE) {
    const args = [...flags as string[], ...seeds.slice(at, at + SLICE).map(String)];
    const lines = await runScript("tests/simulation/runs.ts", args, root);
    ran += (JSON.parse(lines.pop()!) as { ran: number }).ran;
    failed.push(...lines.map((line) => JSON.parse(line) as Failed));
    onProgress?.(ran);
    if (untilFound && failed.length > 0) break;
  }
  return { ran, failed };
}

/** Runs one of our scripts in a folder and gives the lines that it wrote. */
export async function runScript(script: string, args: string[], root = ROOT): Promise<string[]> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", script, ...args],
    cwd: root,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder().decode(stdout).trim();
  if (code !== 0 || text === "") {
    throw new Error(`${script} ended with ${code}: ${new TextDecoder().decode(stderr)}`);
  }
  return text.split("\n");
}

export const ROOT = new URL("../..", import.meta.url).pathname;
