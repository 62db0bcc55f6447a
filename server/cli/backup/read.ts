// Reads a backup file, as a stream: first to check all of it, then again to load it, checked once more on the way.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { createTarDecoder } from "modern-tar";
import { TABLES } from "../../store/backup.ts";
import type { Fill } from "../../store/restore.ts";
import { StartError } from "../../store/start_error.ts";
import {
  AnyHead,
  FORMAT,
  HEAD,
  Head,
  JSON_MAX_BYTES,
  MANIFEST,
  Manifest,
  type Piece,
  pieceName,
  README,
  type TableEntry,
} from "./format.ts";
import type { Tell } from "./progress.ts";

const CHUNK_BYTES = 64 * 1024;

export interface Backup {
  path: string;
  head: Head;
  manifest: Manifest;
}

/**
 * Checks every byte: versions, structure, and the digest of each member. `tell` hears of bytes of the file.
 * Throws StartError when the file cannot be read, is no backup, is damaged, or is of a newer format.
 */
export async function checkBackup(path: string, tell: Tell = () => {}): Promise<Backup> {
  const members = readMembers(path, tell);
  return await explained(path, async () => {
    const headBytes = await readJson(await nextMember(members), HEAD);
    const head = readHead(path, headBytes);
    await hashed((await expected(await nextMember(members), README)).chunks);
    const seen: Piece[] = [];
    for await (const member of members) {
      if (member.name !== MANIFEST) {
        seen.push({ name: member.name, ...await hashed(member.chunks) });
        continue;
      }
      const manifest = Manifest.parse(JSON.parse(new TextDecoder().decode(await readJson(member, MANIFEST))));
      checkDigests(manifest, seen, sha256(headBytes));
      for await (const { name } of members) throw new Damaged(`${name} stands after the manifest`);
      return { path, head, manifest };
    }
    throw new Damaged("its end is missing");
  });
}

/**
 * Gives the rows of each table to `fill`, in the order of the file. `tell` hears of bytes of the file.
 * Throws StartError when it is not what was checked; what `fill` throws is thrown on.
 */
export async function loadBackup({ path, manifest }: Backup, fill: Fill, tell: Tell = () => {}): Promise<void> {
  const members = readMembers(path, tell);
  try {
    await explained(path, async () => {
      for (const name of [HEAD, README]) await hashed((await expected(await nextMember(members), name)).chunks);
    });
    for (const table of manifest.tables) {
      if (table.pieces.length > 0) await fill(table, ofTheFile(path, rowsOf(table, members)));
    }
  } finally {
    await members.return(undefined);
  }
}

/** Tells the file's own trouble from that of whoever takes its rows. */
async function* ofTheFile(path: string, rows: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { done, value } = await explained(path, () => rows.next());
    if (done) return;
    yield value;
  }
}

async function* rowsOf(table: TableEntry, members: AsyncIterator<Member>): AsyncGenerator<Uint8Array> {
  for (const piece of table.pieces) {
    const { chunks } = await expected(await nextMember(members), piece.name);
    const hash = createHash("sha256");
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
    if (hash.digest("hex") !== piece.sha256) throw new Damaged(`${piece.name} has changed since it was checked`);
  }
}

interface Member {
  name: string;
  size: number;
  /** To be read to its end before the next member. */
  chunks: AsyncIterable<Uint8Array>;
}

async function* readMembers(path: string, tell: Tell): AsyncGenerator<Member, undefined> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const unzipped = pipeline(Readable.from(readFile(path, tell), { objectMode: false }), gunzip);
  // whoever stops reading early does not wait for it
  unzipped.catch(() => {});
  // deno-lint-ignore no-explicit-any -- node's and the Web's types of the same stream differ
  const entries = (Readable.toWeb(gunzip) as any as ReadableStream<Uint8Array<ArrayBuffer>>)
    .pipeThrough(createTarDecoder({ strict: true }));
  for await (const { header: { name, size, type }, body } of entries) {
    if (type !== "file") throw new Damaged(`${name} is not a file`);
    yield { name, size, chunks: body };
  }
  // gzip's own checksum comes last, and the tar is complete without it
  await unzipped;
}

async function* readFile(path: string, tell: Tell): AsyncGenerator<Uint8Array> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  for (let done = 0;;) {
    const buffer = new Uint8Array(CHUNK_BYTES);
    const read = await file.read(buffer);
    if (read === null) return;
    done += read;
    yield buffer.subarray(0, read);
    tell(done, size);
  }
}

/** Not `for await`: that would end the reading with the first of two loops. */
async function nextMember(members: AsyncIterator<Member>): Promise<Member> {
  const { done, value } = await members.next();
  if (done) throw new Damaged("its end is missing");
  return value;
}

function expected(member: Member, name: string): Member {
  if (member.name !== name) throw new Damaged(`${member.name} stands where ${name} should be`);
  return member;
}

async function readJson(member: Member, name: string): Promise<Uint8Array> {
  const { size, chunks } = expected(member, name);
  if (size > JSON_MAX_BYTES) throw new Damaged(`${name} is too large`);
  return new Uint8Array(await new Response(chunks as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

function readHead(path: string, bytes: Uint8Array): Head {
  const value = JSON.parse(new TextDecoder().decode(bytes));
  const { format } = AnyHead.parse(value);
  if (format > FORMAT) {
    throw new StartError(
      `${path} is of a newer release (format ${format}; this program reads ${FORMAT}): restore it with that release`,
    );
  }
  return Head.parse(value);
}

function checkDigests({ headSha256, tables }: Manifest, seen: Piece[], headIs: string): void {
  if (headSha256 !== headIs) throw new Damaged(`${HEAD} is not what the manifest says`);
  for (const { name, pieces } of tables) {
    if (!TABLES.some((table) => table === name)) throw new Damaged(`there is no table ${name}`);
    for (const [index, piece] of pieces.entries()) {
      const { name: found, bytes, sha256 } = seen.shift() ?? { name: "nothing" };
      if (piece.name !== pieceName(name, index + 1) || found !== piece.name) {
        throw new Damaged(`${found} stands where ${piece.name} should be`);
      }
      if (bytes !== piece.bytes || sha256 !== piece.sha256) throw new Damaged(`${found} is not what the manifest says`);
    }
  }
  if (seen.length > 0) throw new Damaged(`${seen[0]!.name} is not in the manifest`);
}

async function hashed(chunks: AsyncIterable<Uint8Array>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

class Damaged extends Error {}

async function explained<T>(path: string, work: () => Promise<T>): Promise<T> {
  const { isFile } = await Deno.stat(path).catch((error: Error) => {
    throw new StartError(`Cannot read ${path}: ${error.message}`);
  });
  if (!isFile) throw new StartError(`${path} is not a file; a backup is read twice, so it must be one`);
  try {
    return await work();
  } catch (error) {
    if (error instanceof StartError) throw error;
    if (error instanceof Deno.errors.PermissionDenied) throw new StartError(`Cannot read ${path}: ${error.message}`);
    throw new StartError(
      `${path} is damaged, or no backup of Chautari (${(error as Error).message}): use another copy`,
    );
  }
}
