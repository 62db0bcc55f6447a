// The door for people of a host site: its tokens, by secret or by JWKS; every bad one is refused alike (RFC 8725).
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, exportSPKI, generateKeyPair, type JWTHeaderParameters, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuth } from "../../server/auth/auth.ts";
import { hostTokens } from "../../server/auth/tokens.ts";
import { createWorld, ORIGIN, refusal, request, UNAUTHENTICATED } from "./world.ts";

type World = Awaited<ReturnType<typeof createWorld>>;

const SECRET = "a shared secret of at least 32 bytes";
const ISSUER = "https://site.test";
const AUDIENCE = "messages";
const settings = { issuer: ISSUER, audience: AUDIENCE, cookie: "site_token" };
const START_S = Date.UTC(2031, 0, 1) / 1000;
const CLAIMS = { iss: ISSUER, aud: AUDIENCE, sub: "u-7", exp: START_S + 600, name: "Sita", role: "admin" };

const sign = (claims: object, header: JWTHeaderParameters, key: Parameters<SignJWT["sign"]>[0]) =>
  new SignJWT({ ...claims }).setProtectedHeader(header).sign(key);
const bySecret = (claims: object = CLAIMS, header: object = {}, secret = SECRET) =>
  sign(claims, { alg: "HS256", ...header }, new TextEncoder().encode(secret));
const without = (claim: string) => Object.fromEntries(Object.entries(CLAIMS).filter(([name]) => name !== claim));
const bearer = (token: string) => request({ authorization: `Bearer ${token}` });

