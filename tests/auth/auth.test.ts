// The door for people with accounts of our own: cookies, access tokens, tickets; every refusal is the same.
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TICKET_TTL_MS, TOKEN_TTL_MS } from "../../protocol/limits.ts";
import { createWorld, ORIGIN, refusal, request, UNAUTHENTICATED } from "./world.ts";

type World = Awaited<ReturnType<typeof createWorld>>;

let world: World;
beforeAll(async () => {
  world = await createWorld({ corsOrigins: ["https://site.test"] });
});
afterAll(() => world.close());

const bearer = (token: string) => request({ authorization: `Bearer ${token}` });
const socket = (headers: Record<string, string>, query = "") =>
  request(headers, { url: `${ORIGIN}/api/messages/socket${query}` });
const post = { method: "POST" };

describe("the session cookie", () => {
  it("says who is asking", async () => {
    const { me, sessionId, cookie } = await world.signedIn();
    expect(await world.auth.authenticate(request({ cookie: `a=1; ${cookie}; b=2` }))).toEqual({
      userId: me.id,
      role: me.role,
      sessionId,
      expiresAt: world.clock.ms + 1000_000,
      via: "cookie",
    });
  });

  it("counts beside an Authorization header that is not ours", async () => {
    const { cookie } = await world.signedIn();
    expect(await world.auth.authenticate(request({ cookie, authorization: "Basic YTpi" }))).toMatchObject({
      via: "cookie",
    });
  });

  it("does not count beside a bearer token, which alone is believed", async () => {
    const { cookie } = await world.signedIn();
    expect(await refusal(world.auth.authenticate(request({ cookie, authorization: "Bearer x" })))).toEqual(
      UNAUTHENTICATED,
    );
  });

  it.each(["POST", "PUT", "PATCH", "DELETE"])("may %s only from a page that may ask", async (method) => {
    const { cookie } = await world.signedIn();
    const ask = (headers: object) => world.auth.authenticate(request({ cookie, ...headers }, { method }));
    expect(await ask({ origin: ORIGIN })).toMatchObject({ via: "cookie" });
    expect(await ask({ origin: "https://site.test" })).toMatchObject({ via: "cookie" });
    for (const headers of [{}, { origin: "null" }, { origin: "https://evil.test" }, { origin: `${ORIGIN}:444` }]) {
      expect(await refusal(ask(headers))).toMatchObject({ code: "cross_origin" });
    }
  });

  it("opens a socket only from a page that may ask", async () => {
    const { cookie } = await world.signedIn();
    expect(await world.auth.authenticateSocket(socket({ cookie, origin: ORIGIN }))).toMatchObject({ via: "cookie" });
    const others: Record<string, string>[] = [{}, { origin: "null" }, { origin: "https://evil.test" }];
    for (const headers of others) {
      expect(await refusal(world.auth.authenticateSocket(socket({ cookie, ...headers }))))
        .toMatchObject({ code: "cross_origin" });
    }
  });

  it("moves last seen, once a minute", async () => {
    const { cookie, sessionId } = await world.signedIn();
    const start = world.clock.ms;
    const seen = async () => {
      await world.auth.authenticate(request({ cookie }));
      return (await world.sessions.findActive(sessionId, new Date(start)))!.lastSeenAt - start;
    };
    try {
      world.clock.ms = start + 59_999;
      expect(await seen()).toBe(0);
      world.clock.ms = start + 60_000;
      expect(await seen()).toBe(60_000);
    } finally {
      world.clock.ms = start;
    }
  });
});

