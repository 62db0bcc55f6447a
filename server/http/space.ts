// Middleware: while the disk is short of space, requests that would write are refused, and reading goes on.
import type { MiddlewareHandler } from "hono";
import type { SpaceGuard } from "../guards/space.ts";

const READS = new Set(["GET", "HEAD", "OPTIONS"]);
/** A row or less each, without which nobody could read: the watermark leaves space for them. */
const NEEDED_TO_READ = /^\/api\/(sessions(\/.*)?|token|messages\/socket-ticket)$/;

export function requireSpace(space: Pick<SpaceGuard, "requireSpace">): MiddlewareHandler {
  return async (c, next) => {
    if (!READS.has(c.req.method) && !NEEDED_TO_READ.test(c.req.path)) space.requireSpace();
    await next();
  };
}
