// `chautari doctor --token`: each claim of a pasted token beside what the settings expect; the server has the last word.
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { checkJwt } from "../../server/cli/doctor/jwt.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const SECRET = "kX9-a long and lively secret, 42";
const JWT = { secret: SECRET, jwksUrl: null, issuer: "https://site.example", audience: "chautari", cookie: null };
const GOOD = { sub: "42", name: "Sita", iss: JWT.issuer, aud: "chautari", exp: NOW / 1000 + 3600 };

function sign(claims: object, { header = {}, secret = SECRET }: { header?: object; secret?: string } = {}) {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: "HS256", ...header })
    .sign(new TextEncoder().encode(secret), { crit: { "urn:x": true } });
}

async function check(token: string, jwt: Parameters<typeof checkJwt>[0] = JWT) {
  const findings = await checkJwt(jwt, token, NOW);
  const mended = findings.filter(({ level }) => level !== "ok");
  return { mended, last: findings.at(-1)! };
}

describe("a token of the shared secret", () => {
  it("is accepted where all is right", async () => {
    const { mended, last } = await check(await sign(GOOD));
    expect(mended).toEqual([]);
    expect(last.what).toBe("The server accepts this token");
    expect((await check(await sign({ ...GOOD, aud: ["other", "chautari"] }))).mended).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    ["another issuer", { iss: "https://site.example/" }, /^iss is "https:\/\/site\.example\/", and JWT_ISSUER is /],
    ["no issuer", { iss: undefined }, /^iss is missing/],
    ["another audience", { aud: "shop" }, /^aud is "shop", and JWT_AUDIENCE is "chautari"/],
    ["an end that is past", { exp: NOW / 1000 - 60 }, /^exp is 2025-12-31T23:59:00\.000Z, which is past/],
    ["no end", { exp: undefined }, /^exp is missing/],
    ["an end in milliseconds", { exp: NOW + 3_600_000 }, /^exp is 1767229200000: no date/],
    ["a beginning to come", { nbf: NOW / 1000 + 60 }, /^nbf is 2026-01-01T00:01:00\.000Z, which is to come/],
    ["a number as sub", { sub: 42 }, /^sub is 42$/],
  ])("%s is a problem, and the only one", async (_name, change, what) => {
    const { mended } = await check(await sign({ ...GOOD, ...change }));
    expect(mended).toEqual([{ level: "problem", what: expect.stringMatching(what), remedy: expect.any(String) }]);
  });

  it.each<[string, object, RegExp]>([
    ["an end in two years", { exp: NOW / 1000 + 2 * 31_536_000 }, /^exp is 2028-.*, in 730 days$/],
    ["an unknown role", { role: "boss" }, /role is member, not "boss"/],
    ["no name", { name: undefined }, /^name is missing/],
  ])("%s is a warning: it is accepted", async (_name, change, what) => {
    const { mended, last } = await check(await sign({ ...GOOD, ...change }));
    expect(mended).toEqual([{ level: "warning", what: expect.stringMatching(what), remedy: expect.any(String) }]);
    expect(last.what).toBe("The server accepts this token");
  });

  it("another secret, another algorithm, a strange header and no token at all are told apart", async () => {
    const first = async (token: string) => (await check(token)).mended[0]!.what;
    expect(await first(await sign(GOOD, { secret: `${SECRET}\n` }))).toMatch(/^The signature is wrong/);
    const { privateKey } = await generateKeyPair("ES256");
    expect(await first(await new SignJWT(GOOD).setProtectedHeader({ alg: "ES256" }).sign(privateKey)))
      .toBe('alg is "ES256"');
    expect(await first(await sign(GOOD, { header: { typ: "dpop+jwt" } }))).toContain('"typ":"dpop+jwt"');
    expect(await first(`${await sign(GOOD)}=`)).toContain("for its form or its header");
    expect(await first("not.a.token")).toBe("This is not a JWT");
  });
});

describe("the settings themselves", () => {
  it("a secret without variety is a warning", async () => {
    const [found] = await checkJwt({ ...JWT, secret: "ab".repeat(20) }, null, NOW);
    expect(found).toMatchObject({ level: "warning", remedy: expect.stringContaining("openssl rand") });
  });

  it("keys are read from JWT_JWKS_URL, and a token is checked with them", async () => {
    const { publicKey, privateKey } = await generateKeyPair("ES256");
    const other = await generateKeyPair("ES256");
    const set = { keys: [{ ...await exportJWK(publicKey), kid: "a", alg: "ES256" }] };
    await using site = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => request.url.endsWith("/jwks") ? Response.json(set) : new Response("", { status: 404 }),
    );
    const jwt = { ...JWT, secret: null, jwksUrl: `http://127.0.0.1:${site.addr.port}/jwks` };
    const signed = (key: CryptoKey) => new SignJWT(GOOD).setProtectedHeader({ alg: "ES256", kid: "a" }).sign(key);
    // the server's own verifier reads the clock that it is given, and so does this
    expect((await check(await signed(privateKey), jwt)).last.what).toBe("The server accepts this token");
    expect((await check(await signed(other.privateKey), jwt)).mended[0]!.what).toMatch(/^The signature is wrong/);
    const [unread] = await checkJwt({ ...jwt, jwksUrl: `http://127.0.0.1:${site.addr.port}/none` }, null, NOW);
    expect(unread).toMatchObject({ level: "problem", what: expect.stringContaining("it answers 404") });
  });
});
