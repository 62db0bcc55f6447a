// What the messages page may cost on the way to a phone: its scripts and styles, as a server compresses them.
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { LANGUAGES } from "../../client/i18n/languages.ts";

const CLIENT = new URL("../../dist/client/", import.meta.url).pathname;
const SCRIPTS_MAX_BYTES = 45 * 1024;
const STYLES_MAX_BYTES = 10 * 1024;

const read = (path: string) => Deno.readTextFile(CLIENT + path);
const packed = async (path: string) => gzipSync(await Deno.readFile(CLIENT + path), { level: 9 }).length;

/** The file of a part that is fetched when it is wanted. */
async function partNamed(name: string): Promise<string> {
  for await (const file of Deno.readDir(`${CLIENT}assets`)) {
    if (file.name.startsWith(`${name}-`) && file.name.endsWith(".js")) return `assets/${file.name}`;
  }
  throw new Error(`Cannot find the part ${name}`);
}

/** A script and all that it cannot begin without; what it fetches later, when it is wanted, is not among them. */
async function withImports(path: string, found: Set<string>): Promise<Set<string>> {
  if (found.has(path)) return found;
  found.add(path);
  for (
    const [, name] of (await read(path)).matchAll(
      /(?:^|[;}])import\s?(?:[^"'()]*?\bfrom\s?)?["']\.\/([\w.-]+\.js)["']/gm,
    )
  ) {
    await withImports(`assets/${name}`, found);
  }
  return found;
}

const sum = (sizes: Record<string, number>) => Object.values(sizes).reduce((total, bytes) => total + bytes, 0);

describe("the built page", () => {
  it("needs at most 45 KB of scripts, in gzip, to show the list and a conversation, in its largest language", async () => {
    const page = await read("index.html");
    const entry = /<script type="module"[^>]* src="\/(assets\/[^"]+)"/.exec(page)![1]!;
    const hinted = [...page.matchAll(/<link rel="modulepreload"[^>]*>/g)].map(([hint]) => ({
      path: /href="\/([^"]+)"/.exec(hint)![1]!,
      isLanguage: hint.includes("data-lang="),
    }));
    const languages = hinted.filter(({ isLanguage }) => isLanguage);
    expect(languages.length).toBe(LANGUAGES.length);
    const largest = Math.max(...await Promise.all(languages.map(({ path }) => packed(path))));

    const needed = await withImports(entry, new Set());
    for (const { path, isLanguage } of hinted) if (!isLanguage) await withImports(path, needed);
    const sizes: Record<string, number> = { "the largest language": largest };
    for (const path of needed) sizes[path] = await packed(path);
    // A part stands on the script: found, so imports are followed.
    expect(await withImports(await partNamed("Settings"), new Set())).toContain(entry);
    // Reading and sending are part of it: no other file has the composer's words.
    expect(await read(entry)).toContain("composer.placeholder");
    expect(sum(sizes), JSON.stringify(sizes)).toBeLessThanOrEqual(SCRIPTS_MAX_BYTES);
  });

  it("says nothing in the list or a conversation that comes only with the rest of the words", async () => {
    const rest = /<link [^>]*rel="prefetch"[^>]*href="\/(assets\/en-[^"]+)"/.exec(await read("index.html"))![1]!;
    const keys = [...(await read(rest)).matchAll(/"(\w+\.\w+)":/g)].map(([, key]) => key!);
    expect(keys).toContain("settings.theme");
    const entry = /<script type="module"[^>]* src="\/(assets\/[^"]+)"/.exec(await read("index.html"))![1]!;
    const shown = await withImports(entry, new Set());
    const code = (await Promise.all([...shown].map(read))).join("\n");
    // A note of a failure, and its title, fetch the words that they lack (client/views/FailureNote.tsx).
    const awaited = keys.filter((key) => !/^failure\.|\.failed$/.test(key));
    expect(awaited.filter((key) => new RegExp(`["'\`]${key}["'\`]`).test(code))).toEqual([]);
  });

  it("has all its styles in 10 KB of gzip", async () => {
    const sizes: Record<string, number> = {};
    for await (const { name } of Deno.readDir(`${CLIENT}assets`)) {
      if (name.endsWith(".css")) sizes[name] = await packed(`assets/${name}`);
    }
    expect(Object.keys(sizes).length).toBeGreaterThan(0);
    expect(sum(sizes), JSON.stringify(sizes)).toBeLessThanOrEqual(STYLES_MAX_BYTES);
  });
});
