// Response headers that keep a browser from doing what nobody asked for, and who may call from another site.
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { HttpEnv } from "./context.ts";

/** Scripts and styles from this server only, none inline; pictures also from the sites the owner named. */
export function contentSecurityPolicy(imageOrigins: string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    ["img-src 'self' data:", ...imageOrigins].join(" "),
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export function securityHeaders(imageOrigins: string[]): MiddlewareHandler<HttpEnv> {
  const policy = contentSecurityPolicy(imageOrigins);
  return async (c, next) => {
    await next();
    c.header("content-security-policy", policy);
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "strict-origin-when-cross-origin");
    c.header("cross-origin-opener-policy", "same-origin");
    c.header("permissions-policy", "camera=(), geolocation=(), microphone=()");
    c.header("x-request-id", c.var.requestId);
  };
}

/** Pages of the named origins may call the API with a token. Cookies stay at home: no credentials. */
export function allowOrigins(origins: string[]): MiddlewareHandler {
  return cors({
    origin: (origin) => origins.includes(origin) ? origin : null,
    allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
    allowHeaders: ["authorization", "content-type"],
    exposeHeaders: ["x-request-id", "retry-after"],
    maxAge: 600,
  });
}
