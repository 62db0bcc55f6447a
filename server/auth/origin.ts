// Which page a request comes from: what stands between a signed-in person and a page of another site (CSRF, RFC 6454).
import { CommandError } from "../../protocol/errors.ts";

/** What is read of a request: of the Web's, or of one that asks for an upgrade and never becomes one. */
export interface Asked {
  /** Absolute. */
  url: string;
  headers: Pick<Headers, "get">;
}

export interface OriginRules {
  /** Exact origins beside our own. */
  corsOrigins: string[];
  /** How many reverse proxies stand in front; with 0 nothing that a proxy says is believed. */
  trustProxy: number;
}

/** Throws cross_origin unless the request names an Origin that is ours or allowed. */
export function requireOrigin(request: Asked, rules: OriginRules): void {
  const origin = request.headers.get("origin");
  if (origin === null || !isAllowed(origin, request, rules)) throw new CommandError("cross_origin");
}

/**
 * Throws cross_origin when the request names an Origin that is neither ours nor allowed. For what carries its own proof
 * (a bearer token, a ticket, a password): programs that are not browsers send no Origin.
 */
export function refuseForeignOrigin(request: Asked, rules: OriginRules): void {
  if (request.headers.get("origin") !== null) requireOrigin(request, rules);
}

/** Whether the browser speaks https with us. A page of ours that says so in its Origin is believed too. */
export function isSecure(request: Asked, rules: OriginRules): boolean {
  const origin = request.headers.get("origin");
  return isKnownSecure(request, rules) ||
    origin !== null && origin.startsWith("https://") && isOwn(origin, request, rules);
}

function isAllowed(origin: string, request: Asked, rules: OriginRules): boolean {
  if (rules.corsOrigins.includes(origin)) return true;
  // behind a proxy that ends TLS we hear http where the page says https, never the other way round
  if (isKnownSecure(request, rules) && !origin.startsWith("https://")) return false;
  return isOwn(origin, request, rules);
}

/** Whether the request itself, or a proxy that is trusted, says https. */
export function isKnownSecure(request: Asked, rules: OriginRules): boolean {
  return request.url.startsWith("https:") ||
    rules.trustProxy > 0 && firstOf(request.headers.get("x-forwarded-proto")) === "https";
}

/** Same host and port; the scheme may differ. `null`, the origin of sandboxes and files, is nobody's. */
function isOwn(origin: string, request: Asked, rules: OriginRules): boolean {
  const page = URL.parse(origin);
  if (page === null || !/^https?:$/.test(page.protocol) || page.origin !== origin) return false;
  const forwarded = rules.trustProxy > 0 ? firstOf(request.headers.get("x-forwarded-host")) : null;
  const host = forwarded ?? request.headers.get("host") ?? new URL(request.url).host;
  // parsed with the page's scheme, so that a default port counts as none on both sides
  return URL.parse(`${page.protocol}//${host}`)?.host === page.host;
}

function firstOf(header: string | null): string | null {
  return header?.split(",", 1).join().trim() || null;
}