describe("an access token", () => {
  async function token() {
    const person = await world.signedIn();
    const principal = await world.auth.authenticate(request({ cookie: person.cookie }));
    return { ...person, principal, ...await world.auth.issueAccessToken(principal) };
  }

  it("says who is asking, from anywhere, for its short life", async () => {
    const { me, sessionId, token: jwt, expiresAt } = await token();
    expect(expiresAt).toBe(new Date(world.clock.ms + TOKEN_TTL_MS).toISOString());
    expect(await world.auth.authenticate(request({ authorization: `Bearer ${jwt}` }, post)))
      .toMatchObject({ userId: me.id, role: me.role, sessionId, via: "bearer" });
    expect(await world.auth.authenticateSocket(socket({ authorization: `bearer ${jwt}` }))).toMatchObject({
      via: "bearer",
    });
  });

  it("opens no socket from a page of another site", async () => {
    const { token: jwt } = await token();
    const headers = { authorization: `Bearer ${jwt}`, origin: "https://evil.test" };
    expect(await refusal(world.auth.authenticateSocket(socket(headers)))).toMatchObject({ code: "cross_origin" });
  });

  it("ends with its time, and never after its session", async () => {
    const { token: jwt, principal, cookie } = await token();
    const start = world.clock.ms;
    try {
      world.clock.ms = start + TOKEN_TTL_MS + 5_000;
      expect(await refusal(world.auth.authenticate(bearer(jwt)))).toEqual(UNAUTHENTICATED);
      world.clock.ms = start + 990_000;
      const late = await world.auth.issueAccessToken(await world.auth.authenticate(request({ cookie })));
      expect(late.expiresAt).toBe(new Date(principal.expiresAt).toISOString());
      expect((await world.auth.authenticate(bearer(late.token))).expiresAt).toBe(principal.expiresAt);
      world.clock.ms = principal.expiresAt;
      expect(await refusal(world.auth.authenticate(bearer(late.token)))).toEqual(UNAUTHENTICATED);
    } finally {
      world.clock.ms = start;
    }
  });

  it("does not prolong itself", async () => {
    const { token: jwt } = await token();
    const principal = await world.auth.authenticate(bearer(jwt));
    expect(await refusal(world.auth.issueAccessToken(principal))).toMatchObject({ code: "forbidden" });
  });

  it("ends with its session, and with its person", async () => {
    const [one, other] = [await token(), await token()];
    await world.accounts.signOut(one.principal);
    expect(await refusal(world.auth.authenticate(bearer(one.token)))).toEqual(UNAUTHENTICATED);
    await world.sql`update users set deactivated_at = now() where id = ${other.me.id}`;
    expect(await refusal(world.auth.authenticate(bearer(other.token)))).toEqual(UNAUTHENTICATED);
  });

  it("is refused alike when it is forged", async () => {
    const { me, sessionId } = await token();
    const other = await world.signedIn();
    const make = (claims: object, secret = world.tokenSecret, alg = "HS256") =>
      new SignJWT({
        iss: "chautari",
        aud: "chautari-api",
        sub: me.id,
        sid: sessionId,
        exp: world.clock.ms / 1000 + 60,
        ...claims,
      })
        .setProtectedHeader({ alg }).sign(secret);
    await world.auth.authenticate(bearer(await make({})));
    const forged = [
      await make({ sub: other.me.id }),
      await make({ sid: crypto.randomUUID() }),
      await make({ aud: "other" }),
      await make({ iss: "other" }),
      await make({}, new Uint8Array(32)),
      await make({}, new Uint8Array(64).fill(7), "HS512"),
    ];
    for (const jwt of forged) expect(await refusal(world.auth.authenticate(bearer(jwt)))).toEqual(UNAUTHENTICATED);
  });
});

describe("a ticket", () => {
  async function ticket() {
    const person = await world.signedIn();
    const principal = await world.auth.authenticate(request({ cookie: person.cookie }));
    return { ...person, principal, query: `?ticket=${world.auth.issueTicket(principal).ticket}` };
  }

  it("opens a socket once, from a page of the list", async () => {
    const { principal, query } = await ticket();
    const origin = "https://site.test";
    expect(await world.auth.authenticateSocket(socket({ origin }, query))).toEqual({ ...principal, via: "ticket" });
    expect(await refusal(world.auth.authenticateSocket(socket({ origin }, query)))).toEqual(UNAUTHENTICATED);
  });

  it("opens none from another page, and is not used up by it", async () => {
    const { query } = await ticket();
    expect(await refusal(world.auth.authenticateSocket(socket({ origin: "https://evil.test" }, query))))
      .toMatchObject({ code: "cross_origin" });
    expect(await world.auth.authenticateSocket(socket({}, query))).toMatchObject({ via: "ticket" });
  });

  it("means nothing to REST", async () => {
    const { query } = await ticket();
    expect(await refusal(world.auth.authenticate(socket({}, query)))).toEqual(UNAUTHENTICATED);
  });

  it("alone counts: a cookie beside it does not help", async () => {
    const { cookie } = await world.signedIn();
    expect(await refusal(world.auth.authenticateSocket(socket({ cookie, origin: ORIGIN }, "?ticket=x"))))
      .toEqual(UNAUTHENTICATED);
  });

  it("ends with its time, its session and its person", async () => {
    const [late, revoked, deactivated] = [await ticket(), await ticket(), await ticket()];
    await world.accounts.signOut(revoked.principal);
    await world.sql`update users set deactivated_at = now() where id = ${deactivated.me.id}`;
    for (const { query } of [revoked, deactivated]) {
      expect(await refusal(world.auth.authenticateSocket(socket({}, query)))).toEqual(UNAUTHENTICATED);
    }
    world.clock.ms += TICKET_TTL_MS;
    expect(await refusal(world.auth.authenticateSocket(socket({}, late.query)))).toEqual(UNAUTHENTICATED);
    world.clock.ms -= TICKET_TTL_MS;
  });
});