/** A token as no library makes it: any header, any claims, any signature. */
function forge(header: object, claims: object, signature: (input: string) => string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${part(header)}.${part(claims)}`;
  return `${input}.${signature(input)}`;
}
const hmac = (key: string, hash = "sha256") => (input: string) =>
  createHmac(hash, key).update(input).digest("base64url");

describe("a shared secret", () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ mode: "host", jwt: { ...settings, secret: SECRET, jwksUrl: null } });
  });
  afterAll(() => world.close());

  it("lets the person in, made at first sight and updated later", async () => {
    const principal = await world.auth.authenticate(bearer(await bySecret()));
    expect(principal).toMatchObject({ role: "admin", sessionId: null, via: "bearer" });
    expect(principal.expiresAt).toBe((CLAIMS.exp + 5) * 1000);
    expect(await world.users.find(principal.userId)).toMatchObject({ externalId: "u-7", name: "Sita", role: "admin" });
    const again = await world.auth.authenticate(
      bearer(await bySecret({ ...CLAIMS, name: "Sita Rai", role: undefined })),
    );
    expect(again).toMatchObject({ userId: principal.userId, role: "member" });
    expect(await world.users.find(principal.userId)).toMatchObject({ name: "Sita Rai", role: "member" });
  });

  it("listens to the newest of a person's live tokens: the older one lets in, and changes nothing back", async () => {
    const claims = { ...CLAIMS, sub: "renamed" };
    const older = bearer(await bySecret({ ...claims, name: "Sita", role: "admin", iat: START_S - 20 }));
    const newer = bearer(await bySecret({ ...claims, name: "Sita Rai", role: "member", iat: START_S - 10 }));
    const { userId } = await world.auth.authenticate(older);
    for (const request of [newer, older, newer, older]) {
      expect(await world.auth.authenticate(request)).toMatchObject({ userId, role: "member" });
      expect(await world.users.find(userId)).toMatchObject({ name: "Sita Rai" });
    }
  });

  it("does not let a token from the future silence those that follow", async () => {
    const claims = { ...CLAIMS, sub: "ahead" };
    const { userId } = await world.auth.authenticate(
      bearer(await bySecret({ ...claims, name: "Ahead", iat: START_S + 1e6 })),
    );
    world.clock.ms += 2_000;
    await world.auth.authenticate(bearer(await bySecret({ ...claims, name: "On time", iat: START_S + 1 })));
    world.clock.ms -= 2_000;
    expect(await world.users.find(userId)).toMatchObject({ name: "On time" });
  });

  it("makes one person of many first requests at once", async () => {
    const token = await bySecret({ ...CLAIMS, sub: "eager" });
    const all = await Promise.all(Array.from({ length: 8 }, () => world.auth.authenticate(bearer(token))));
    expect(new Set(all.map((principal) => principal.userId)).size).toBe(1);
  });

  it("takes the audience from a list, and the types JWT and at+jwt", async () => {
    for (const claims of [{ ...CLAIMS, aud: ["other", AUDIENCE] }]) {
      for (const header of [{}, { typ: "JWT" }, { typ: "at+jwt" }, { typ: "application/at+jwt" }]) {
        await world.auth.authenticate(bearer(await bySecret(claims, header)));
      }
    }
  });

  it("takes the site's own cookie too, for changes only from a page that may ask", async () => {
    const cookie = `other=1; site_token=${await bySecret()}`;
    expect(await world.auth.authenticate(request({ cookie }))).toMatchObject({ via: "cookie" });
    const post = { method: "POST" };
    expect(await world.auth.authenticate(request({ cookie, origin: ORIGIN }, post))).toMatchObject({ via: "cookie" });
    expect(await refusal(world.auth.authenticate(request({ cookie }, post)))).toMatchObject({ code: "cross_origin" });
  });

  it("lets a socket in by bearer, by cookie with an Origin, and by ticket", async () => {
    const token = await bySecret();
    const principal = await world.auth.authenticateSocket(bearer(token));
    const cookie = `site_token=${token}`;
    expect(await world.auth.authenticateSocket(request({ cookie, origin: ORIGIN }))).toMatchObject({ via: "cookie" });
    expect(await refusal(world.auth.authenticateSocket(request({ cookie })))).toMatchObject({ code: "cross_origin" });
    const { ticket } = world.auth.issueTicket(principal);
    const url = `${ORIGIN}/api/messages/socket?ticket=${ticket}`;
    expect(await world.auth.authenticateSocket(request({}, { url }))).toEqual({ ...principal, via: "ticket" });
    expect(await refusal(world.auth.authenticateSocket(request({}, { url })))).toEqual(UNAUTHENTICATED);
  });

  it("has no access tokens and no sessions of our own", async () => {
    const principal = await world.auth.authenticate(bearer(await bySecret()));
    expect(await refusal(world.auth.issueAccessToken(principal))).toMatchObject({ code: "forbidden" });
    const { cookie } = await world.signedIn();
    expect(await refusal(world.auth.authenticate(request({ cookie })))).toEqual(UNAUTHENTICATED);
  });

  it("forgives a clock that is 5 seconds off, not 6", async () => {
    await world.auth.authenticate(bearer(await bySecret({ ...CLAIMS, exp: START_S - 4 })));
    expect(await refusal(world.auth.authenticate(bearer(await bySecret({ ...CLAIMS, exp: START_S - 5 }))))).toEqual(
      UNAUTHENTICATED,
    );
  });

  it("refuses a deactivated person at once, by token and by ticket", async () => {
    const token = await bySecret({ ...CLAIMS, sub: "leaving" });
    const principal = await world.auth.authenticate(bearer(token));
    const { ticket } = world.auth.issueTicket(principal);
    expect(await world.auth.stillValid(principal)).toBe(true);
    await world.sql`update users set deactivated_at = now() where id = ${principal.userId}`;
    expect(await refusal(world.auth.authenticate(bearer(token)))).toEqual(UNAUTHENTICATED);
    const socket = request({}, { url: `${ORIGIN}/api/messages/socket?ticket=${ticket}` });
    expect(await refusal(world.auth.authenticateSocket(socket))).toEqual(UNAUTHENTICATED);
    expect(await world.auth.stillValid(principal)).toBe(false);
  });

  const bad: [string, () => Promise<string> | string][] = [
    ["expired", () => bySecret({ ...CLAIMS, exp: START_S - 60 })],
    ["without an expiry", () => bySecret(without("exp"))],
    ["with an expiry that is no number", () => forge({ alg: "HS256" }, { ...CLAIMS, exp: "never" }, hmac(SECRET))],
    ["not valid yet", () => bySecret({ ...CLAIMS, nbf: START_S + 60 })],
    ["for another audience", () => bySecret({ ...CLAIMS, aud: "shop" })],
    ["for no audience", () => bySecret(without("aud"))],
    ["by another issuer", () => bySecret({ ...CLAIMS, iss: "https://evil.test" })],
    ["by no issuer", () => bySecret(without("iss"))],
    ["without a subject", () => bySecret(without("sub"))],
    ["with an empty subject", () => bySecret({ ...CLAIMS, sub: "" })],
    ["with a number for a subject", () => forge({ alg: "HS256" }, { ...CLAIMS, sub: 7 }, hmac(SECRET))],
    ["with a subject that cannot be stored", () => bySecret({ ...CLAIMS, sub: "a\u0000b" })],
    ["signed by another secret", () => bySecret(CLAIMS, {}, "another shared secret of 32 bytes or more")],
    ["with its claims changed", async () => {
      const [header, , signature] = (await bySecret()).split(".");
      return `${header}.${
        Buffer.from(JSON.stringify({ ...CLAIMS, role: "owner" })).toString("base64url")
      }.${signature}`;
    }],
    ["without its signature", async () => (await bySecret()).replace(/[^.]+$/, "")],
    ["alg none", () => forge({ alg: "none" }, CLAIMS, () => "")],
    ["alg None, signed all the same", () => forge({ alg: "None" }, CLAIMS, hmac(SECRET))],
    ["alg HS512", () => forge({ alg: "HS512" }, CLAIMS, hmac(SECRET, "sha512"))],
    ["alg RS256", async () => sign(CLAIMS, { alg: "RS256" }, (await generateKeyPair("RS256")).privateKey)],
    ["its own key inside", async () => {
      const { publicKey, privateKey } = await generateKeyPair("ES256");
      return sign(CLAIMS, { alg: "ES256", jwk: await exportJWK(publicKey) }, privateKey);
    }],
    ["typ of another kind", () => bySecret(CLAIMS, { typ: "dpop+jwt" })],
    ["typ that is no text", () => forge({ alg: "HS256", typ: 7 }, CLAIMS, hmac(SECRET))],
    ["critical extensions", () => forge({ alg: "HS256", crit: ["exp"], exp: 1 }, CLAIMS, hmac(SECRET))],
    ["critical b64", () => forge({ alg: "HS256", crit: ["b64"], b64: true }, CLAIMS, hmac(SECRET))],
    ["claims that are a list", () => forge({ alg: "HS256" }, [CLAIMS], hmac(SECRET))],
    ["very long", () => bySecret({ ...CLAIMS, padding: "x".repeat(8192) })],
    ["one of our own access tokens", () => sign({ sid: "s" }, { alg: "HS256" }, world.tokenSecret)],
    ["garbage", () => "garbage"],
    ["garbage with dots", () => "a.b.c"],
    ["five parts", () => "a.b.c.d.e"],
  ];
  it.each(bad)("refuses a token alike: %s", async (_, make) => {
    const token = await make();
    expect(await refusal(world.auth.authenticate(bearer(token)))).toEqual(UNAUTHENTICATED);
    expect(await refusal(world.auth.authenticateSocket(bearer(token)))).toEqual(UNAUTHENTICATED);
    expect(await refusal(world.auth.authenticate(request({ cookie: `site_token=${token}` })))).toEqual(UNAUTHENTICATED);
  });

  it("refuses alike a request with no token, and one with a token in its address", async () => {
    expect(await refusal(world.auth.authenticate(request({})))).toEqual(UNAUTHENTICATED);
    for (const name of ["token", "access_token", "jwt", "ticket"]) {
      const url = `${ORIGIN}/api/messages/socket?${name}=${await bySecret()}`;
      expect(await refusal(world.auth.authenticate(request({}, { url })))).toEqual(UNAUTHENTICATED);
      expect(await refusal(world.auth.authenticateSocket(request({}, { url })))).toEqual(UNAUTHENTICATED);
    }
  });
});

describe("a JWKS URL", () => {
  let world: World;
  let keys: Record<"RS256" | "PS256" | "ES256" | "EdDSA" | "RS512", Awaited<ReturnType<typeof generateKeyPair>>>;
  let publicPem: string;
  let isDown = false;
  const served: object[] = [];
  const server = createServer((_, response) => {
    response.writeHead(isDown ? 503 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ keys: served }));
  });

  const start = () => {
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`;
    return { mode: "host" as const, jwt: { ...settings, secret: null, jwksUrl } };
  };

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const pair = (alg: string) => generateKeyPair(alg, { extractable: true });
    keys = {
      RS256: await pair("RS256"),
      PS256: await pair("PS256"),
      ES256: await pair("ES256"),
      EdDSA: await pair("EdDSA"),
      RS512: await pair("RS512"),
    };
    for (const [alg, { publicKey }] of Object.entries(keys)) {
      served.push({ ...await exportJWK(publicKey), kid: alg, alg, use: "sig" });
    }
    served.push({ kty: "oct", kid: "oct", alg: "HS256", k: Buffer.from(SECRET).toString("base64url") });
    publicPem = await exportSPKI(keys.RS256.publicKey);
    world = await createWorld(start());
  });
  afterAll(async () => {
    await world.close();
    server.close();
  });

  it.each(["RS256", "PS256", "ES256", "EdDSA"] as const)("takes %s", async (alg) => {
    const token = await sign({ ...CLAIMS, sub: alg }, { alg, kid: alg }, keys[alg].privateKey);
    expect(await world.auth.authenticate(bearer(token))).toMatchObject({ role: "admin", via: "bearer" });
  });

  const bad: [string, () => Promise<string> | string][] = [
    [
      "key confusion: the public key as HS256 secret",
      () => forge({ alg: "HS256", kid: "RS256" }, CLAIMS, hmac(publicPem)),
    ],
    [
      "key confusion: the key's bytes as HS256 secret",
      () => forge({ alg: "HS256", kid: "RS256" }, CLAIMS, hmac(JSON.stringify(served[0]))),
    ],
    ["a secret that the JWKS gives away", () => forge({ alg: "HS256", kid: "oct" }, CLAIMS, hmac(SECRET))],
    ["an algorithm that is not on our list", () => sign(CLAIMS, { alg: "RS512", kid: "RS512" }, keys.RS512.privateKey)],
    [
      "a key that is not in the JWKS",
      async () => sign(CLAIMS, { alg: "RS256", kid: "RS256" }, (await generateKeyPair("RS256")).privateKey),
    ],
    ["a key id that is not in the JWKS", () => sign(CLAIMS, { alg: "RS256", kid: "other" }, keys.RS256.privateKey)],
    ["a key id of another algorithm", () => sign(CLAIMS, { alg: "RS256", kid: "ES256" }, keys.RS256.privateKey)],
    ["alg none", () => forge({ alg: "none", kid: "RS256" }, CLAIMS, () => "")],
    ["expired", () => sign({ ...CLAIMS, exp: START_S - 60 }, { alg: "ES256", kid: "ES256" }, keys.ES256.privateKey)],
    ["another audience", () => sign({ ...CLAIMS, aud: "x" }, { alg: "ES256", kid: "ES256" }, keys.ES256.privateKey)],
    [
      "its own JWKS URL",
      async () => sign(CLAIMS, { alg: "RS256", jku: "http://evil.test" }, (await generateKeyPair("RS256")).privateKey),
    ],
  ];
  it.each(bad)("refuses a token alike: %s", async (_, make) => {
    expect(await refusal(world.auth.authenticate(bearer(await make())))).toEqual(UNAUTHENTICATED);
  });

  it("says unavailable, and signs nobody out, when it cannot be read", async () => {
    const { users, sessions, tokenSecret, clock } = world;
    const options = { ...start(), corsOrigins: [], trustProxy: 0, now: () => clock.ms, users, sessions, tokenSecret };
    const auth = createAuth(options);
    const token = await sign(CLAIMS, { alg: "ES256", kid: "ES256" }, keys.ES256.privateKey);
    isDown = true;
    try {
      expect(await refusal(auth.authenticate(bearer(token)))).toMatchObject({ code: "unavailable" });
      expect(await refusal(auth.authenticate(bearer("garbage")))).toEqual(UNAUTHENTICATED);
    } finally {
      isDown = false;
    }
    expect(await auth.authenticate(bearer(token))).toMatchObject({ role: "admin" });
  });
});

describe("settings that would make checking worthless stop the start", () => {
  const base = { issuer: ISSUER, audience: AUDIENCE, secret: SECRET, jwksUrl: null };
  it.each([
    ["both a secret and a JWKS URL", { ...base, jwksUrl: "https://site.test/jwks" }],
    ["neither", { ...base, secret: null }],
    ["a short secret", { ...base, secret: "é".repeat(15) }],
    ["a public key for a secret", { ...base, secret: "-----BEGIN PUBLIC KEY-----\nMIIB…" }],
    ["no audience", { ...base, audience: "" }],
    ["no issuer", { ...base, issuer: "" }],
  ])("%s", (_, config) => {
    expect(() => hostTokens(config, Date.now)).toThrow("Cannot check tokens");
  });
});
