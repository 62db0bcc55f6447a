// The door at its edges: origins that look like ours, claims that just still fit, proofs whose person is not there.
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAuth } from "../../server/auth/auth.ts";
import { readClaims } from "../../server/auth/claims.ts";
import { isSecure, requireOrigin } from "../../server/auth/origin.ts";
import { createWorld, ORIGIN, refusal, request, UNAUTHENTICATED } from "./world.ts";

describe("an origin", () => {
  const rules = { corsOrigins: [], trustProxy: 0 };
  const behind = { ...rules, trustProxy: 1 };
  const ask = (headers: Record<string, string>, url = "http://chat.test/api") => new Request(url, { headers });
  const code = (of: () => void) => {
    try {
      of();
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };

  it.each(["ftp://chat.test", "ws://chat.test", "wss://chat.test"])("that no page has is refused: %s", (origin) => {
    expect(code(() => requireOrigin(ask({ origin, host: "chat.test" }), rules))).toBe("cross_origin");
  });

  it("is wanted over https too", () => {
    expect(code(() => requireOrigin(ask({}, "https://chat.test/api"), rules))).toBe("cross_origin");
  });

  it("of ours is taken over https, and behind a proxy that says so", () => {
    const headers = { origin: "https://chat.test", host: "chat.test" };
    expect(code(() => requireOrigin(ask(headers, "https://chat.test/api"), rules))).toBeUndefined();
    expect(code(() => requireOrigin(ask({ ...headers, "x-forwarded-proto": "https" }), behind))).toBeUndefined();
  });

  it("of ours without TLS does not make the way secure, nor does a proxy that says http", () => {
    expect(isSecure(ask({ origin: "http://chat.test", host: "chat.test" }), rules)).toBe(false);
    expect(isSecure(ask({ "x-forwarded-proto": "http" }), behind)).toBe(false);
    expect(isSecure(ask({}), behind)).toBe(false);
  });

  it("is held against the Host header where the proxy's word is empty", () => {
    const headers = { origin: "http://chat.test:8080", host: "chat.test:8080", "x-forwarded-host": " , inner.test" };
    expect(code(() => requireOrigin(ask(headers), behind))).toBeUndefined();
  });
});

describe("claims", () => {
  it("may name a subject of 255 characters", () => {
    expect(readClaims({ sub: "x".repeat(255) }, 0).externalId).toHaveLength(255);
  });

  it.each([[undefined, undefined], [0, undefined], [-5, undefined], ["5", undefined], [5, 5000], [70, 60_000]])(
    "told at iat %j are as of %j ms, never later than now",
    (iat, expected) => expect(readClaims({ sub: "u", iat: iat as number }, 60_000).toldAt?.getTime()).toBe(expected),
  );
});

const SITE = {
  issuer: "https://site.test",
  audience: "messages",
  secret: "a shared secret of at least 32 bytes",
  jwksUrl: null,
};

describe("of people with accounts of our own", () => {
  let world: Awaited<ReturnType<typeof createWorld>>;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  async function signedIn() {
    const person = await world.signedIn();
    return { ...person, principal: await world.auth.authenticate(request({ cookie: person.cookie })) };
  }

  it("a HEAD is as harmless as a GET", async () => {
    const { cookie } = await world.signedIn();
    expect(await world.auth.authenticate(request({ cookie }, { method: "HEAD" }))).toMatchObject({ via: "cookie" });
  });

  it("an access token whose session is no id of ours is refused like any other", async () => {
    const { me } = await world.signedIn();
    for (const sid of ["x", 7, undefined]) {
      const token = await new SignJWT({ sid }).setProtectedHeader({ alg: "HS256" }).setIssuer("chautari")
        .setAudience("chautari-api").setSubject(me.id).setExpirationTime(world.clock.ms / 1000 + 60)
        .sign(world.tokenSecret);
      expect(await refusal(world.auth.authenticate(request({ authorization: `Bearer ${token}` })))).toEqual(
        UNAUTHENTICATED,
      );
    }
  });

  it("[A4] an open socket is renewed by its own person alone, and is told the end that the token itself gives", async () => {
    const [one, other] = [await signedIn(), await signedIn()];
    const { token, expiresAt } = await world.auth.issueAccessToken(one.principal);
    expect(await world.auth.renew(one.principal, token)).toMatchObject({ expiresAt, principal: { via: "bearer" } });
    expect(await refusal(world.auth.renew(other.principal, token))).toEqual(UNAUTHENTICATED);
    expect(await refusal(world.auth.renew(one.principal, "x"))).toEqual(UNAUTHENTICATED);
  });
});

describe("of people of a host site", () => {
  const START_S = Date.UTC(2031, 0, 1) / 1000;
  const token = () =>
    new SignJWT({ iss: SITE.issuer, aud: SITE.audience, sub: "u-7", exp: START_S + 600 })
      .setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(SITE.secret));
  const worlds: Awaited<ReturnType<typeof createWorld>>[] = [];
  const start = async (cookie: string | null) => {
    const world = await createWorld({ mode: "host", jwt: { ...SITE, cookie } });
    worlds.push(world);
    return world;
  };
  afterAll(() => Promise.all(worlds.map((world) => world.close())));

  it("whose tokens come in no cookie, no cookie counts, whatever its name", async () => {
    const { auth } = await start(null);
    for (const name of ["null", "undefined", "", "chautari_session"]) {
      const cookie = `${name}=${await token()}`;
      expect(await refusal(auth.authenticate(request({ cookie })))).toEqual(UNAUTHENTICATED);
    }
  });

  it("the cookie of the site gives no access token of ours", async () => {
    const { auth } = await start("site_token");
    const principal = await auth.authenticate(request({ cookie: `site_token=${await token()}`, origin: ORIGIN }));
    expect(principal.via).toBe("cookie");
    expect(await refusal(auth.issueAccessToken(principal))).toMatchObject({ code: "forbidden" });
  });

  it("a principal whose person is not there means nothing any more", async () => {
    const { auth } = await start(null);
    const principal = await auth.authenticate(request({ authorization: `Bearer ${await token()}` }));
    expect(await auth.stillValid(principal)).toBe(true);
    expect(await auth.stillValid({ ...principal, userId: crypto.randomUUID() })).toBe(false);
  });

  it("host mode without settings for the tokens does not start", async () => {
    const { users, sessions, tokenSecret } = await start(null);
    const options = { corsOrigins: [], trustProxy: 0, now: Date.now, users, sessions, tokenSecret };
    expect(() => createAuth({ mode: "host", jwt: null, ...options })).toThrow("no settings for the site's tokens");
  });
});
