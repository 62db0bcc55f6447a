// A small world to test the door in: a database, a clock, people with sessions, requests as browsers make them.
import { randomBytes } from "node:crypto";
import { ERRORS } from "../../protocol/errors.ts";
import { type AccountsOptions, createAccounts } from "../../server/auth/accounts.ts";
import { type AuthOptions, createAuth } from "../../server/auth/auth.ts";
import { hashSecret, newSecret } from "../../server/auth/secrets.ts";
import { codeStore } from "../../server/store/codes.ts";
import { sessionStore } from "../../server/store/sessions.ts";
import { userStore } from "../../server/store/users.ts";
import { createTestDatabase } from "../helpers/database.ts";

export const ORIGIN = "https://chat.test";
export const VISIT = { address: "203.0.113.7", userAgent: "Test/1", secure: true };

export async function createWorld(settings: Partial<AuthOptions & AccountsOptions> = {}) {
  const database = await createTestDatabase();
  const { sql } = database;
  const clock = { ms: Date.UTC(2031, 0, 1) };
  const now = () => clock.ms;
  const stores = { users: userStore(sql), sessions: sessionStore(sql), codes: codeStore(sql) };
  const tokenSecret = new Uint8Array(randomBytes(32));
  const auth = createAuth({
    mode: "accounts",
    jwt: null,
    corsOrigins: [],
    trustProxy: 0,
    now,
    tokenSecret,
    ...stores,
    ...settings,
  });
  const accounts = createAccounts({
    signup: "open",
    now,
    ...stores,
    ...settings,
  });
  let count = 0;

  /** A person with a session, made in the database alone: no password is hashed. */
  async function signedIn() {
    const username = `user${count++}`;
    const me = await stores.users.createAccount(
      { username, name: username, passwordHash: "-", locale: null },
      async () => {},
    );
    const secret = newSecret();
    const expiresAt = new Date(clock.ms + 1000_000);
    const session = await stores.sessions.create(
      { userId: me.id, secretHash: hashSecret(secret), passwordHash: null, userAgent: null, address: null, expiresAt },
      new Date(clock.ms),
    );
    return { me, sessionId: session!.id, cookie: `chautari_session=${secret}` };
  }

  /** Ids of the sessions that were ended, in the order of their ends. */
  const ended = async () =>
    (await sql<{ id: string }[]>`select id from sessions where revoked_at is not null order by revoked_at`)
      .map((row) => row.id);
  return { sql, clock, tokenSecret, auth, accounts, ended, ...stores, signedIn, close: database.close };
}

export function request(headers: Record<string, string>, { method = "GET", url = `${ORIGIN}/api/me` } = {}): Request {
  return new Request(url, { method, headers: { host: new URL(url).host, ...headers } });
}

/** All that can be seen of a refusal from outside. */
export async function refusal(of: Promise<unknown>) {
  try {
    await of;
  } catch (error) {
    const { name, code, message, detail, problems, retryAfter } = error as Record<string, unknown>;
    return { name, code, message, detail, problems, retryAfter };
  }
  return "not refused";
}

export const UNAUTHENTICATED = {
  name: "CommandError",
  code: "unauthenticated",
  message: ERRORS.unauthenticated.title,
  detail: undefined,
  problems: undefined,
  retryAfter: undefined,
};
