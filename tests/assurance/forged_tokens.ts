// Forged tokens at every door, in each way of keeping accounts: none may be let in, make a person, or break the server.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { uuidv7 } from "../../protocol/uuid.ts";
import { startServer } from "../../server/cli/server.ts";
import { readConfig } from "../../server/config.ts";
import { createLog } from "../../server/log.ts";
import { readInstallation } from "../../server/store/installation.ts";
import { openSocket } from "../helpers/socket.ts";
import { COOKIE, DOORS, knock, RENEW_MAX_CHARS, strangeRequests } from "./forged_tokens_doors.ts";
import { ecdsa, forge, hmac, rsa } from "./forged_tokens_forge.ts";
import { asymmetric, type Keys } from "./forged_tokens_keys.ts";
import { type Honest, type Variant, withoutTheKey, withTheKey } from "./forged_tokens_variants.ts";
import { type GroundedOptions, openGround } from "./ground.ts";
import type { Verdict } from "./suite.ts";

const SECRET = "a secret of the site, 32 bytes or more";
const CLAIMS = { iss: "bazár", aud: "chautari", sub: "victim", name: "Victim" };

interface Trial {
  name: string;
  environment: Record<string, string>;
  honest: Honest;
  variants: Variant[];
  /** The site's cookie is a door only where there is a site. */
  doors: (keyof typeof DOORS)[];
}

export async function run(options: GroundedOptions): Promise<Verdict> {
  await using open = new AsyncDisposableStack();
  const { sql, close } = await openGround(options);
  open.defer(close);
  const keys = makeKeys();
  const jwks = await serve(keys.served);
  open.defer(jwks.close);
  const verdict: Verdict = { name: "forged tokens", tried: 0, violations: [] };
  const { tokenSecret } = await readInstallation(sql);
  const [id, sessionId] = [uuidv7(), uuidv7()];
  await sql`
    insert into users (id, username, password_hash, name) values (${id}, 'victim', '-', 'Victim')`;
  await sql`
    insert into sessions (id, user_id, secret_hash, expires_at)
    values (${sessionId}, ${id}, ${new Uint8Array(32)}, now() + interval '1 day')`;
  for (const trial of trials(keys, jwks.url, { tokenSecret, id, sessionId })) {
    options.signal?.throwIfAborted();
    const config = readConfig({ PORT: "0", ...trial.environment }, []);
    const log = createLog({ level: "error", format: "json", write: (line) => verdict.violations.push(line) });
    const limits = { restPerMinute: 1e6, commandsPerMinute: 1e6, connectionsPerAddress: 10_000 };
    const server = await startServer({ config, sql, log, limits });
    try {
      await tryAll(trial, server.port, options.quick, verdict);
    } finally {
      await server.stop();
    }
    options.report(`forged tokens, ${trial.name}: ${verdict.tried} tried so far`);
  }
  const strangers = await sql`select name from users where external_id <> 'victim'`;
  if (strangers.length > 0) verdict.violations.push(`${strangers.length} people were made by forged tokens`);
  return verdict;
}

async function tryAll(trial: Trial, port: number, quick: boolean, verdict: Verdict): Promise<void> {
  const { name, honest, variants, doors } = trial;
  const token = forge(honest.header, honest.claims, honest.signature);
  for (const door of doors) {
    // Were the doors shut to everybody, all that follows would prove nothing.
    const status = await knock(port, DOORS[door](token));
    if (status >= 300) verdict.violations.push(`${name}, ${door}: the honest token is answered ${status}`);
  }
  const check = (what: string, status: number) => {
    verdict.tried++;
    if (![400, 401, 431].includes(status)) verdict.violations.push(`${name}, ${what}: ${status}`);
  };
  for (const [at, [variant, forged]] of variants.entries()) {
    // In the short form each knocks at one door, in turn, and at the open socket below.
    const tried = quick ? [doors[at % doors.length]!] : doors;
    for (const door of tried) check(`${variant}, ${door}`, await knock(port, DOORS[door](forged)));
  }
  for (const [what, request] of strangeRequests(token, variants[0]![1])) check(what, await knock(port, request));
  await tryRenewal(trial, port, token, verdict);
}

/** An open socket is a door too: no forged token prolongs it. */
async function tryRenewal(
  { name, variants }: Trial,
  port: number,
  token: string,
  verdict: Verdict,
): Promise<void> {
  const socket = await openSocket(`http://127.0.0.1:${port}`, { headers: { authorization: `Bearer ${token}` } });
  const renew = async (token: string) => (await socket.ask({ command: "session:renew", token })).error?.code ?? "ok";
  const honest = await renew(token);
  if (honest !== "ok") verdict.violations.push(`${name}: the honest token renews nothing: ${honest}`);
  for (const [variant, forged] of variants) {
    const code = await renew(forged);
    const expected = forged.length > RENEW_MAX_CHARS || forged === "" ? "invalid" : "unauthenticated";
    verdict.tried++;
    if (code !== expected) verdict.violations.push(`${name}, ${variant}, session:renew: ${code}`);
  }
  socket.close();
  await socket.closed;
}

