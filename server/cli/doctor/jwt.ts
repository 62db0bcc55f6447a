// The site's tokens: whether the settings make sense, and, for a pasted token, each claim beside what is expected of it.
import {
  compactVerify,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JSONWebKeySet,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from "jose";
import { readClaims } from "../../auth/claims.ts";
import { hostTokens } from "../../auth/tokens.ts";
import type { Config } from "../../config.ts";
import { CommandError } from "../../../protocol/errors.ts";
import { ask } from "../health.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

type Jwt = NonNullable<Config["jwt"]>;

/** Fewer different characters than this make no secret. */
const SECRET_VARIETY = 10;
const DAY_S = 86_400;
/** Later than any year of four digits: the server takes no such end, and it is most likely in milliseconds. */
const YEAR_10_000_S = 253_402_300_800;

/** What to check a signature with, and what the settings say of it. `keys` is null where there are none to check with. */
interface Keys {
  findings: Finding[];
  algorithms: string[];
  verify: null | ((token: string) => Promise<unknown>);
}

/** Reads the JWKS URL, which the settings name, where there is one. `now` in milliseconds since 1970. */
export async function checkJwt(jwt: Jwt, token: string | null, now: number): Promise<Finding[]> {
  const keys = jwt.jwksUrl === null ? secretKeys(jwt.secret!) : await publishedKeys(jwt.jwksUrl);
  if (token === null) return keys.findings;
  return [...keys.findings, ...await checkToken(jwt, token, keys, now)];
}

function secretKeys(secret: string): Keys {
  const key = new TextEncoder().encode(secret);
  const weak = new Set(secret).size < SECRET_VARIETY;
  return {
    findings: [
      weak
        ? warning("JWT_SECRET has few different characters: it can be guessed", "Make one with: openssl rand -hex 32")
        : ok("JWT_SECRET is long enough"),
    ],
    algorithms: ["HS256"],
    verify: (token) => compactVerify(token, key),
  };
}

async function publishedKeys(url: string): Promise<Keys> {
  const algorithms = ["RS256", "PS256", "ES256", "EdDSA"];
  const failed = (why: string) => ({
    findings: [problem(
      `The keys at JWT_JWKS_URL (${url}) cannot be read: ${why}`,
      "Open that address from this machine: it must answer 200 with a JSON Web Key Set",
    )],
    algorithms,
    verify: null,
  });
  try {
    const { status, text } = await ask(new URL(url));
    if (status !== 200) return failed(`it answers ${status}`);
    const set = JSON.parse(text) as JSONWebKeySet;
    const keys = createLocalJWKSet(set);
    const many = set.keys.length;
    return {
      findings: [
        many === 0
          ? problem(`The key set at JWT_JWKS_URL (${url}) is empty`, "Publish the public key that your site signs with")
          : ok(`${many} ${many === 1 ? "key" : "keys"} at JWT_JWKS_URL (${url})`),
      ],
      algorithms,
      verify: (token) => compactVerify(token, keys),
    };
  } catch (error) {
    return failed((error as Error).message);
  }
}

/** The server's own verdict comes last, so that nothing said before it can be wrong about the outcome. */
async function checkToken(jwt: Jwt, token: string, keys: Keys, now: number): Promise<Finding[]> {
  let header: ProtectedHeaderParameters;
  let payload: JWTPayload;
  try {
    header = decodeProtectedHeader(token);
    payload = decodeJwt(token);
  } catch {
    return [
      problem("This is not a JWT", "Give the three parts with their two dots, and nothing else: no quotes, no Bearer"),
    ];
  }
  const findings = [
    algorithm(header, keys.algorithms),
    await signature(token, header, keys),
    same("iss", payload.iss, jwt.issuer, "JWT_ISSUER"),
    same("aud", payload.aud, jwt.audience, "JWT_AUDIENCE"),
    end(payload.exp, now),
    ...begin(payload.nbf, now),
    ...person(payload, now),
  ];
  const verdict = await hostTokens(jwt, () => now)(token).then(() => true, () => false);
  const explained = findings.some(({ level }) => level === "problem");
  if (verdict && !explained) return [...findings, ok("The server accepts this token")];
  if (!verdict && !explained) {
    findings.push(problem(
      `The server refuses this token for its form or its header: ${JSON.stringify(header)}`,
      'Let typ be "JWT" or absent, with no crit, no key twice, and base64url without padding',
    ));
  }
  return findings;
}

function algorithm({ alg }: ProtectedHeaderParameters, expected: string[]): Finding {
  const what = `alg is ${JSON.stringify(alg)}`;
  if (alg !== undefined && expected.includes(alg)) return ok(what);
  const setting = expected.includes("HS256") ? "JWT_SECRET" : "JWT_JWKS_URL";
  return problem(what, `With ${setting} sign with ${expected.join(", ")}`);
}

async function signature(token: string, { alg, kid }: ProtectedHeaderParameters, keys: Keys): Promise<Finding> {
  if (keys.verify === null || !keys.algorithms.includes(alg ?? "")) {
    return warning("The signature was not checked", "Mend what stands above it first");
  }
  try {
    await keys.verify(token);
    return ok("The signature is right");
  } catch (error) {
    const remedy = keys.algorithms.includes("HS256")
      ? "Sign with the very bytes of JWT_SECRET: not its base64-decoded form, no newline at its end"
      : `Publish the key that the site signs with (kid ${JSON.stringify(kid)}) at JWT_JWKS_URL`;
    return problem(`The signature is wrong: ${(error as Error).message}`, remedy);
  }
}

/** RFC 7519 §4.1.3: an audience may be one of several. */
function same(claim: string, given: unknown, expected: string, setting: string): Finding {
  if (given === expected || Array.isArray(given) && given.includes(expected)) {
    return ok(`${claim} is ${JSON.stringify(given)}`);
  }
  const what = given === undefined ? `${claim} is missing` : `${claim} is ${JSON.stringify(given)}`;
  return problem(`${what}, and ${setting} is ${JSON.stringify(expected)}`, "Make the two equal, letter by letter");
}

function end(exp: unknown, now: number): Finding {
  if (typeof exp !== "number") {
    return problem("exp is missing or no number", "Let it be the end, in seconds since 1970");
  }
  const shown = shownTime(exp);
  const seconds = exp - now / 1000;
  if (seconds <= 0) {
    return problem(`exp is ${shown}, which is past`, "Take a new token; if this is one, look at the site's clock");
  }
  if (exp >= YEAR_10_000_S) return problem(`exp is ${exp}: no date`, "exp counts seconds since 1970, not milliseconds");
  if (seconds > 400 * DAY_S) {
    return warning(
      `exp is ${shown}, in ${Math.round(seconds / DAY_S)} days`,
      "Let it end when the site's session ends",
    );
  }
  return ok(`exp is ${shown}`);
}

function begin(nbf: unknown, now: number): Finding[] {
  if (typeof nbf !== "number" || nbf <= now / 1000) return [];
  return [problem(`nbf is ${shownTime(nbf)}, which is to come`, "Wait until then; or look at the site's clock")];
}

/** Out of a date's range it is shown as it came. */
function shownTime(seconds: number): string {
  return Math.abs(seconds) < 8.64e12 ? new Date(seconds * 1000).toISOString() : String(seconds);
}

function person(payload: JWTPayload, now: number): Finding[] {
  try {
    const { externalId, name, role } = readClaims(payload, now);
    const known = `sub is ${JSON.stringify(externalId)}, role is ${role}`;
    const given = payload.role === undefined || payload.role === role;
    return [
      given ? ok(known) : warning(`${known}, not ${JSON.stringify(payload.role)}`, "Use member, admin or owner"),
      name === undefined
        ? warning("name is missing", "Give a name: people see it")
        : ok(`name is ${JSON.stringify(name)}`),
    ];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [problem(`sub is ${JSON.stringify(payload.sub)}`, "Let it be your site's id of the person, as a text")];
  }
}
