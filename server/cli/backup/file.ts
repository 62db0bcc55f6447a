// A file that is there whole, or not at all: written beside, put on disk, and only then given its name.
import { createWriteStream } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Writable } from "node:stream";
import { StartError } from "../../store/start_error.ts";

/** What a killed run leaves ends with this. */
const UNFINISHED = ".part";

/**
 * Gives `write` a stream into a new file for this user's eyes only, which is called `path` once all is on disk.
 * Throws StartError when there is such a file, or it cannot be written; what `write` throws is thrown on.
 */
export async function writeWhole<T>(path: string, write: (out: Writable) => Promise<T>): Promise<T> {
  const folder = dirname(path);
  if (await Deno.stat(path).then(() => true, () => false)) {
    throw new StartError(`${path} is there already: give another name, or move it away`);
  }
  const cannot = ({ message }: Error) =>
    new StartError(`Cannot write ${path}: ${message}. Name a folder that is there, writable, and has room`);
  const unfinished = await Deno.makeTempFile({ dir: folder, prefix: `${basename(path)}.`, suffix: UNFINISHED })
    .catch((error) => {
      throw cannot(error);
    });
  try {
    // not "w": it opens later, perhaps after the removal below, and would make the file anew
    const out = createWriteStream(unfinished, { flags: "r+" });
    let failure: Error | null = null;
    out.on("error", (error) => failure ??= error);
    const result = await write(out).catch((error) => {
      // the file's own trouble is the owner's to mend
      throw error === failure ? cannot(error) : error;
    });
    await toDisk(unfinished);
    await Deno.rename(unfinished, path);
    await toDisk(folder);
    return result;
  } catch (error) {
    await Deno.remove(unfinished).catch(() => {});
    throw error;
  }
}

async function toDisk(path: string): Promise<void> {
  using file = await Deno.open(path);
  await file.sync();
}

/** Removes what killed runs left in a folder. */
export async function clearUnfinished(folder: string): Promise<void> {
  for await (const { name } of Deno.readDir(folder)) {
    if (name.endsWith(UNFINISHED)) await Deno.remove(join(folder, name));
  }
}
