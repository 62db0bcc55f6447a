// Planting bugs: a copy of the sources with one exact change, for the simulation to find.
import { dirname, join } from "node:path";
import { ROOT, runWorlds, type Worlds } from "./processes.ts";
import type { Failed } from "./runs.ts";

export interface Bug {
  name: string;
  /** From the repository's root. */
  file: string;
  /** Stands there exactly once. */
  before: string;
  after: string;
}

const COPIED = ["client", "deno.json", "deno.lock", "protocol", "server", "tests"];
/** What is large and not written to. */
const LINKED = ["node_modules"];
const NOT_COPIED = new Set(["e2e", "bugs"]);

/** All planted bugs, by name. */
export async function allBugs(): Promise<Bug[]> {
  const names = Array.from(Deno.readDirSync(new URL("bugs", import.meta.url)), ({ name }) => name).sort();
  return await Promise.all(
    names.map(async (name) => (await import(new URL(`bugs/${name}`, import.meta.url).href)).bug as Bug),
  );
}

/** The file's text with the bug in it; throws where it does not fit any more. */
export function planted({ name, file, before, after }: Bug, text: string): string {
  const parts = text.split(before);
  if (parts.length !== 2) {
    throw new Error(`Cannot plant ${name}: ${file} has its text ${parts.length - 1} times, not once`);
  }
  return parts.join(after);
}

/** Runs worlds of a copy with the bug until one fails; what is found, and how many ran. */
export async function hunt(
  bug: Bug,
  worlds: Pick<Worlds, "first" | "count" | "minimise">,
): Promise<{ ran: number; failed: Failed[] }> {
  const root = await Deno.makeTempDir({ prefix: "chautari-bug-" });
  try {
    for (const name of COPIED) copy(join(ROOT, name), join(root, name));
    for (const name of LINKED) Deno.symlinkSync(join(ROOT, name), join(root, name));
    const file = join(root, bug.file);
    Deno.writeTextFileSync(file, planted(bug, Deno.readTextFileSync(file)));
    return await runWorlds({ ...worlds, root, untilFound: true });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function copy(from: string, to: string): void {
  if (Deno.statSync(from).isFile) {
    Deno.mkdirSync(dirname(to), { recursive: true });
    return Deno.copyFileSync(from, to);
  }
  for (const { name } of Deno.readDirSync(from)) if (!NOT_COPIED.has(name)) copy(join(from, name), join(to, name));
}
