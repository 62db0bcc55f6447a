// The ways to forge a token: of the form, of the claims, of the signature, of the key. Each must be refused.
import { deflateRawSync } from "node:zlib";
import { base64url, flip, forge, hmac, nonCanonical, none, type Signature } from "./forged_tokens_forge.ts";

/** A name, and the token. */
export type Variant = [name: string, token: string];

/** What the true keeper of the keys would say and sign. */
export interface Honest {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  signature: Signature;
  /** Seconds since 1970. */
  now: number;
}

const honestly = ({ header, claims, signature }: Honest, more: object = {}, headerMore: object = {}) =>
  forge({ ...header, ...headerMore }, { ...claims, ...more }, signature);

const ALGORITHMS = ["none", "None", "nOnE", "NONE", "", "hs256", "HS256 ", "HS1", "ROT13", null, 0, ["HS256"], {}];
const CRITICAL = [["exp"], ["b64"], ["nothing-known"], [], "exp", null];
const LONG = "x".repeat(10_000);

/** Who does not have the key changes the algorithm, the header, the signature. */
export function withoutTheKey(honest: Honest): Variant[] {
  const { header, claims } = honest;
  const token = honestly(honest);
  const [head, body, signature] = token.split(".") as [string, string, string];
  const other = forge(header, { ...claims, sub: "somebody else" }, honest.signature);
  const weak = (what: object, key = ""): string => forge({ ...header, alg: "HS256", ...what }, claims, hmac(key));
  return [
    ...ALGORITHMS.flatMap((alg): Variant[] => [
      [`alg ${JSON.stringify(alg)}, unsigned`, forge({ ...header, alg }, claims, none)],
      [`alg ${JSON.stringify(alg)}, with a signature`, forge({ ...header, alg }, claims, honest.signature)],
    ]),
    ["no alg", forge({ typ: "JWT" }, claims, honest.signature)],
    ["kid that leaves the folder, signed with nothing", weak({ kid: "../../../../dev/null" })],
    ["kid that is SQL, signed with its answer", weak({ kid: "x' union select 'key' -- " }, "key")],
    ["kid that is a URL", weak({ kid: "http://127.0.0.1:9/key" }, "key")],
    ["kid that is empty", weak({ kid: "" })],
    ["kid that is huge", weak({ kid: "k".repeat(5_000) })],
    ["kid with NUL", weak({ kid: "a\0b" })],
    ["kid that is a list", weak({ kid: ["a"] })],
    ["kid that is an object's own", weak({ kid: "__proto__" })],
    ["kid that is a number", weak({ kid: 0 })],
    ["the key in the header (jwk)", weak({ jwk: { kty: "oct", k: base64url("key") } }, "key")],
    ["the key's place in the header (jku)", weak({ jku: "http://127.0.0.1:9/jwks.json" }, "key")],
    ["the key's certificate in the header (x5c)", weak({ x5c: [Buffer.from("key").toString("base64")] }, "key")],
    ["the certificate's place in the header (x5u)", weak({ x5u: "http://127.0.0.1:9/cert.pem" }, "key")],
    ["another key", weak({}, "another secret of 32 bytes or more")],
    ["the issuer for a key", weak({}, String(claims.iss))],
    ["signature stripped", `${head}.${body}.`],
    ["signature left out", `${head}.${body}`],
    ["signature of another token", `${head}.${body}.${other.split(".")[2]}`],
    ["claims of another token", `${head}.${other.split(".")[1]}.${signature}`],
    ["signature cut short", token.slice(0, -4)],
    ["signature with more behind it", `${token}AAAA`],
    ["signature of zeros", `${head}.${body}.${base64url(new Uint8Array(32))}`],
    ["signature twice", `${token}.${signature}`],
    ["signature padded", `${token}=`],
    ["signature padded twice", `${token}==`],
    ["signature in plain base64", `${head}.${body}.${Buffer.from(signature, "base64url").toString("base64")}`],
    ["signature not canonical", nonCanonical(token)],
    ["signature in hexadecimal", `${head}.${body}.${Buffer.from(signature, "base64url").toString("hex")}`],
    ...([0, 1, 2] as const).flatMap((which) =>
      [0, 7, 31].map((byte): Variant => [`a bit of part ${which} at ${byte}`, flip(token, which, byte)])
    ),
    ["whitespace within", `${head}.${body} .${signature}`],
    ["a line break within", `${head}.\r\n ${body}.${signature}`],
    ["a tab within", `${head}.${body}\t.${signature}`],
    ["NUL behind", `${token}\0`],
    ["a dot in front", `.${token}`],
    ["the header alone", head],
    ["nothing but dots", ".."],
    ["five parts, encrypted by nobody", `${base64url(JSON.stringify({ alg: "dir", enc: "A256GCM" }))}..a.b.c`],
    ["five parts, the honest one in front", `${token}.a.b`],
    ["JSON instead of compact", JSON.stringify({ protected: head, payload: body, signature })],
    ["not even a token", "null"],
    ["percent encoded", encodeURIComponent(token).replaceAll(".", "%2E")],
  ];
}

