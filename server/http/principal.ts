// Middleware: who is asking. Routes behind it have a principal; nobody else gets past it.
import type { MiddlewareHandler } from "hono";
import { CommandError } from "../../protocol/errors.ts";
import type { RateLimit } from "../rate_limit.ts";
import type { HttpEnv, Services } from "./context.ts";

/** Requires a principal, and counts its requests. */
export function signedIn({ auth, limits }: Pick<Services, "auth" | "limits">): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const principal = await auth.authenticate(c.req.raw);
    countAgainst(limits.rest, principal.userId);
    c.set("principal", principal);
    await next();
  };
}

/** Counts requests that have no principal yet by their address. */
export function anonymous({ auth, limits }: Pick<Services, "auth" | "limits">): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    countAgainst(limits.rest, c.var.address);
    auth.refuseForeignPage(c.req.raw);
    await next();
  };
}

export function countAgainst(limit: RateLimit, key: string): void {
  const waitMs = limit.take(key);
  if (waitMs > 0) throw new CommandError("rate_limited", { retryAfter: waitMs / 1000 });
}