function trials(
  keys: Keys,
  jwksUrl: string,
  own: { tokenSecret: Uint8Array; id: string; sessionId: string },
): Trial[] {
  const now = Math.floor(Date.now() / 1000);
  const claims = { ...CLAIMS, exp: now + 3_000 };
  const site = { JWT_ISSUER: CLAIMS.iss, JWT_AUDIENCE: CLAIMS.aud, JWT_COOKIE: COOKIE };
  const everyDoor = Object.keys(DOORS) as (keyof typeof DOORS)[];
  const bySecret: Honest = { header: { alg: "HS256" }, claims, signature: hmac(SECRET), now };
  const byRsa: Honest = { header: { alg: "RS256", kid: "rsa" }, claims, signature: rsa(keys.rsa), now };
  const byEcdsa: Honest = { header: { alg: "ES256", kid: "ec" }, claims, signature: ecdsa(keys.ec), now };
  const byUs: Honest = {
    header: { alg: "HS256", typ: "at+jwt" },
    claims: { iss: "chautari", aud: "chautari-api", sub: own.id, sid: own.sessionId, exp: now + 600 },
    signature: hmac(own.tokenSecret),
    now,
  };
  const ours = (more: object) => forge(byUs.header, { ...byUs.claims, ...more }, byUs.signature);
  const sids = [[], [own.sessionId], {}, 7, null, "", "' or true --", `${own.sessionId}\0`, uuidv7()];
  const all = (honest: Honest) => [...withoutTheKey(honest), ...withTheKey(honest)];
  return [
    {
      name: "secret",
      environment: { ...site, JWT_SECRET: SECRET },
      honest: bySecret,
      variants: [
        ...all(bySecret),
        ["HS384", forge({ alg: "HS384" }, claims, hmac(SECRET, "sha384"))],
        ["HS512", forge({ alg: "HS512" }, claims, hmac(SECRET, "sha512"))],
        ["RS256", forge({ alg: "RS256" }, claims, rsa(keys.rsa))],
        ["one of our own", ours({})],
      ],
      doors: everyDoor,
    },
    {
      name: "JWKS, RS256",
      environment: { ...site, JWT_JWKS_URL: jwksUrl },
      honest: byRsa,
      variants: [...withoutTheKey(byRsa), ...asymmetric(keys, claims, SECRET)],
      doors: everyDoor,
    },
    {
      name: "JWKS, ES256",
      environment: { ...site, JWT_JWKS_URL: jwksUrl },
      honest: byEcdsa,
      variants: all(byEcdsa),
      doors: everyDoor,
    },
    {
      name: "own accounts",
      environment: {},
      honest: byUs,
      variants: [
        ...all(byUs),
        ...sids.map((sid): Variant => [`sid ${JSON.stringify(sid)}`, ours({ sid })]),
        ["another person's session", ours({ sub: uuidv7() })],
        ["a token of the site", forge({ alg: "HS256" }, claims, hmac(SECRET))],
      ],
      doors: everyDoor.filter((door) => !door.endsWith("by cookie")),
    },
  ];
}

function makeKeys(): Keys {
  const rsaPair = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
  const [first, evil, encrypting] = [rsaPair(), rsaPair(), rsaPair()];
  const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const evilEc = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = (one: KeyObject): KeyObject => createPrivateKey(one.export({ type: "pkcs8", format: "pem" }));
  return {
    rsa: key(first.privateKey),
    rsaPublic: first.publicKey,
    ec: key(ec.privateKey),
    ecPublic: ec.publicKey,
    evil: key(evil.privateKey),
    evilPublic: evil.publicKey,
    evilEc: key(evilEc.privateKey),
    encrypting: key(encrypting.privateKey),
    served: [
      { ...first.publicKey.export({ format: "jwk" }), kid: "rsa", alg: "RS256", use: "sig" },
      { ...ec.publicKey.export({ format: "jwk" }), kid: "ec", alg: "ES256", use: "sig" },
      { ...encrypting.publicKey.export({ format: "jwk" }), kid: "enc", use: "enc" },
      { kty: "oct", kid: "oct", alg: "HS256", k: Buffer.from(SECRET).toString("base64url") },
    ],
  };
}

async function serve(keys: object[]): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
