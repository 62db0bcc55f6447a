// Pages: the built client at /[lang]/messages, its assets, and the way there from /.
import type { Context } from "hono";
import { serveStatic } from "hono/deno";
import type { App, HttpEnv } from "./context.ts";

/** What stands in the address, and the language it means (BCP 47). `np`, the country, is what people type for Nepali. */
const LANGUAGES: Record<string, string> = { en: "en", np: "ne", ne: "ne" };
const FALLBACK = "en";
const NEPALI_ADDRESS = "np";

export function pageRoutes(app: App, clientDirectory: string): void {
  app.get("/", (c) => c.redirect(`/${preferred(c.req.header("accept-language") ?? "")}/messages`, 302));

  app.get(
    "/assets/*",
    serveStatic({
      root: clientDirectory,
      // A name in /assets carries the hash of its content: it never changes.
      onFound: (_path, c) => c.header("cache-control", "public, max-age=31536000, immutable"),
    }),
  );
  app.get(
    "/:file{[a-z0-9_-]+\\.(?:svg|png|ico|webmanifest|txt)}",
    serveStatic({ root: clientDirectory, onFound: (_path, c) => c.header("cache-control", "public, max-age=3600") }),
  );

  const shell = readShell(clientDirectory);
  const page = async (c: Context<HttpEnv>) => {
    const lang = c.req.param("lang") ?? "";
    if (!Object.hasOwn(LANGUAGES, lang)) {
      const url = new URL(c.req.url);
      return c.redirect(`/${FALLBACK}${url.pathname.slice(lang.length + 1)}${url.search}`, 302);
    }
    c.header("cache-control", "no-cache");
    return c.html((await shell()).replace('<html lang="en"', `<html lang="${LANGUAGES[lang]}"`));
  };
  app.get("/:lang/messages", page);
  app.get("/:lang/messages/*", page);
}

/** The client's page, read once: a new build comes with a new start. */
function readShell(clientDirectory: string): () => Promise<string> {
  let shell: Promise<string> | undefined;
  return () => shell ??= Deno.readTextFile(`${clientDirectory}/index.html`);
}

/** The first language of Accept-Language (RFC 9110 §12.5.4) that we speak. */
function preferred(acceptLanguage: string): string {
  const wanted = acceptLanguage.split(",").map((entry) => {
    const [tag = "", ...parameters] = entry.trim().split(";");
    const q = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find((value) => value !== undefined);
    return { language: tag.toLowerCase().split("-")[0]!, q: Number(q ?? 1) };
  });
  wanted.sort((a, b) => b.q - a.q);
  const known = wanted.find(({ language, q }) => q > 0 && Object.values(LANGUAGES).includes(language));
  return known?.language === "ne" ? NEPALI_ADDRESS : FALLBACK;
}
