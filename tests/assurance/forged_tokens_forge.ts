// Tokens as no library makes them: any bytes for a header, any for the claims, any signature.
import { createHmac, type KeyObject, sign as signBytes } from "node:crypto";

export type Bytes = string | Uint8Array;
export type Signature = (input: string) => Bytes;

export const base64url = (bytes: Bytes): string => Buffer.from(bytes as Uint8Array).toString("base64url");

const part = (value: unknown): string =>
  base64url(typeof value === "string" || value instanceof Uint8Array ? value : JSON.stringify(value));

/** A compact JWS. Strings and bytes stand in it as they are, anything else as JSON. */
export function forge(header: unknown, claims: unknown, signature: Signature): string {
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${base64url(signature(input))}`;
}

export const hmac = (secret: Bytes, hash = "sha256"): Signature => (input) =>
  createHmac(hash, secret).update(input).digest();

export const none: Signature = () => "";

/** RS256 and its like: PKCS #1 v1.5. */
export const rsa = (key: KeyObject, hash = "sha256"): Signature => (input) => signBytes(hash, Buffer.from(input), key);

/** `ieee-p1363`: r and s side by side, as JWS wants it (RFC 7518 §3.4); `der`: as X.509 has it. */
export const ecdsa = (key: KeyObject, dsaEncoding: "ieee-p1363" | "der" = "ieee-p1363"): Signature => (input) =>
  signBytes("sha256", Buffer.from(input), { key, dsaEncoding });

/** The same token with one bit of one part turned over. */
export function flip(token: string, which: 0 | 1 | 2, byte: number): string {
  const parts = token.split(".");
  const bytes = Buffer.from(parts[which]!, "base64url");
  bytes[byte % bytes.length]! ^= 1;
  parts[which] = bytes.toString("base64url");
  return parts.join(".");
}

/** Another text that a careless decoder reads as the same bytes: the last character's unused bits are set. */
export function nonCanonical(token: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1)!) | 1];
}
