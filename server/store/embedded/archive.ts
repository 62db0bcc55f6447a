// Reads the packed PostgreSQL out of the one file: an included file of it, or, on Linux, a part of its own.

import { join } from "node:path";

/** Ends the archive where it lies in the program's own file (see tools/compile_aside.ts); its length stands before it. */
export const ARCHIVE_MARK = new TextEncoder().encode("chautari's pg 18");

const TRAILER_BYTES = 16;
const LENGTH_BYTES = 8;

const CHUNK_BYTES = 256 * 1024;

/**
 * The archive's bytes, piece by piece: the whole of it in memory at once would stay with the process for long.
 * `packed`: the folder of included files. Gives nothing when the program carries no archive.
 */
export async function* readArchive(packed: string, name: string): AsyncGenerator<Uint8Array> {
  using included = await Deno.open(join(packed, name)).catch(ignoreMissing);
  if (included !== null) return yield* readPart(included, 0, (await included.stat()).size);
  using program = await Deno.open(Deno.execPath());
  const part = await findPart(program);
  if (part !== null) yield* readPart(program, part.start, part.end);
}

async function findPart(program: Deno.FsFile): Promise<{ start: number; end: number } | null> {
  // Deno's part comes last; its own last 8 bytes are its length
  const { size } = await program.stat();
  const markAt = size - await readLength(program, size - LENGTH_BYTES) - TRAILER_BYTES;
  if (markAt < LENGTH_BYTES) return null;
  const mark = await readAt(program, markAt, ARCHIVE_MARK.length);
  if (!mark.every((byte, index) => byte === ARCHIVE_MARK[index])) return null;
  const end = markAt - LENGTH_BYTES;
  return { start: end - await readLength(program, end), end };
}

async function* readPart(file: Deno.FsFile, start: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = start; at < end; at += CHUNK_BYTES) yield await readAt(file, at, Math.min(CHUNK_BYTES, end - at));
}

async function readLength(file: Deno.FsFile, at: number): Promise<number> {
  return Number(new DataView((await readAt(file, at, LENGTH_BYTES)).buffer).getBigUint64(0, true));
}

async function readAt(file: Deno.FsFile, at: number, length: number): Promise<Uint8Array> {
  await file.seek(at, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  for (let filled = 0; filled < length;) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) throw new Error(`Cannot read ${length} bytes at ${at}: the file ends before`);
    filled += count;
  }
  return bytes;
}

function ignoreMissing(error: unknown): null {
  if (error instanceof Deno.errors.NotFound) return null;
  throw error;
}
