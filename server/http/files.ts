// Files of the built client: their type, and the packed form that the build left beside them.
import type { Context, MiddlewareHandler } from "hono";
import type { HttpEnv } from "./context.ts";

const TYPES: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  ico: "image/x-icon",
  webmanifest: "application/manifest+json",
  txt: "text/plain; charset=utf-8",
};

/** By how small they are. */
const ENCODINGS = [["br", ".br"], ["gzip", ".gz"]] as const;

/**
 * Serves what a request's own path names in `directory`; what is not there is the next handler's. Not Hono's: with
 * packed files at hand its Deno adapter opens the plain one too, and never closes it.
 * @param path which paths are files; nothing else is looked for, so it must let no `..` and no leading dot through
 */
export function files(
  directory: string,
  path: RegExp,
  cacheControl: (path: string) => string,
): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const type = TYPES[c.req.path.split(".").at(-1)!];
    if (!path.test(c.req.path) || type === undefined) return await next();
    const found = await packed(c, directory + c.req.path) ?? await read(directory + c.req.path);
    if (found === null) return await next();
    c.header("content-type", type);
    c.header("cache-control", cacheControl(c.req.path));
    return c.body(found);
  };
}

/** RFC 9110 §12.5.3; an encoding with a weight of zero is not wanted. */
async function packed(c: Context<HttpEnv>, file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const accepted = (c.req.header("accept-encoding") ?? "").split(",").map((one) => one.trim().toLowerCase());
  for (const [encoding, suffix] of ENCODINGS) {
    if (!accepted.some((one) => one.split(";")[0]!.trim() === encoding && !/;\s*q=0(\.0*)?$/.test(one))) continue;
    const found = await read(file + suffix);
    if (found === null) continue;
    c.header("content-encoding", encoding);
    c.header("vary", "accept-encoding", { append: true });
    return found;
  }
  return null;
}

async function read(file: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
