// TLS by certificate files, read again when they change: a renewed certificate needs no restart.
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Log } from "../log.ts";
import { StartError } from "../store/start_error.ts";

const LOOK_EVERY_MS = 10_000;

/** Paths of PEM files: the certificate with its chain, and its private key. */
export interface TlsFiles {
  cert: string;
  key: string;
}

export interface Pair {
  cert: string;
  key: string;
}

/** Throws StartError where the files cannot be read or do not belong together. */
export async function readPair(files: TlsFiles): Promise<Pair> {
  const [cert, key] = await Promise.all([read("TLS_CERT", files.cert), read("TLS_KEY", files.key)]);
  const problem = mismatch(cert, key);
  if (problem === null) return { cert, key };
  throw new StartError(
    `TLS_CERT ${files.cert} and TLS_KEY ${files.key} cannot be used together: ${problem}; ` +
      "expected a certificate and its own private key, both as PEM",
  );
}

function mismatch(cert: string, key: string): string | null {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)) ? null : "the key is another one's";
  } catch (error) {
    return (error as Error).message;
  }
}

async function read(name: string, path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new StartError(`${name}: ${path} cannot be read: ${(error as Error).message}; expected a PEM file`);
  }
}

export interface TlsWatch {
  look(): Promise<void>;
  stop(): void;
}

/** Gives each new pair to `use`; one that is half written or wrong is told of, and the old one stays. */
export function watchPair(files: TlsFiles, first: Pair, use: (pair: Pair) => void, log: Log): TlsWatch {
  let last = first;
  let complaint = "";
  const look = async () => {
    try {
      const pair = await readPair(files);
      complaint = "";
      if (pair.cert === last.cert && pair.key === last.key) return;
      use(pair);
      last = pair;
      log.info("A new TLS certificate is in use");
    } catch (error) {
      const { message } = error as Error;
      if (message !== complaint) log.warn("The TLS certificate stays as it was", { reason: message });
      complaint = message;
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return { look, stop: () => clearInterval(timer) };
}
