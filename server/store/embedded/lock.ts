// One server per data directory: an advisory lock on a file in it, which the system drops when its process ends, however.

import { join } from "node:path";
import { StartError } from "../start_error.ts";

export const LOCK_FILE = "chautari.lock";

/** Another process, most likely a server, holds the data directory. */
export class DataDirectoryHeld extends StartError {}

/**
 * Holds the data directory until disposed. Throws DataDirectoryHeld naming the process that holds it already.
 * The file stays: removing it would let two processes lock two files of one name.
 */
export async function lockDataDirectory(dataDir: string): Promise<Disposable> {
  const file = await Deno.open(join(dataDir, LOCK_FILE), { create: true, read: true, write: true, mode: 0o600 });
  try {
    if (!await file.tryLock(true)) {
      const pid = (await Deno.readTextFile(join(dataDir, LOCK_FILE))).trim();
      throw new DataDirectoryHeld(
        `Another server (process ${pid || "just starting"}) is running on the data directory ${dataDir}: ` +
          `stop it first, or give this one a DATA_DIR of its own`,
      );
    }
    await file.truncate();
    await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
    return file;
  } catch (error) {
    file.close();
    throw error;
  }
}