describe("refused alike", () => {
  it.each([
    ["nothing", () => ({})],
    ["an unknown session", () => ({ cookie: `chautari_session=${"A".repeat(43)}` })],
    ["an empty session", () => ({ cookie: "chautari_session=" })],
    ["garbage for a session", () => ({ cookie: "chautari_session=' or 1=1 --; ;=;x" })],
    ["a token of the host site's kind", async () => ({
      authorization: `Bearer ${await new SignJWT({ sub: "x" }).setProtectedHeader({ alg: "HS256" }).sign(
        new Uint8Array(32),
      )}`,
    })],
    ["a bearer of nothing", () => ({ authorization: "Bearer" })],
    ["a revoked session", async () => {
      const { me, sessionId, cookie } = await world.signedIn();
      await world.sessions.revoke(me.id, sessionId, new Date(world.clock.ms));
      return { cookie };
    }],
    ["a deactivated person", async () => {
      const { me, cookie } = await world.signedIn();
      await world.sql`update users set deactivated_at = now() where id = ${me.id}`;
      return { cookie };
    }],
    ["an expired session", async () => {
      const { sessionId, cookie } = await world.signedIn();
      await world.sql`update sessions set expires_at = ${new Date(world.clock.ms)} where id = ${sessionId}`;
      return { cookie };
    }],
  ] as [string, () => Record<string, string> | Promise<Record<string, string>>][])("%s", async (_, make) => {
    const headers = await make();
    expect(await refusal(world.auth.authenticate(request(headers)))).toEqual(UNAUTHENTICATED);
    expect(await refusal(world.auth.authenticateSocket(socket({ ...headers, origin: ORIGIN })))).toEqual(
      UNAUTHENTICATED,
    );
  });
});

describe("stillValid", () => {
  it("is true until the session ends", async () => {
    const { cookie } = await world.signedIn();
    const principal = await world.auth.authenticate(request({ cookie }));
    expect(await world.auth.stillValid(principal)).toBe(true);
    expect(await world.auth.stillValid({ ...principal, expiresAt: world.clock.ms })).toBe(false);
    await world.accounts.signOut(principal);
    expect(await world.auth.stillValid(principal)).toBe(false);
  });
});

describe("visit", () => {
  it("says where a sign-in comes from", () => {
    const from = (headers: Record<string, string>) =>
      world.auth.visit(request(headers, { url: "http://chat.test/api/sessions" }), "203.0.113.7");
    expect(from({})).toEqual({ address: "203.0.113.7", userAgent: null, secure: false });
    expect(from({ "user-agent": "x".repeat(999), origin: ORIGIN }))
      .toEqual({ address: "203.0.113.7", userAgent: "x".repeat(300), secure: true });
  });

  it("is refused to a page of another site", () => {
    expect(() => world.auth.refuseForeignPage(request({ origin: "https://evil.test" }, post)))
      .toThrow(expect.objectContaining({ code: "cross_origin" }));
    expect(() => world.auth.refuseForeignPage(request({ origin: ORIGIN }, post))).not.toThrow();
    expect(() => world.auth.refuseForeignPage(request({}, post))).not.toThrow();
  });
});
