// The PostgreSQL that the one file carries: unpacked once into the data directory's cache, found there by later starts.

import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { WritableStream as NodeWritableStream } from "node:stream/web";
import { createZstdDecompress } from "node:zlib";
import { createTarDecoder } from "modern-tar";
import { PACKED_POSTGRES } from "../../places.ts";
import { StartError } from "../start_error.ts";
import { readArchive } from "./archive.ts";

/** What `about.json` says of the archive beside it. */
export type AboutArchive = {
  /** Of the npm package it was made from. */
  version: string;
  platform: string;
  /** Of `postgres.tar.zst`, in hex. */
  sha256: string;
  /** Programs and libraries with their bytes: by them a later start sees that nothing is missing. */
  sizes: Record<string, number>;
};

export const ARCHIVE = "postgres.tar.zst";
export const ABOUT = "about.json";
const PREFIX = "postgres-";
const UNFINISHED = ".making-";

/** What the program carries; null in a checkout, which has its npm packages. */
export async function readAbout(packed = PACKED_POSTGRES): Promise<AboutArchive | null> {
  try {
    return JSON.parse(await Deno.readTextFile(join(packed, ABOUT)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/**
 * The folder with PostgreSQL's `bin`, `lib` and `share`, in `cache`. It is made beside and renamed into place once it is
 * on disk: whenever this is killed there is a whole one or none, and of two processes at once either one's will do.
 * Throws StartError when the archive is damaged.
 */
export async function unpackPostgres(about: AboutArchive, cache: string, packed = PACKED_POSTGRES): Promise<string> {
  const place = join(cache, nameOf(about));
  if (await isWhole(place, about)) return place;
  await Deno.mkdir(cache, { recursive: true });
  await Deno.chmod(cache, FOLDER_MODE);
  const making = await Deno.makeTempDir({ dir: cache, prefix: nameOf(about) + UNFINISHED });
  try {
    await checkArchive(about, packed);
    await unpack(readArchive(packed, ARCHIVE), making);
    await putInPlace(making, place, about);
    await sync(cache);
  } finally {
    await Deno.remove(making, { recursive: true }).catch(ignoreMissing);
  }
  return place;
}

/** Renames `making` to `place`, unless a whole one is there by now; a damaged one is put aside, for `clearOldCaches`. */
async function putInPlace(making: string, place: string, about: AboutArchive): Promise<void> {
  for (let attempt = 1;; attempt++) {
    // a folder takes the place of an empty one only
    const failure = await Deno.rename(making, place).then(() => null, (error) => error);
    if (failure === null || await isWhole(place, about)) return;
    if (attempt === 3) throw failure;
    await Deno.rename(place, `${making}-damaged-${attempt}`).catch(ignoreMissing);
  }
}

/** Removes what other releases of the program and killed first starts left. Called once PostgreSQL runs. */
export async function clearOldCaches(about: AboutArchive, cache: string): Promise<void> {
  for await (const { name } of Deno.readDir(cache)) {
    if (!name.startsWith(PREFIX) || name === nameOf(about)) continue;
    await Deno.remove(join(cache, name), { recursive: true }).catch(ignoreMissing);
  }
}

const nameOf = ({ version, sha256 }: AboutArchive) => `${PREFIX}${version}-${sha256.slice(0, 12)}`;

async function isWhole(place: string, { sizes }: AboutArchive): Promise<boolean> {
  const checks = Object.entries(sizes).map(async ([path, size]) => (await Deno.stat(join(place, path))).size === size);
  return await Promise.all(checks).then((same) => same.every(Boolean), () => false);
}

async function checkArchive({ sha256 }: AboutArchive, packed: string): Promise<void> {
  const hash = createHash("sha256");
  for await (const bytes of readArchive(packed, ARCHIVE)) hash.update(bytes);
  if (hash.digest("hex") === sha256) return;
  throw new StartError("The PostgreSQL inside this program is damaged: fetch the program again");
}

/** PostgreSQL may run as another user than the one who unpacks, whatever that one's umask. */
const FOLDER_MODE = 0o755;

async function unpack(archive: AsyncGenerator<Uint8Array>, directory: string): Promise<void> {
  await Deno.chmod(directory, FOLDER_MODE);
  const folders = new Set<string>([directory]);
  const files: string[] = [];
  const tar = createTarDecoder({ strict: true });
  const feeding = pipeline(archive, createZstdDecompress(), Writable.fromWeb(tar.writable as NodeWritableStream));
  const writing = async () => {
    for await (const { header, body } of tar.readable) {
      const path = join(directory, header.name);
      await makeFolder(dirname(path), folders);
      const file = await Deno.open(path, { write: true, createNew: true });
      await body.pipeTo(file.writable);
      await Deno.chmod(path, header.mode!);
      files.push(path);
    }
  };
  await Promise.all([feeding, writing()]);
  // all at once: the file system puts many requests of one moment into one write of its journal
  await Promise.all([...files, ...folders].map(sync));
}

async function makeFolder(path: string, made: Set<string>): Promise<void> {
  if (made.has(path)) return;
  await makeFolder(dirname(path), made);
  await Deno.mkdir(path);
  await Deno.chmod(path, FOLDER_MODE);
  made.add(path);
}

async function sync(path: string): Promise<void> {
  using file = await Deno.open(path);
  await file.sync();
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
