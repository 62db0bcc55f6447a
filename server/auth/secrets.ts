// Random secrets that stand in cookies, links and tickets; the database sees only their SHA-256.
import { createHash, randomBytes } from "node:crypto";

/** 32 random bytes as base64url: 43 characters. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** A plain hash is enough for 256 random bits: there is nothing to guess. */
export function hashSecret(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}
