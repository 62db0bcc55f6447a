// The one door: turns a request into a principal, for REST and sockets alike, or refuses it.
import { decodeJwt } from "jose";
import { CommandError } from "../../protocol/errors.ts";
import { Id } from "../../protocol/ids.ts";
import { type SessionStore, TOUCH_EVERY_MS } from "../store/sessions.ts";
import type { UserStore } from "../store/users.ts";
import { readClaims } from "./claims.ts";
import { readCookie, SESSION_COOKIE } from "./cookies.ts";
import { type Asked, isSecure, refuseForeignOrigin, requireOrigin } from "./origin.ts";
import type { Principal } from "./principal.ts";
import { hashSecret } from "./secrets.ts";
import { Tickets } from "./tickets.ts";
import { accessTokens, type HostTokenConfig, hostTokens } from "./tokens.ts";

export interface AuthOptions {
  /** Who keeps the accounts: Chautari, or the host site (then `jwt` is needed). */
  mode: "accounts" | "host";
  /** `cookie`: the name of the site's own cookie that carries its token. */
  jwt: (HostTokenConfig & { cookie: string | null }) | null;
  corsOrigins: string[];
  trustProxy: number;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Signs our own access tokens. */
  tokenSecret: Uint8Array;
  users: UserStore;
  sessions: SessionStore;
}

/** Where a sign-in comes from. */
export interface Visit {
  address: string;
  userAgent: string | null;
  /** Over https, as far as the browser is concerned. */
  secure: boolean;
}

export interface Auth {
  /** Throws unauthenticated (bare, whatever the reason), cross_origin, unavailable (the JWKS URL cannot be read). */
  authenticate(request: Request): Promise<Principal>;
  /** The same before a socket's upgrade, where `?ticket=` counts too. */
  authenticateSocket(request: Asked): Promise<Principal>;
  /** Asks the database again: not expired, session active, person not deactivated. */
  stillValid(principal: Principal): Promise<boolean>;
  /**
   * [A4] A newer proof of the same person for an open socket, and the time that the proof itself gives for its end
   * (the principal lasts a little longer, as clocks differ). Throws unauthenticated for anything else.
   */
  renew(principal: Principal, token: string): Promise<{ principal: Principal; expiresAt: string }>;
  issueTicket(principal: Principal): { ticket: string; expiresAt: string };
  /** Throws forbidden unless the principal came by session cookie: a token must not prolong itself. */
  issueAccessToken(principal: Principal): Promise<{ token: string; expiresAt: string }>;
  /** For routes that make a session: throws cross_origin when a page of another site asks. */
  refuseForeignPage(request: Request): void;
  visit(request: Request, address: string): Visit;
}

/** Turns the proof that a request carries into a principal; null when it proves nothing. */
interface Proofs {
  byBearer(token: string): Promise<Principal | null>;
  cookieName: string | null;
  byCookie(value: string): Promise<Principal | null>;
}

const USER_AGENT_MAX_CHARS = 300;

