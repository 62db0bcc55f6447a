// Tokens of the host site's people: HS256 JWTs (RFC 7515, RFC 7519), made here so that thousands cost nothing.
import { createHmac } from "node:crypto";
import { Buffer } from "node:buffer";
import type { Job } from "./job.ts";

const DAY_S = 86_400;

/** The token of person n. */
export function tokenOf(person: number, { secret, issuer, audience }: Job["jwt"]): string {
  const nowS = Math.floor(Date.now() / 1000);
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const claims = { sub: externalId(person), iss: issuer, aud: audience, iat: nowS, exp: nowS + DAY_S };
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** The host site's id of person n. */
export function externalId(person: number): string {
  return `person-${person}`;
}
