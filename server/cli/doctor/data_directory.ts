// The data directory: there or to be made, writable, closed to others, on a disk with room.
import { dirname, resolve } from "node:path";
import { freeBytesOf } from "../../guards/space.ts";
import { type Finding, ok, problem, shownBytes, warning } from "./finding.ts";

/** Less is a warning: PostgreSQL's own log of changes may take a gigabyte before it is tidied. */
const COMFORTABLE_BYTES = 2e9;

/** `minFreeBytes`: below it the server takes no messages. */
export async function checkDataDirectory(dataDir: string, minFreeBytes: number): Promise<Finding[]> {
  const directory = resolve(dataDir);
  const info = await Deno.stat(directory).catch(nothingThere);
  if (info === null) {
    const parent = await existingParent(directory);
    const reason = await whyNotWritable(parent);
    if (reason !== null) {
      return [problem(
        `There is no data directory ${directory}, and it cannot be made in ${parent}: ${reason}`,
        `Make it as root and give it to the user who runs Chautari, or name another folder in DATA_DIR`,
      )];
    }
    return [
      ok(`There is no data directory ${directory} yet: the first start makes it`),
      await room(parent, minFreeBytes),
    ];
  }
  if (!info.isDirectory) {
    return [problem(`${directory} is not a folder`, "Move it away, or name another folder in DATA_DIR")];
  }
  const reason = await whyNotWritable(directory);
  if (reason !== null) {
    return [problem(
      `The data directory ${directory} cannot be written: ${reason}`,
      "Run this as the user who runs Chautari; if it is that user, give the folder back to it with chown -R",
    )];
  }
  const open = Deno.build.os !== "windows" && ((info.mode ?? 0) & 0o006) !== 0;
  return [
    open
      ? warning(`Everybody on this machine may look into the data directory ${directory}`, `chmod o-rw ${directory}`)
      : ok(`The data directory ${directory} can be written`),
    await room(directory, minFreeBytes),
  ];
}

async function room(directory: string, minFreeBytes: number): Promise<Finding> {
  const free = await freeBytesOf(directory);
  const what = `${shownBytes(free)} free on the disk of ${directory}`;
  if (free < minFreeBytes) {
    return problem(
      `Only ${what}: below ${shownBytes(minFreeBytes)} no messages are taken`,
      "Make room on that disk, or move the data directory to a larger one",
    );
  }
  if (free < COMFORTABLE_BYTES) return warning(`Only ${what}`, "Make room on that disk before it is needed");
  return ok(what);
}

async function existingParent(directory: string): Promise<string> {
  const parent = dirname(directory);
  if (parent === directory) return parent;
  return await Deno.stat(parent).catch(nothingThere) === null ? await existingParent(parent) : parent;
}

/** Tries it, since permissions, read-only mounts and quotas are too many to read. */
async function whyNotWritable(directory: string): Promise<string | null> {
  try {
    await Deno.remove(await Deno.makeTempFile({ dir: directory, prefix: ".doctor-" }));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/:? ?\(os error.*$/, "") : String(error);
  }
}

function nothingThere(error: unknown): null {
  if (error instanceof Deno.errors.NotFound) return null;
  throw error;
}