export function createAuth(options: AuthOptions): Auth {
  const { now, users, sessions } = options;
  const own = accessTokens(options.tokenSecret, now);
  const proofs = options.mode === "host" ? hostProofs(options) : accountProofs(options, own);
  const tickets = new Tickets(now);
  const iso = (ms: number) => new Date(ms).toISOString();

  /**
   * A browser adds a cookie to whatever any page asks, so only `isHarmless` requests, whose answer such a page cannot
   * see, may come by cookie without an Origin.
   */
  async function prove(request: Asked, isHarmless: boolean): Promise<Principal | null> {
    const bearer = /^Bearer +(\S+) *$/i.exec(request.headers.get("authorization") ?? "");
    if (bearer) return await proofs.byBearer(bearer[1]!);
    const cookie = proofs.cookieName === null ? null : readCookie(request, proofs.cookieName);
    if (cookie === null) return null;
    if (!isHarmless) requireOrigin(request, options);
    return await proofs.byCookie(cookie);
  }

  async function redeem(ticket: string): Promise<Principal | null> {
    const principal = tickets.redeem(ticket);
    return principal !== null && await stillValid(principal) ? principal : null;
  }

  async function stillValid(principal: Principal): Promise<boolean> {
    if (now() >= principal.expiresAt) return false;
    if (principal.sessionId !== null) return await sessions.findActive(principal.sessionId, new Date(now())) !== null;
    const user = await users.find(principal.userId);
    return user !== null && !user.deactivated;
  }

  return {
    async authenticate(request) {
      return required(await prove(request, request.method === "GET" || request.method === "HEAD"));
    },

    async authenticateSocket(request) {
      // CORS does not hold for sockets: even one with its own proof must not come from a page that we do not know
      refuseForeignOrigin(request, options);
      const ticket = new URL(request.url).searchParams.get("ticket");
      return required(await (ticket === null ? prove(request, false) : redeem(ticket)));
    },

    stillValid,

    async renew(principal, token) {
      const renewed = required(await proofs.byBearer(token));
      if (renewed.userId !== principal.userId) throw new CommandError("unauthenticated");
      const ownEnd = decodeJwt(token).exp! * 1000;
      return { principal: renewed, expiresAt: iso(Math.min(ownEnd, renewed.expiresAt)) };
    },

    issueTicket(principal) {
      const { ticket, expiresAt } = tickets.issue(principal);
      return { ticket, expiresAt: iso(expiresAt) };
    },

    async issueAccessToken({ via, userId, sessionId, expiresAt }) {
      if (via !== "cookie" || sessionId === null) throw new CommandError("forbidden");
      const issued = await own.issue(userId, sessionId, expiresAt);
      return { token: issued.token, expiresAt: iso(issued.expiresAt) };
    },

    refuseForeignPage: (request) => refuseForeignOrigin(request, options),

    visit: (request, address) => ({
      address,
      userAgent: request.headers.get("user-agent")?.slice(0, USER_AGENT_MAX_CHARS) ?? null,
      secure: isSecure(request, options),
    }),
  };
}

function required(principal: Principal | null): Principal {
  if (principal === null) throw new CommandError("unauthenticated");
  return principal;
}

/** People with accounts of our own: a session cookie, or an access token that names an active session. */
function accountProofs({ now, sessions }: AuthOptions, own: ReturnType<typeof accessTokens>): Proofs {
  return {
    cookieName: SESSION_COOKIE,

    async byCookie(secret) {
      const session = await sessions.findActiveBySecret(hashSecret(secret), new Date(now()));
      if (session === null) return null;
      if (now() - session.lastSeenAt >= TOUCH_EVERY_MS) await sessions.touch(session.id, new Date(now()));
      const { id: sessionId, userId, role, expiresAt } = session;
      return { userId, role, sessionId, expiresAt, via: "cookie" };
    },

    async byBearer(token) {
      const { payload, expiresAt } = await own.verify(token);
      const sid = Id.safeParse(payload.sid);
      const session = sid.success ? await sessions.findActive(sid.data, new Date(now())) : null;
      if (session === null || session.userId !== payload.sub) return null;
      const { id: sessionId, userId, role } = session;
      return { userId, role, sessionId, expiresAt: Math.min(expiresAt, session.expiresAt), via: "bearer" };
    },
  };
}

/** People of the host site: its token says who they are, and they are known from then on. */
function hostProofs({ jwt, now, users }: AuthOptions): Proofs {
  if (jwt === null) throw new Error("Cannot run in host mode: there are no settings for the site's tokens");
  const verify = hostTokens(jwt, now);
  const prove = async (token: string, via: Principal["via"]): Promise<Principal | null> => {
    const { payload, expiresAt } = await verify(token);
    // one read by index; it writes only what is new, so there is nothing to cache and a deactivation counts at once
    const user = await users.upsertExternal(readClaims(payload, now()));
    return user.deactivated ? null : { userId: user.id, role: user.role, sessionId: null, expiresAt, via };
  };
  return {
    cookieName: jwt.cookie,
    byCookie: (token) => prove(token, "cookie"),
    byBearer: (token) => prove(token, "bearer"),
  };
}
