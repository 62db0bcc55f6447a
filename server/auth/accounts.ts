// Accounts of our own: signing up, in and out, passwords, invitations. There is none of it where the host site keeps the accounts.
import type { z } from "zod";
import { CommandError } from "../../protocol/errors.ts";
import { INVITE_TTL_MS, SESSION_TTL_MS } from "../../protocol/limits.ts";
import type { Me } from "../../protocol/models.ts";
import { type ChangePassword, type Session, type SignIn, type SignUp, Username } from "../../protocol/rest.ts";
import { addressKey, RateLimit, type RateLimitOptions } from "../rate_limit.ts";
import { type CodeStore, codeStore } from "../store/codes.ts";
import type { SessionStore } from "../store/sessions.ts";
import type { UserStore } from "../store/users.ts";
import type { Visit } from "./auth.ts";
import { endedCookie, sessionCookie } from "./cookies.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import type { Principal } from "./principal.ts";
import { hashSecret, newSecret } from "./secrets.ts";

type Limit = Pick<RateLimitOptions, "count" | "perMs">;

export interface AccountsOptions {
  signup: "open" | "invite" | "closed";
  /** Milliseconds since 1970. */
  now: () => number;
  users: UserStore;
  sessions: SessionStore;
  codes: CodeStore;
  limits?: { failuresPerAccount?: Limit; failuresPerAddress?: Limit; accountsPerAddress?: Limit };
}

export interface SignedIn {
  me: Me;
  /** The value of `Set-Cookie`. */
  cookie: string;
}

const QUARTER_HOUR_MS = 15 * 60_000;
const SIGN_IN_LINK_TTL_MS = 24 * 3_600_000;

export type Accounts = ReturnType<typeof createAccounts>;

