// Builds the client into dist/client, unless what it is made from is what it was made from last.
import { createHash } from "node:crypto";
import { step } from "./progress.ts";

const STAMP = "dist/client/.stamp";
const SOURCES = ["client", "deno.lock", "protocol", "vite.config.ts"];

/** @param force builds even when nothing changed */
export async function buildClient(force: boolean): Promise<void> {
  const stamp = await fingerprint(SOURCES);
  if (!force && await Deno.readTextFile(STAMP).catch(() => null) === stamp) return;
  await step("Building the client", async () => {
    // Here and not at the top: Vite takes longer to load than a build that is not needed.
    const vite = await import("vite");
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

if (import.meta.main) await buildClient(Deno.args.includes("--force"));
