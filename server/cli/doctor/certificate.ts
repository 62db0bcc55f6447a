// The certificate of TLS_CERT: readable, the one that the key belongs to, and not about to end.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { type Finding, ok, problem, warning } from "./finding.ts";

const DAY_MS = 86_400_000;
/** Those who renew by themselves do so a month before. */
const SOON_DAYS = 20;

/** `tls`: the two files. `now` in milliseconds since 1970. */
export async function checkCertificate(tls: { cert: string; key: string }, now: number): Promise<Finding[]> {
  try {
    const certificate = new X509Certificate(await Deno.readTextFile(tls.cert));
    const key = createPrivateKey(await Deno.readTextFile(tls.key));
    if (!certificate.checkPrivateKey(key)) {
      return [problem("TLS_KEY is not the key of TLS_CERT", "Give the two files that were made together")];
    }
    const days = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS);
    const what = `The certificate of TLS_CERT ends on ${certificate.validTo}`;
    if (days < 0) return [problem(what, "Renew it; the server takes the new files without a restart")];
    if (days < SOON_DAYS) return [warning(`${what}, in ${days} days`, "Renew it, or look why that did not happen")];
    return [ok(what)];
  } catch (error) {
    return [problem(
      `TLS_CERT and TLS_KEY cannot be read: ${(error as Error).message}`,
      "Give two PEM files that the user who runs Chautari may read",
    )];
  }
}