/** The same to the eye, other code points (Unicode normal form D); where there is no such form, with a mark that nobody sees. */
const inTwoParts = (text: string) => text.normalize("NFD") === text ? `${text}\u200d` : text.normalize("NFD");

/** Who has the key says what makes no sense: a site's mistake must not let anybody in either. */
export function withTheKey(honest: Honest): Variant[] {
  const { header, claims, signature, now } = honest;
  const raw = JSON.stringify(claims);
  const without = (claim: string) => ({ [claim]: undefined });
  const bytes = (text: string, ...more: number[]) => Uint8Array.from([...Buffer.from(text), ...more]);
  const times: [string, object][] = [
    ["exp missing", without("exp")],
    ...[now - 60, now - 1e6, 0, -1, -1e300, 1.5, String(now + 600), "soon", null, [now + 600], {}, true, 1e300]
      .map((exp): [string, object] => [`exp ${JSON.stringify(exp)}`, { exp }]),
    ...[now + 600, 1e300, String(now - 60), "now", null, [now - 60], {}]
      .map((nbf): [string, object] => [`nbf ${JSON.stringify(nbf)}`, { nbf }]),
    ...["now", String(now), null, [now], {}].map((iat): [string, object] => [`iat ${JSON.stringify(iat)}`, { iat }]),
  ];
  const names: [string, object][] = [
    ...["sub", "aud", "iss"].flatMap((claim) => [
      [`${claim} missing`, without(claim)] as [string, object],
      ...[[], {}, 0, 7, true, null, "", " ", LONG, `${claims[claim]}\0`, `\0${claims[claim]}`]
        .map((value): [string, object] => [`${claim} ${JSON.stringify(value).slice(0, 40)}`, { [claim]: value }]),
    ]),
    ["sub in a list", { sub: [claims.sub] }],
    ["sub in an object", { sub: { id: claims.sub } }],
    ["sub with a line break", { sub: `${claims.sub}\n` }],
    ["sub with half a character", { sub: "\ud800" }],
    ["iss in a list", { iss: [claims.iss] }],
    ["iss that only looks the same (NFD)", { iss: inTwoParts(String(claims.iss)) }],
    ...["aud", "iss"].flatMap((claim) =>
      [`${claims[claim]} `, `${claims[claim]}/`, String(claims[claim]).toUpperCase(), `${claims[claim]}`.slice(0, -1)]
        .map((value): [string, object] => [`${claim} ${value}`, { [claim]: value }])
    ),
    ["aud of others in a list", { aud: ["another", "third"] }],
    ["aud in a list in a list", { aud: [[claims.aud]] }],
  ];
  const forms: Variant[] = [
    ["a key twice in the claims", forge(header, `{"sub":"victim",${raw.slice(1)}`, signature)],
    ["a key twice in the claims, escaped", forge(header, `{"s\\u0075b":"victim",${raw.slice(1)}`, signature)],
    ["a key twice in the header", forge(`{"alg":"none",${JSON.stringify(header).slice(1)}`, raw, signature)],
    ["bytes behind the claims", forge(header, `${raw}x`, signature)],
    ["a second object behind the claims", forge(header, `${raw}{}`, signature)],
    ["NUL behind the claims", forge(header, `${raw}\0`, signature)],
    ["bytes behind the header", forge(`${JSON.stringify(header)}x`, raw, signature)],
    ["a byte order mark", forge(header, `\ufeff${raw}`, signature)],
    ["claims that are not UTF-8", forge(header, bytes(raw.replace(/}$/, ',"name":"'), 0xff, 0x22, 0x7d), signature)],
    ["claims that are a list", forge(header, [claims], signature)],
    ["claims that are text", forge(header, JSON.stringify(raw), signature)],
    ["claims that are null", forge(header, "null", signature)],
    ["claims that are empty", forge(header, "", signature)],
    ["a header that is a list", forge([header], claims, signature)],
    ["claims packed (zip)", forge({ ...header, zip: "DEF" }, deflateRawSync(raw), signature)],
    ["a token in a token", forge({ ...header, cty: "JWT" }, honestly(honest), signature)],
    ["far too long", honestly(honest, { padding: LONG })],
    ["as long as a header may not be", honestly(honest, { padding: LONG.repeat(3) })],
    ...CRITICAL.map((crit): Variant => [
      `crit ${JSON.stringify(crit)}`,
      honestly(honest, {}, { crit, exp: 1, "nothing-known": 1, b64: true }),
    ]),
    ["claims not encoded (b64)", forge({ ...header, b64: false, crit: ["b64"] }, claims, signature)],
    ...["JWE", "refresh+jwt", "logout+jwt", "", 7, ["JWT"]].map((typ): Variant => [
      `typ ${JSON.stringify(typ)}`,
      honestly(honest, {}, { typ }),
    ]),
  ];
  const infinite = raw.replace(/"exp":\d+/, '"exp":1e999');
  return [
    ["exp beyond all numbers", forge(header, infinite, signature)],
    ...[...times, ...names].map(([name, more]): Variant => [name, honestly(honest, more)]),
    ...forms,
  ];
}
