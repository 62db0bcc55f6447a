// Builds the client into dist/client, unless what it is made from is what it was made from last.
import { createHash } from "node:crypto";
import { installPackages } from "./install.ts";
import { step } from "./progress.ts";

const STAMP = "dist/client/.stamp";
const SOURCES = ["client", "deno.lock", "protocol", "vite.config.ts"];

/** @param force builds even when nothing changed */
export async function buildClient(force: boolean): Promise<void> {
  const stamp = await fingerprint(SOURCES);
  if (!force && await Deno.readTextFile(STAMP).catch(() => null) === stamp) return;
  await step("Building the client", async () => {
    // A name in a variable keeps Vite out of the module graph: Deno would else install it, silently, before our first line.
    const name: string = "vite";
    const vite: typeof import("vite") = await import(name);
    await vite.build({ logLevel: "warn" });
  });
  await Deno.writeTextFile(STAMP, stamp);
}

/** SHA-256 over the names and contents of files and, in order, of all that folders hold. */
async function fingerprint(paths: string[]): Promise<string> {
  const hash = createHash("sha256");
  const add = async (path: string): Promise<void> => {
    if ((await Deno.stat(path)).isDirectory) {
      const names = (await Array.fromAsync(Deno.readDir(path), (entry) => entry.name)).sort();
      for (const name of names) await add(`${path}/${name}`);
    } else {
      const bytes = await Deno.readFile(path);
      hash.update(`${path}\0${bytes.length}\0`).update(bytes);
    }
  };
  for (const path of paths) await add(path);
  return hash.digest("hex");
}

if (import.meta.main) {
  await installPackages();
  await buildClient(Deno.args.includes("--force"));
}
