// Passwords, kept as scrypt hashes (RFC 7914) in the PHC string format.
import { type BinaryLike, randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { WorkQueue } from "./work_queue.ts";

// OWASP Password Storage Cheat Sheet: N=2^14, r=8, p=5 is as strong as N=2^17, p=1, in 16 MiB instead of 128.
const LOG_N = 14;
const BLOCK_SIZE = 8;
const PARALLEL = 5;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Two cores: more at once would only take memory and hold up everything else. */
const queue = new WorkQueue(2, 100);

/** The hash of nobody: comparing with it takes as long as with a real one and never succeeds. */
const NOBODY = { salt: Buffer.alloc(SALT_BYTES), hash: null };

/** `$scrypt$ln=14,r=8,p=5$salt$hash`, base64 without padding. Throws unavailable when too many are waiting. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt);
  return `$scrypt$ln=${LOG_N},r=${BLOCK_SIZE},p=${PARALLEL}$${base64(salt)}$${base64(hash)}`;
}

/** With null (no such person) it does the same work and is false. Throws unavailable when too many are waiting. */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  const { salt, hash } = stored === null ? NOBODY : parse(stored);
  const derived = await derive(password, salt);
  return hash !== null && timingSafeEqual(hash, derived);
}

function parse(stored: string): { salt: Buffer; hash: Buffer } {
  const parts = /^\$scrypt\$ln=14,r=8,p=5\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/.exec(stored);
  if (!parts) throw new Error("Cannot read a password hash: it is not $scrypt$ln=14,r=8,p=5$salt$hash");
  return { salt: Buffer.from(parts[1]!, "base64"), hash: Buffer.from(parts[2]!, "base64") };
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}

/** NFKC, so that a password typed on another keyboard or system is the same (NIST SP 800-63B §3.1.1.2). */
function derive(password: string, salt: BinaryLike): Promise<Buffer> {
  const cost = { N: 2 ** LOG_N, r: BLOCK_SIZE, p: PARALLEL };
  return queue.run(() =>
    new Promise((resolve, reject) => {
      scrypt(password.normalize("NFKC"), salt, HASH_BYTES, cost, (error, key) => error ? reject(error) : resolve(key));
    })
  );
}