export function createAccounts(options: AccountsOptions) {
  const { signup, now, users, sessions, codes, limits } = options;
  const perAccount = new RateLimit({ count: 10, perMs: QUARTER_HOUR_MS, ...limits?.failuresPerAccount, now });
  const perAddress = new RateLimit({ count: 50, perMs: QUARTER_HOUR_MS, ...limits?.failuresPerAddress, now });
  const newPerAddress = new RateLimit({ count: 60, perMs: 4 * QUARTER_HOUR_MS, ...limits?.accountsPerAddress, now });

  async function begin(userId: string, passwordHash: string | null, visit: Visit): Promise<SignedIn | null> {
    const secret = newSecret();
    const session = await sessions.create({
      userId,
      secretHash: hashSecret(secret),
      passwordHash,
      userAgent: visit.userAgent,
      address: visit.address,
      expiresAt: new Date(now() + SESSION_TTL_MS),
    }, new Date(now()));
    const me = session && await users.find(userId);
    return me && { me, cookie: sessionCookie(secret, visit.secure) };
  }

  /** Checks a password. Attempts count before the work, so that many at once do not slip through; a right one is given back. */
  async function check(
    account: string,
    address: string | null,
    stored: string | null,
    password: string,
  ): Promise<boolean> {
    refuseIfOver(address === null ? 0 : perAddress.take(addressKey(address)));
    refuseIfOver(perAccount.take(account));
    const right = await verifyPassword(stored, password);
    if (right) {
      perAccount.forget(account);
      if (address !== null) perAddress.giveBack(addressKey(address));
    }
    return right;
  }

  async function createCode(
    code: Pick<Parameters<CodeStore["create"]>[0], "purpose" | "userId" | "createdBy" | "uses">,
    ttlMs: number,
  ) {
    const secret = newSecret();
    const expiresAt = new Date(now() + ttlMs);
    await codes.create({ ...code, hash: hashSecret(secret), expiresAt });
    return { code: secret, expiresAt: expiresAt.toISOString() };
  }

  return {
    /** Throws signup_closed, invite_invalid, username_taken, rate_limited. The very first account may always be made. */
    async signUp(input: z.output<typeof SignUp>, visit: Visit): Promise<SignedIn> {
      const { username, name, locale, invite } = input;
      const refusal = signup === "open" || signup === "invite" && invite !== undefined
        ? null
        : new CommandError("signup_closed", signup === "invite" ? { detail: "A new account needs an invitation" } : {});
      // asked again below, where it counts; here it spares the work of hashing
      if (refusal && !await users.needsOwner()) throw refusal;
      refuseIfOver(newPerAddress.take(addressKey(visit.address)));
      const passwordHash = await hashPassword(input.password);
      const me = await users.createAccount(
        { username, name, locale: locale ?? null, passwordHash },
        async (tx, first) => {
          if (first || signup === "open") return;
          if (refusal) throw refusal;
          if (!await codeStore(tx).redeem(hashSecret(invite!), "invite", new Date(now()))) {
            throw new CommandError("invite_invalid");
          }
        },
      );
      return (await begin(me.id, passwordHash, visit))!;
    },

    /** Throws invalid_credentials, the same for a wrong password and an unknown or deactivated person, or rate_limited. */
    async signIn({ username, password }: z.output<typeof SignIn>, visit: Visit): Promise<SignedIn> {
      const named = Username.safeParse(username).data;
      const user = named === undefined ? null : await users.findByUsername(named);
      const stored = user?.passwordHash ?? null;
      const signedIn = await check(named ?? username, visit.address, stored, password)
        ? await begin(user!.id, stored, visit)
        : null;
      if (signedIn === null) throw new CommandError("invalid_credentials");
      return signedIn;
    },

    /** Signs in the person that a link is for, once. Throws unauthenticated when it is unknown, used or expired; rate_limited. */
    async redeemSignInLink(code: string, visit: Visit): Promise<SignedIn> {
      refuseIfOver(perAddress.take(addressKey(visit.address)));
      const found = await codes.redeem(hashSecret(code), "sign_in", new Date(now()));
      const signedIn = found && await begin(found.userId!, null, visit);
      if (!signedIn) throw new CommandError("unauthenticated");
      perAddress.giveBack(addressKey(visit.address));
      return signedIn;
    },

    /** Returns the `Set-Cookie` that removes the cookie. */
    async signOut({ userId, sessionId }: Principal): Promise<string> {
      if (sessionId !== null) await sessions.revoke(userId, sessionId, new Date(now()));
      return endedCookie();
    },

    /** Ends every session of the person, this one too. Returns the `Set-Cookie` that removes the cookie. */
    async signOutEverywhere({ userId }: Principal): Promise<string> {
      await sessions.revokeAll(userId, null, new Date(now()));
      return endedCookie();
    },

    /** The person's other sessions end. Throws invalid_credentials when `current` is wrong, rate_limited. */
    async changePassword(principal: Principal, { current, next }: z.output<typeof ChangePassword>): Promise<void> {
      const { userId, sessionId } = principal;
      const { username } = (await users.find(userId))!;
      const user = username === null ? null : await users.findByUsername(username);
      if (user === null) throw new CommandError("forbidden");
      if (!await check(username!, null, user.passwordHash, current)) throw new CommandError("invalid_credentials");
      await users.changePassword(userId, await hashPassword(next), sessionId, new Date(now()));
    },

    async listSessions({ userId, sessionId }: Principal): Promise<Session[]> {
      return await sessions.list(userId, sessionId, new Date(now()));
    },

    /** Throws not_found unless it is a session of the asker. */
    async revokeSession({ userId }: Principal, sessionId: string): Promise<void> {
      if (!await sessions.revoke(userId, sessionId, new Date(now()))) throw new CommandError("not_found");
    },

    /** An invitation for so many new accounts. Throws forbidden for members, signup_closed where none can be made. */
    async createInvite({ userId, role }: Principal, uses: number) {
      if (role === "member") throw new CommandError("forbidden");
      if (signup === "closed") throw new CommandError("signup_closed");
      return await createCode({ purpose: "invite", userId: null, createdBy: userId, uses }, INVITE_TTL_MS);
    },

    /** The same by whoever runs the server. */
    async inviteByOwner(uses: number) {
      return await createCode({ purpose: "invite", userId: null, createdBy: null, uses }, INVITE_TTL_MS);
    },

    /** A link that signs one person in once: for whoever runs the server, never for a request. */
    async createSignInLink(userId: string, ttlMs = SIGN_IN_LINK_TTL_MS) {
      return await createCode({ purpose: "sign_in", userId, createdBy: null, uses: 1 }, ttlMs);
    },
  };
}

function refuseIfOver(waitMs: number): void {
  if (waitMs > 0) throw new CommandError("rate_limited", { retryAfter: Math.ceil(waitMs / 1000) });
}
