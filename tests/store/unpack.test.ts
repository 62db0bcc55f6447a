// The packed PostgreSQL of the one file: whole or not at all, however it is interrupted, and found again.
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { zstdCompress } from "node:zlib";
import { packTar } from "modern-tar";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ABOUT,
  type AboutArchive,
  ARCHIVE,
  clearOldCaches,
  readAbout,
  unpackPostgres,
} from "../../server/store/embedded/unpack.ts";

const FILES: Record<string, string> = { "bin/postgres": "a program", "lib/libpq.so.5": "a library", "share/a/b/c": "" };

let directory: string;
let packed: string;
let cache: string;
beforeEach(async () => {
  directory = await Deno.makeTempDir();
  packed = `${directory}/packed`;
  cache = `${directory}/कुरा cache`;
  await Deno.mkdir(packed);
});
afterEach(() => Deno.remove(directory, { recursive: true }));

/** Writes an archive as tools/compile_postgres.ts does. */
async function pack(version = "18.4"): Promise<AboutArchive> {
  const entries = Object.entries(FILES).map(([name, text]) => {
    const body = new TextEncoder().encode(`${text} of ${version}`);
    return { header: { name, size: body.length, mode: name.startsWith("bin/") ? 0o755 : 0o644 }, body };
  });
  const archive = await promisify(zstdCompress)(await packTar(entries));
  const sizes = Object.fromEntries(entries.slice(0, 2).map(({ header }) => [header.name, header.size]));
  const sha256 = createHash("sha256").update(archive).digest("hex");
  await Deno.writeFile(`${packed}/${ARCHIVE}`, archive);
  await Deno.writeTextFile(`${packed}/${ABOUT}`, JSON.stringify({ version, platform: "test", sha256, sizes }));
  return (await readAbout(packed))!;
}

const names = (path: string) => Array.fromAsync(Deno.readDir(path), ({ name }) => name);

it("is not looked for in a checkout", async () => {
  expect(await readAbout(packed)).toBeNull();
  expect(await readAbout()).toBeNull();
});

it("becomes files that another user may read and run, whatever the umask", async () => {
  const before = Deno.umask(0o077);
  try {
    const place = await unpackPostgres(await pack(), cache, packed);
    for (const [name, text] of Object.entries(FILES)) {
      expect(await Deno.readTextFile(`${place}/${name}`)).toBe(`${text} of 18.4`);
    }
    const mode = async (path: string) => (await Deno.stat(path)).mode! & 0o777;
    expect(await mode(`${place}/bin/postgres`)).toBe(0o755);
    expect(await mode(`${place}/lib/libpq.so.5`)).toBe(0o644);
    for (const folder of [cache, place, `${place}/share/a/b`]) expect(await mode(folder)).toBe(0o755);
  } finally {
    Deno.umask(before);
  }
});

it("is found by the next start, which reads no archive", async () => {
  const about = await pack();
  const place = await unpackPostgres(about, cache, packed);
  await Deno.remove(`${packed}/${ARCHIVE}`);
  expect(await unpackPostgres(about, cache, packed)).toBe(place);
});

it("may be unpacked by several at once: all get the same, and nothing is left over", async () => {
  const about = await pack();
  const places = await Promise.all(Array.from({ length: 8 }, () => unpackPostgres(about, cache, packed)));
  expect(new Set(places).size).toBe(1);
  expect(await names(cache)).toHaveLength(1);
  expect(await Deno.readTextFile(`${places[0]}/bin/postgres`)).toBe("a program of 18.4");
});

describe("a damaged", () => {
  it("archive is refused, and leaves nothing", async () => {
    const about = await pack();
    const bytes = await Deno.readFile(`${packed}/${ARCHIVE}`);
    for (const damaged of [bytes.with(bytes.length >> 1, bytes[bytes.length >> 1]! ^ 1), bytes.subarray(0, -1)]) {
      await Deno.writeFile(`${packed}/${ARCHIVE}`, damaged);
      await expect(unpackPostgres(about, cache, packed)).rejects.toThrow(/is damaged: fetch the program again$/);
      expect(await names(cache)).toEqual([]);
    }
  });

  it("cache is made anew", async () => {
    const about = await pack();
    const place = await unpackPostgres(about, cache, packed);
    await Deno.remove(`${place}/lib/libpq.so.5`);
    expect(await unpackPostgres(about, cache, packed)).toBe(place);
    expect(await Deno.readTextFile(`${place}/lib/libpq.so.5`)).toBe("a library of 18.4");
  });
});

it("of another release goes once the new one runs, and so does what a killed start left; nothing else does", async () => {
  const older = await unpackPostgres(await pack("18.3"), cache, packed);
  const about = await pack("18.4");
  const place = await unpackPostgres(about, cache, packed);
  await Deno.mkdir(`${place}.making-abc`);
  await Deno.mkdir(`${cache}/of-the-owner`);
  expect(await names(cache)).toContain(older.split("/").at(-1));
  await clearOldCaches(about, cache);
  expect((await names(cache)).sort()).toEqual(["of-the-owner", place.split("/").at(-1)]);
});
