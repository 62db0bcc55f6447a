// Builds the client into dist/client, unless what it is made from is what it was made from last.
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { step } from "./progress.ts";

const CLIENT = "dist/client";
const STAMP = ".stamp";
const SOURCES = ["client", "deno.lock", "protocol", "vite.config.ts"];

/** @param force builds even when nothing changed */
export async function buildClient(force: boolean): Promise<void> {
  const stamp = await fingerprint(SOURCES);
  if (!force && await Deno.readTextFile(`${CLIENT}/${STAMP}`).catch(() => null) === stamp) return;
  await step("Building the client", async () => {
    await Deno.mkdir("dist", { recursive: true });
    // Beside it: servers go on with the last build while this one is made, and when it fails.
    const workshop = await Deno.makeTempDir({ dir: "dist", prefix: "building-" });
    try {
      // Here and not at the top: Vite takes longer to load than a build that is not needed.
      const vite = await import("vite");
      await vite.build({ logLevel: "warn", build: { outDir: resolve(workshop, "client") } });
      await Deno.writeTextFile(`${workshop}/client/${STAMP}`, stamp);
      await putInPlace(`${workshop}/client`, CLIENT);
    } finally {
      await Deno.remove(workshop, { recursive: true });
    }
  });
}

/** Renames the folder `built` to `place`. What stood there, also what another build puts there meanwhile, goes. */
export async function putInPlace(built: string, place: string): Promise<void> {
  for (let attempt = 0;; attempt++) {
    const before = `${built}-before-${attempt}`;
    await Deno.rename(place, before).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    // A folder cannot take the place of one that holds something: where that fails, another build was faster.
    const failure = await Deno.rename(built, place).then(() => null, (error) => error);
    await Deno.remove(before, { recursive: true }).catch(() => {});
    if (failure === null) return;
    if (attempt === 9) throw failure;
  }
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
