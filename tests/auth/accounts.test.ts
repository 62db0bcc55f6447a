// Accounts of our own: signing up, in and out, limits, passwords, invitations, links.
import { afterEach, describe, expect, it } from "vitest";
import { SESSION_TTL_MS } from "../../protocol/limits.ts";
import type { SignedIn } from "../../server/auth/accounts.ts";
import { createWorld, refusal, request, UNAUTHENTICATED, VISIT } from "./world.ts";

type World = Awaited<ReturnType<typeof createWorld>>;

const worlds: World[] = [];
async function open(settings: Parameters<typeof createWorld>[0] = {}) {
  const world = await createWorld(settings);
  worlds.push(world);
  return world;
}
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});

const PASSWORD = "correct horse";
const person = (username: string, invite?: string) => ({ username, name: username, password: PASSWORD, invite });
const asking = ({ cookie }: SignedIn) => request({ cookie: cookie.split(";")[0]! });
const code = async (of: Promise<unknown>) => (await refusal(of) as { code: string }).code;

describe("signing up", () => {
  it("signs in, with a cookie that no script and no other site sees", async () => {
    const { accounts, auth, sql } = await open();
    const signedIn = await accounts.signUp({ ...person("sita"), name: "Sita Rai", locale: "ne" }, VISIT);
    expect(signedIn.me).toMatchObject({ username: "sita", name: "Sita Rai", locale: "ne", role: "owner" });
    expect(signedIn.cookie).toMatch(
      new RegExp(
        `^chautari_session=[\\w-]{43}; Path=/; Max-Age=${SESSION_TTL_MS / 1000}; HttpOnly; SameSite=Lax; Secure$`,
      ),
    );
    expect(await auth.authenticate(asking(signedIn))).toMatchObject({ userId: signedIn.me.id, role: "owner" });
    const secret = /=([\w-]{43});/.exec(signedIn.cookie)![1]!;
    const [row] =
      await sql`select s::text as session, u::text as person from sessions s join users u on u.id = s.user_id`;
    expect(JSON.stringify(row)).not.toContain(secret);
    expect(JSON.stringify(row)).not.toContain(PASSWORD);
    expect(row!.person).toContain("$scrypt$ln=14,r=8,p=5$");
  });

  it("gives a cookie without Secure only over plain http", async () => {
    const { accounts } = await open();
    expect((await accounts.signUp(person("sita"), { ...VISIT, secure: false })).cookie).not.toContain("Secure");
  });

  it("makes exactly one owner of two who come first at once", async () => {
    const { accounts } = await open();
    const both = await Promise.all([accounts.signUp(person("one"), VISIT), accounts.signUp(person("two"), VISIT)]);
    expect(both.map(({ me }) => me.role).toSorted()).toEqual(["member", "owner"]);
  });

  it("refuses a name that is taken", async () => {
    const { accounts } = await open();
    await accounts.signUp(person("sita"), VISIT);
    expect(await code(accounts.signUp(person("sita"), VISIT))).toBe("username_taken");
  });

  it("is limited for each address", async () => {
    const { accounts, clock } = await open({ limits: { accountsPerAddress: { count: 1, perMs: 60_000 } } });
    await accounts.signUp(person("sita"), VISIT);
    expect(await refusal(accounts.signUp(person("hari"), VISIT))).toMatchObject({
      code: "rate_limited",
      retryAfter: 60,
    });
    await accounts.signUp(person("gita"), { ...VISIT, address: "203.0.113.8" });
    clock.ms += 60_000;
    await accounts.signUp(person("hari"), VISIT);
  });

  it("when closed, is for the very first alone, even if two come at once", async () => {
    const { accounts } = await open({ signup: "closed" });
    const both = await Promise.allSettled([
      accounts.signUp(person("one"), VISIT),
      accounts.signUp(person("two"), VISIT),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await code(accounts.signUp(person("three"), VISIT))).toBe("signup_closed");
    expect(await code(accounts.signUp(person("three", "A".repeat(43)), VISIT))).toBe("signup_closed");
  });
});

describe("invitations", () => {
  async function invited(uses: number) {
    const world = await open({ signup: "invite" });
    const owner = await world.auth.authenticate(asking(await world.accounts.signUp(person("owner"), VISIT)));
    return { ...world, owner, invite: (await world.accounts.createInvite(owner, uses)).code };
  }

  it("are needed, and make as many accounts as they say, raced or not", async () => {
    const { accounts, invite } = await invited(1);
    expect(await code(accounts.signUp(person("nobody"), VISIT))).toBe("signup_closed");
    expect(await code(accounts.signUp(person("nobody", "A".repeat(43)), VISIT))).toBe("invite_invalid");
    const raced = await Promise.all(
      ["one", "two", "three"].map((name) => refusal(accounts.signUp(person(name, invite), VISIT))),
    );
    expect(raced.filter((result) => result === "not refused")).toHaveLength(1);
    for (const result of raced) if (result !== "not refused") expect(result).toMatchObject({ code: "invite_invalid" });
    expect(await code(accounts.signUp(person("four", invite), VISIT))).toBe("invite_invalid");
  });

  it("are not used up by an account that is not made", async () => {
    const { accounts, invite } = await invited(1);
    expect(await code(accounts.signUp(person("owner", invite), VISIT))).toBe("username_taken");
    expect((await accounts.signUp(person("friend", invite), VISIT)).me.role).toBe("member");
  });

  it("end with their time", async () => {
    const { accounts, invite, clock } = await invited(9);
    clock.ms += 7 * 24 * 3_600_000;
    expect(await code(accounts.signUp(person("late", invite), VISIT))).toBe("invite_invalid");
  });

  it("are made by the owner and admins only, and not where none count", async () => {
    const { accounts, owner } = await invited(1);
    expect((await accounts.createInvite({ ...owner, role: "admin" }, 5)).code).toMatch(/^[\w-]{43}$/);
    expect(await code(accounts.createInvite({ ...owner, role: "member" }, 1))).toBe("forbidden");
    const closed = await open({ signup: "closed" });
    expect(await code(closed.accounts.createInvite(owner, 1))).toBe("signup_closed");
  });
});

describe("signing in", () => {
  it("takes the right password, the name in any case", async () => {
    const { accounts, auth } = await open();
    const { me } = await accounts.signUp(person("sita"), VISIT);
    const signedIn = await accounts.signIn({ username: " Sita ", password: PASSWORD }, VISIT);
    expect(signedIn.me).toEqual(me);
    expect(await auth.authenticate(asking(signedIn))).toMatchObject({ userId: me.id, via: "cookie" });
  });

  it("refuses alike a wrong password, an unknown, a deactivated and an impossible name", async () => {
    const { accounts, sql } = await open();
    await accounts.signUp(person("sita"), VISIT);
    await accounts.signUp(person("gone"), VISIT);
    await sql`update users set deactivated_at = now() where username = 'gone'`;
    const attempts = [["sita", "wrong horse"], ["nobody", PASSWORD], ["gone", PASSWORD], ["a\u0000\ud800", PASSWORD]];
    const refusals = [];
    for (const [username, password] of attempts) {
      refusals.push(await refusal(accounts.signIn({ username: username!, password: password! }, VISIT)));
    }
    expect(refusals[0]).toMatchObject({ code: "invalid_credentials", detail: undefined, retryAfter: undefined });
    for (const other of refusals) expect(other).toEqual(refusals[0]);
  });

  it("is limited for each account, known or not alike, whatever the address", async () => {
    const { accounts, clock } = await open({ limits: { failuresPerAccount: { count: 2, perMs: 60_000 } } });
    await accounts.signUp(person("sita"), VISIT);
    const attempt = (username: string, password: string, n: number) =>
      refusal(accounts.signIn({ username, password }, { ...VISIT, address: `198.51.100.${n}` }));
    const limited = [];
    for (const username of ["sita", "nobody"]) {
      for (const n of [1, 2]) {
        expect(await attempt(username, "wrong", n)).toMatchObject({ code: "invalid_credentials" });
      }
      limited.push(await attempt(username, PASSWORD, 3));
    }
    expect(limited[0]).toMatchObject({ code: "rate_limited", retryAfter: 30 });
    expect(limited[1]).toEqual(limited[0]);
    clock.ms += 30_000;
    expect(await attempt("sita", PASSWORD, 4)).toBe("not refused");
    // the success starts the account anew
    for (const n of [5, 6]) expect(await attempt("sita", "wrong", n)).toMatchObject({ code: "invalid_credentials" });
    expect(await attempt("sita", "wrong", 7)).toMatchObject({ code: "rate_limited" });
  });

  it("is limited for each address, over all accounts; only failures count", async () => {
    const { accounts } = await open({ limits: { failuresPerAddress: { count: 2, perMs: 60_000 } } });
    await accounts.signUp(person("sita"), VISIT);
    const attempt = (username: string, password: string, address = VISIT.address) =>
      refusal(accounts.signIn({ username, password }, { ...VISIT, address }));
    for (let n = 0; n < 3; n++) expect(await attempt("sita", PASSWORD)).toBe("not refused");
    for (const name of ["hari", "gita"]) {
      expect(await attempt(name, "x")).toMatchObject({ code: "invalid_credentials" });
    }
    expect(await attempt("sita", PASSWORD)).toMatchObject({ code: "rate_limited" });
    expect(await attempt("sita", PASSWORD, "203.0.113.8")).toBe("not refused");
  });

  it("does not let many guesses at once slip through", async () => {
    const { accounts } = await open({ limits: { failuresPerAccount: { count: 2, perMs: 60_000 } } });
    await accounts.signUp(person("sita"), VISIT);
    const guesses = await Promise.all(
      Array.from({ length: 8 }, (_, n) => code(accounts.signIn({ username: "sita", password: `guess ${n}` }, VISIT))),
    );
    expect(guesses.filter((it) => it === "invalid_credentials")).toHaveLength(2);
    expect(guesses.filter((it) => it === "rate_limited")).toHaveLength(6);
  });
});

describe("ending sessions", () => {
  async function twice() {
    const world = await open();
    const first = await world.accounts.signUp(person("sita"), VISIT);
    const second = await world.accounts.signIn({ username: "sita", password: PASSWORD }, VISIT);
    const [one, two] = [await world.auth.authenticate(asking(first)), await world.auth.authenticate(asking(second))];
    return { ...world, first, second, one, two };
  }

  it("signs out this one, for good, and says so", async () => {
    const { accounts, auth, first, second, one, ended } = await twice();
    expect(await accounts.signOut(one)).toBe("chautari_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    expect(await ended()).toEqual([one.sessionId]);
    expect(await refusal(auth.authenticate(asking(first)))).toEqual(UNAUTHENTICATED);
    await auth.authenticate(asking(second));
    await accounts.signOut(one);
    expect(await ended()).toEqual([one.sessionId]);
  });

  it("signs out everywhere", async () => {
    const { accounts, auth, first, second, one, two, ended } = await twice();
    expect(await accounts.signOutEverywhere(one)).toContain("Max-Age=0");
    expect((await ended()).toSorted()).toEqual([one.sessionId!, two.sessionId!].toSorted());
    for (const signedIn of [first, second]) {
      expect(await refusal(auth.authenticate(asking(signedIn)))).toEqual(UNAUTHENTICATED);
    }
  });

  it("lists one's sessions and ends one of them, never another's", async () => {
    const { accounts, auth, first, second, one, two, ended } = await twice();
    const other = await auth.authenticate(asking(await accounts.signUp(person("hari"), VISIT)));
    const list = await accounts.listSessions(one);
    expect(list).toHaveLength(2);
    expect(list.find((session) => session.current)).toMatchObject({ id: one.sessionId, userAgent: "Test/1" });
    expect(await code(accounts.revokeSession(other, two.sessionId!))).toBe("not_found");
    await accounts.revokeSession(one, two.sessionId!);
    expect(await ended()).toEqual([two.sessionId]);
    expect(await refusal(auth.authenticate(asking(second)))).toEqual(UNAUTHENTICATED);
    await auth.authenticate(asking(first));
  });

  it("ends the others when the password changes, which needs the present one", async () => {
    const { accounts, auth, first, second, one, two, ended } = await twice();
    expect(await code(accounts.changePassword(one, { current: "wrong horse", next: "battery staple" })))
      .toBe("invalid_credentials");
    await auth.authenticate(asking(second));
    await accounts.changePassword(one, { current: PASSWORD, next: "battery staple" });
    expect(await ended()).toEqual([two.sessionId]);
    expect(await refusal(auth.authenticate(asking(second)))).toEqual(UNAUTHENTICATED);
    await auth.authenticate(asking(first));
    expect(await code(accounts.signIn({ username: "sita", password: PASSWORD }, VISIT))).toBe("invalid_credentials");
    await accounts.signIn({ username: "sita", password: "battery staple" }, VISIT);
  });

  it("limits guessing the present password", async () => {
    const { accounts, auth } = await open({ limits: { failuresPerAccount: { count: 1, perMs: 60_000 } } });
    const one = await auth.authenticate(asking(await accounts.signUp(person("sita"), VISIT)));
    const change = () => code(accounts.changePassword(one, { current: "wrong horse", next: "battery staple" }));
    expect(await change()).toBe("invalid_credentials");
    expect(await change()).toBe("rate_limited");
  });
});

describe("sign-in links", () => {
  it("sign one person in, once, however many follow them at once", async () => {
    const { accounts, auth, signedIn } = await open();
    const { me } = await signedIn();
    const link = await accounts.createSignInLink(me.id);
    const raced = await Promise.allSettled([1, 2, 3].map(() => accounts.redeemSignInLink(link.code, VISIT)));
    const won = raced.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
    expect(won).toHaveLength(1);
    expect(await auth.authenticate(asking(won[0]!))).toMatchObject({ userId: me.id });
  });

  it("are refused alike: used, ended, unknown, of a deactivated person, an invitation", async () => {
    const { accounts, auth, clock, sql, signedIn } = await open();
    const [one, gone] = [await signedIn(), await signedIn()];
    const used = await accounts.createSignInLink(one.me.id);
    await accounts.redeemSignInLink(used.code, VISIT);
    const owner = await auth.authenticate(request({ cookie: one.cookie }));
    const invite = await accounts.createInvite(owner, 1);
    const deactivated = await accounts.createSignInLink(gone.me.id);
    await sql`update users set deactivated_at = now() where id = ${gone.me.id}`;
    const ended = await accounts.createSignInLink(one.me.id, 60_000);
    clock.ms += 60_000;
    for (const it of [used.code, ended.code, "A".repeat(43), deactivated.code, invite.code]) {
      expect(await refusal(accounts.redeemSignInLink(it, VISIT))).toEqual(UNAUTHENTICATED);
    }
  });

  it("cannot be guessed by many tries", async () => {
    const { accounts } = await open({ limits: { failuresPerAddress: { count: 2, perMs: 60_000 } } });
    const attempt = () => code(accounts.redeemSignInLink("A".repeat(43), VISIT));
    expect([await attempt(), await attempt(), await attempt()]).toEqual([
      "unauthenticated",
      "unauthenticated",
      "rate_limited",
    ]);
  });
});
