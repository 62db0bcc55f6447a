// Forgeries against a list of public keys: the public key for a secret, somebody else's key, signatures of the wrong kind.
import { type KeyObject, sign as signBytes } from "node:crypto";
import { ecdsa, forge, hmac, rsa, type Signature } from "./forged_tokens_forge.ts";
import type { Variant } from "./forged_tokens_variants.ts";

export interface Keys {
  rsa: KeyObject;
  rsaPublic: KeyObject;
  ec: KeyObject;
  ecPublic: KeyObject;
  /** Not in the list. */
  evil: KeyObject;
  evilPublic: KeyObject;
  evilEc: KeyObject;
  /** In the list, for encrypting only. */
  encrypting: KeyObject;
  /** The list. */
  served: object[];
}

export function asymmetric(keys: Keys, claims: object, secret: string): Variant[] {
  const rs = { alg: "RS256", kid: "rsa" };
  const es = { alg: "ES256", kid: "ec" };
  const zeros = (count: number): Signature => () => new Uint8Array(count);
  const jwk = keys.evilPublic.export({ format: "jwk" });
  const { n } = keys.rsaPublic.export({ format: "jwk" });
  const pss: Signature = (input) =>
    signBytes("sha256", new TextEncoder().encode(input), { key: keys.rsa, padding: 6, saltLength: 32 });
  const raw = ecdsa(keys.ec);
  const half = (which: "r" | "s"): Signature => (input) => {
    const bytes = Uint8Array.from(raw(input) as Uint8Array);
    bytes.fill(0, which === "r" ? 0 : 32, which === "r" ? 32 : 64);
    return bytes;
  };
  const publicForms: [string, string | Uint8Array][] = [keys.rsaPublic, keys.ecPublic].flatMap((key) => {
    const pem = key.export({ type: "spki", format: "pem" }) as string;
    return [
      ["PEM", pem],
      ["PEM without its last line break", pem.trimEnd()],
      ["DER", new Uint8Array(key.export({ type: "spki", format: "der" }) as Uint8Array)],
      ["JWK", JSON.stringify(key.export({ format: "jwk" }))],
    ] as [string, string | Uint8Array][];
  });
  return [
    ...publicForms.flatMap(([form, key], at): Variant[] =>
      ["rsa", "ec", undefined].map((kid) => [
        `the public key (${at}, ${form}) for a secret, kid ${kid}`,
        forge({ alg: "HS256", kid }, claims, hmac(key)),
      ])
    ),
    ["the public key's n for a secret", forge({ alg: "HS256", kid: "rsa" }, claims, hmac(n!))],
    ["a secret that the list gives away", forge({ alg: "HS256", kid: "oct" }, claims, hmac(secret))],
    ["somebody else's RSA key", forge(rs, claims, rsa(keys.evil))],
    ["somebody else's EC key", forge(es, claims, ecdsa(keys.evilEc))],
    ["a key for encrypting", forge({ alg: "RS256", kid: "enc" }, claims, rsa(keys.encrypting))],
    ["RS384 by the RS256 key", forge({ ...rs, alg: "RS384" }, claims, rsa(keys.rsa, "sha384"))],
    ["RS512 by the RS256 key", forge({ ...rs, alg: "RS512" }, claims, rsa(keys.rsa, "sha512"))],
    ["PS256 by the RS256 key", forge({ ...rs, alg: "PS256" }, claims, pss)],
    ["RS256 in PSS", forge(rs, claims, pss)],
    ["RS256 of zeros", forge(rs, claims, zeros(256))],
    ["RS256 by the EC key", forge({ alg: "RS256", kid: "ec" }, claims, raw)],
    ["ES256 by the RSA key", forge({ alg: "ES256", kid: "rsa" }, claims, rsa(keys.rsa))],
    ["ES384 by the ES256 key", forge({ ...es, alg: "ES384" }, claims, raw)],
    ["ES256 in DER", forge(es, claims, ecdsa(keys.ec, "der"))],
    ["ES256, psychic: r = s = 0", forge(es, claims, zeros(64))],
    ["ES256 with r = 0", forge(es, claims, half("r"))],
    ["ES256 with s = 0", forge(es, claims, half("s"))],
    ["ES256 of nothing", forge(es, claims, zeros(0))],
    ["ES256 of a byte more", forge(es, claims, (input) => Uint8Array.from([...raw(input) as Uint8Array, 0]))],
    ...[undefined, "rsa"].flatMap((kid): Variant[] => [
      [`one's own key in the header (jwk), kid ${kid}`, forge({ alg: "RS256", kid, jwk }, claims, rsa(keys.evil))],
      [
        `one's own list (jku), kid ${kid}`,
        forge({ alg: "RS256", kid, jku: "http://127.0.0.1:9/jwks.json" }, claims, rsa(keys.evil)),
      ],
      [
        `one's own certificate (x5c), kid ${kid}`,
        forge(
          { alg: "RS256", kid, x5c: [keys.evilPublic.export({ type: "spki", format: "der" }).toString("base64")] },
          claims,
          rsa(keys.evil),
        ),
      ],
      [
        `one's own certificate elsewhere (x5u), kid ${kid}`,
        forge({ alg: "RS256", kid, x5u: "http://127.0.0.1:9/cert.pem" }, claims, rsa(keys.evil)),
      ],
    ]),
    ...["../../etc/passwd", "' or '1'='1", "http://127.0.0.1:9/", "", "k".repeat(4_000), "__proto__", "RSA", "rsa\0"]
      .map((kid): Variant => [`kid ${kid.slice(0, 20)}`, forge({ alg: "RS256", kid }, claims, rsa(keys.evil))]),
  ];
}
