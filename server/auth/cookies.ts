// The session cookie, and reading cookies from a request (RFC 6265).
import { SESSION_TTL_MS } from "../../protocol/limits.ts";
import type { Asked } from "./origin.ts";

export const SESSION_COOKIE = "chautari_session";

/** The value of `Set-Cookie`. `secure`: the request came over https. */
export function sessionCookie(secret: string, secure: boolean): string {
  return cookie(secret, SESSION_TTL_MS / 1000, secure);
}

/** The value of `Set-Cookie` that removes it. */
export function endedCookie(): string {
  return cookie("", 0, false);
}

function cookie(value: string, maxAgeSeconds: number, secure: boolean): string {
  return `${SESSION_COOKIE}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${
    secure ? "; Secure" : ""
  }`;
}

/** Null when the request has no such cookie, or an empty one. Of several the first counts: the most specific path. */
export function readCookie(request: Asked, name: string): string | null {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const at = pair.indexOf("=");
    if (at >= 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim() || null;
  }
  return null;
}
