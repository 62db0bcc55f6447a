// Puts the packed PostgreSQL beside Deno's own part of the file: what is in that part stays in memory for good.
import { ARCHIVE_MARK } from "../server/store/embedded/archive.ts";

/**
 * On Linux a compiled program is the runtime, then Deno's part, then 16 bytes of which the last 8 are that part's
 * length; the start looks at nothing else. Between the first two is room. The formats of the others are signed, or
 * have no such place: there the archive is one of Deno's included files, and costs its size in memory.
 */
export const isCarriedAside = (target: string): boolean => target.includes("linux");

/** Rewrites the program at `path` so that it carries the file `archive` as server/store/embedded/archive.ts reads it. */
export async function carryAside(path: string, archive: string): Promise<void> {
  const program = await Deno.readFile(path);
  const view = new DataView(program.buffer, program.byteOffset, program.length);
  const start = program.length - Number(view.getBigUint64(program.length - 8, true));
  if (!(start > 0 && start < program.length - 16)) {
    throw new Error("This Deno writes its compiled programs in another way");
  }
  const bytes = await Deno.readFile(archive);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length), true);
  using file = await Deno.open(path, { write: true, truncate: true });
  for (const part of [program.subarray(0, start), bytes, length, ARCHIVE_MARK, program.subarray(start)]) {
    await writeAll(file, part);
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}
