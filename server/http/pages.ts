// Pages: the built client at /[lang]/messages, its files, and the way there from /.
import type { Context } from "hono";
import type { App, HttpEnv } from "./context.ts";
import { files } from "./files.ts";

interface Language {
  /** BCP 47. */
  tag: string;
  dir: "ltr" | "rtl";
}

/** By what stands in the address, as in client/i18n/languages.ts. `np`, the country, is what people type for Nepali. */
const LANGUAGES: Record<string, Language> = {
  en: { tag: "en", dir: "ltr" },
  np: { tag: "ne", dir: "ltr" },
  ne: { tag: "ne", dir: "ltr" },
  hi: { tag: "hi", dir: "ltr" },
  ar: { tag: "ar", dir: "rtl" },
};
const FALLBACK = "en";

/** A name in /assets carries the hash of its content: it never changes. */
const ASSETS = /^\/assets\/[\w-][\w.-]*$/;
const OTHERS = /^\/[a-z0-9_-]+\.(?:js|svg|png|ico|webmanifest|txt)$/;

const MANIFEST = "/manifest.webmanifest";

export function pageRoutes(app: App, clientDirectory: string): void {
  app.get("/", (c) => c.redirect(`/${preferred(c.req.header("accept-language") ?? "")}/messages`, 302));

  app.get("/assets/*", files(clientDirectory, ASSETS, () => "public, max-age=31536000, immutable"));
  // The worker says which version there is: an old one would hide a new one.
  const age = (path: string) => path === "/sw.js" ? "no-cache" : "public, max-age=3600";
  app.get("/:file", files(clientDirectory, OTHERS, age));

  const shell = readAgain(`${clientDirectory}/index.html`);
  const manifest = readAgain(clientDirectory + MANIFEST);
  const page = async (c: Context<HttpEnv>) => {
    const lang = c.req.param("lang") ?? "";
    const language = Object.hasOwn(LANGUAGES, lang) ? LANGUAGES[lang] : undefined;
    if (!language) {
      const url = new URL(c.req.url);
      return c.redirect(`/${FALLBACK}${url.pathname.slice(lang.length + 1)}${url.search}`, 302);
    }
    c.header("cache-control", "no-cache");
    return c.html(spoken(await shell(), lang, language));
  };
  app.get("/:lang/messages", page);
  app.get(`/:lang/messages${MANIFEST}`, async (c, next) => {
    const lang = c.req.param("lang");
    if (!Object.hasOwn(LANGUAGES, lang)) return await next();
    c.header("content-type", "application/manifest+json");
    c.header("cache-control", age(MANIFEST));
    // `/` may be the site's own beginning: installed, the page opens where it was installed from.
    return c.body(JSON.stringify({ ...JSON.parse(await manifest()), start_url: `/${lang}/messages`, lang }));
  });
  app.get("/:lang/messages/*", page);
}

/** A file's text, read again when there is another one: a new build takes the place of the old one while we run. */
function readAgain(path: string): () => Promise<string> {
  let read: { text: string; stamp: string } | null = null;
  return async () => {
    try {
      const { mtime, size, ino } = await Deno.stat(path);
      const stamp = `${mtime?.getTime()} ${size} ${ino}`;
      if (read?.stamp !== stamp) read = { text: await Deno.readTextFile(path), stamp };
    } catch (error) {
      // Between the old build and the new one there is none for a moment.
      if (read === null || !(error instanceof Deno.errors.NotFound)) throw error;
    }
    return read!.text;
  };
}

/** The page in one language: of the hints that the build left, one for each language, only its own stays. */
function spoken(shell: string, segment: string, { tag, dir }: Language): string {
  return shell
    .replace(`href="${MANIFEST}"`, `href="/${segment}/messages${MANIFEST}"`)
    .replace('<html lang="en" dir="ltr"', `<html lang="${tag}" dir="${dir}"`)
    .replace(/\s*<link [^>]*data-lang="([^"]+)"[^>]*>/g, (hint, of) => of === tag ? hint : "");
}

/** The first language of Accept-Language (RFC 9110 §12.5.4) that we speak. */
function preferred(acceptLanguage: string): string {
  const wanted = acceptLanguage.split(",").map((entry) => {
    const [tag = "", ...parameters] = entry.trim().split(";");
    const q = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find((value) => value !== undefined);
    return { language: tag.toLowerCase().split("-")[0]!, q: Number(q ?? 1) };
  });
  wanted.sort((a, b) => b.q - a.q);
  for (const { language, q } of wanted) {
    const segment = Object.keys(LANGUAGES).find((segment) => LANGUAGES[segment]!.tag === language);
    if (q > 0 && segment !== undefined) return segment;
  }
  return FALLBACK;
}
