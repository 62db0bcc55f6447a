// JWTs, checked as RFC 8725 asks: the algorithm is ours to choose, not the token's.
import { Buffer } from "node:buffer";
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey, SignJWT } from "jose";
import { CommandError } from "../../protocol/errors.ts";
import { parseJson } from "../../protocol/json.ts";
import { TOKEN_TTL_MS } from "../../protocol/limits.ts";

/** The host site's tokens: signed by a shared secret or by keys that a JWKS URL lists, never both. */
export interface HostTokenConfig {
  secret: string | null;
  jwksUrl: string | null;
  issuer: string;
  audience: string;
}

export interface VerifiedToken {
  payload: JWTPayload;
  /** Milliseconds since 1970 from which it is refused. */
  expiresAt: number;
}

export interface TokenVerifier {
  /** Throws unauthenticated, whatever is wrong; unavailable when the JWKS URL cannot be read. */
  (token: string): Promise<VerifiedToken>;
}

const CLOCK_TOLERANCE_S = 5;
const TOKEN_MAX_CHARS = 8192;
const SECRET_MIN_BYTES = 32;
const TYPES = new Set(["jwt", "at+jwt"]);
/** The last second of the year 9999: what is later is no date that we could write down. */
const EXP_MAX_S = 253_402_300_799;

interface Expectation {
  key: JWTVerifyGetKey;
  algorithms: string[];
  issuer: string;
  audience: string;
  now: () => number;
}

function verifier({ key, algorithms, issuer, audience, now }: Expectation): TokenVerifier {
  return async (token) => {
    if (token.length > TOKEN_MAX_CHARS) throw new CommandError("unauthenticated");
    try {
      requireOneReading(token);
      const { payload, protectedHeader } = await jwtVerify(token, key, {
        algorithms,
        issuer,
        audience,
        requiredClaims: ["exp", "sub"],
        clockTolerance: CLOCK_TOLERANCE_S,
        currentDate: new Date(now()),
      });
      if (protectedHeader.crit !== undefined || !isKnownType(protectedHeader.typ) || payload.exp! > EXP_MAX_S) {
        throw new CommandError("unauthenticated");
      }
      return { payload, expiresAt: (payload.exp! + CLOCK_TOLERANCE_S) * 1000 };
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError("unauthenticated");
    }
  };
}

/**
 * Throws unless the token can be read in one way only: three parts in canonical base64url (RFC 7515 §2), header and claims
 * in UTF-8 without a key twice (RFC 7519 §4). jose forgives padding, unused bits, a byte order mark and doubled keys; with
 * those the site's own reader might see another person, and one signature stand under many texts.
 */
function requireOneReading(token: string): void {
  const parts = token.split(".").map((part) => {
    const bytes = Buffer.from(part, "base64url");
    if (bytes.toString("base64url") !== part) throw new CommandError("unauthenticated");
    return bytes;
  });
  for (const bytes of parts.slice(0, 2)) {
    parseJson(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  }
}

function isKnownType(typ: unknown): boolean {
  return typ === undefined || typeof typ === "string" && TYPES.has(typ.toLowerCase().replace(/^application\//, ""));
}

/** Throws Error, for the start to stop, when the settings would make checking worthless. */
export function hostTokens(config: HostTokenConfig, now: () => number): TokenVerifier {
  const { secret, jwksUrl, issuer, audience } = config;
  if ((secret === null) === (jwksUrl === null)) {
    throw new Error("Cannot check tokens: give a secret or a JWKS URL, not both");
  }
  if (issuer === "" || audience === "") throw new Error("Cannot check tokens: issuer and audience are needed");
  if (jwksUrl !== null) {
    const key = readableKeys(createRemoteJWKSet(new URL(jwksUrl)));
    return verifier({ key, algorithms: ["RS256", "PS256", "ES256", "EdDSA"], issuer, audience, now });
  }
  const key = new TextEncoder().encode(secret!);
  if (key.length < SECRET_MIN_BYTES) {
    throw new Error(`Cannot check tokens: the secret has less than ${SECRET_MIN_BYTES} bytes`);
  }
  // a public key as HS256 secret is the classic key confusion (RFC 8725 §2.1): everybody could sign
  if (secret!.includes("-----BEGIN")) throw new Error("Cannot check tokens: the secret is a PEM key; use a JWKS URL");
  return verifier({ key: hmacKey(key), algorithms: ["HS256"], issuer, audience, now });
}

/** Tells an unreadable JWKS, where trying again helps and nobody should be signed out, from a key that is not in it. */
function readableKeys(keys: JWTVerifyGetKey): JWTVerifyGetKey {
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new CommandError("unavailable", { detail: "The site's keys cannot be read right now" });
    }
  };
}

/** Imported once: jose would import raw bytes anew at each token, and every request carries one. */
function hmacKey(secret: Uint8Array): () => Promise<CryptoKey> {
  let key: Promise<CryptoKey> | undefined;
  return () =>
    key ??= crypto.subtle.importKey("raw", new Uint8Array(secret), { name: "HMAC", hash: "SHA-256" }, false, [
      "verify",
    ]);
}

const OWN = { issuer: "chautari", audience: "chautari-api", algorithms: ["HS256"] };

/** Our own access tokens: short-lived, and worth something only while the session they name is active. */
export function accessTokens(secret: Uint8Array, now: () => number) {
  return {
    async issue(
      userId: string,
      sessionId: string,
      sessionExpiresAt: number,
    ): Promise<{ token: string; expiresAt: number }> {
      const expiresAtS = Math.floor(Math.min(now() + TOKEN_TTL_MS, sessionExpiresAt) / 1000);
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: "HS256", typ: "at+jwt" })
        .setIssuer(OWN.issuer).setAudience(OWN.audience).setSubject(userId)
        .setIssuedAt(Math.floor(now() / 1000)).setExpirationTime(expiresAtS)
        .sign(secret);
      return { token, expiresAt: expiresAtS * 1000 };
    },

    verify: verifier({ ...OWN, key: hmacKey(secret), now }),
  };
}
