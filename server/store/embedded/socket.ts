// Where the built-in PostgreSQL listens: a Unix socket in a folder that only its account may enter; there is no TCP.

import { join } from "node:path";
import { type Account, giveTo } from "./account.ts";

/** PostgreSQL derives the name from the port, also when it does not listen on one; 5432 is every tool's default. */
export const SOCKET_NAME = socketName("5432");

export function socketName(port: string): string {
  return `.s.PGSQL.${port}`;
}

/** `sun_path` holds 108 bytes on Linux and 104 on macOS, one of them the final NUL (unix(7)). */
const LONGEST_PATH = Deno.build.os === "darwin" ? 103 : 107;

const SHORT_PREFIX = "/tmp/chautari-socket-";

/** A private folder for the socket: in the data directory, or, where that path is too long, a new one under /tmp. */
export async function makeSocketDirectory(dataDir: string, account: Account): Promise<string> {
  let directory = join(dataDir, "run");
  if (new TextEncoder().encode(join(directory, SOCKET_NAME)).length > LONGEST_PATH) {
    directory = await Deno.makeTempDir({ dir: "/tmp", prefix: "chautari-socket-" });
  } else {
    await Deno.mkdir(directory, { recursive: true });
  }
  await Deno.chmod(directory, 0o700);
  await giveTo(account, directory);
  return directory;
}

/** Removes what a killed run left in its socket folder. */
export async function clearSocket(directory: string): Promise<void> {
  await remove(join(directory, SOCKET_NAME));
  await remove(join(directory, `${SOCKET_NAME}.lock`));
}

/** Removes a socket folder that was made under /tmp; leaves any other alone. */
export async function removeShortDirectory(directory: string): Promise<void> {
  if (directory.startsWith(SHORT_PREFIX)) await remove(directory);
}

async function remove(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
