// Logins: when one counts, and when it ends.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SessionStore, sessionStore, TOUCH_EVERY_MS } from "../../server/store/sessions.ts";
import { type UserStore, userStore } from "../../server/store/users.ts";
import { createTestDatabase, databaseServers } from "../helpers/database.ts";

const START = Date.UTC(2031, 0, 1);
const at = (ms: number) => new Date(START + ms);

describe.each(databaseServers())("sessions on %s", (server) => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let sessions: SessionStore;
  let users: UserStore;
  let count = 0;

  beforeAll(async () => {
    database = await createTestDatabase(server);
    sessions = sessionStore(database.sql);
    users = userStore(database.sql);
  });
  afterAll(() => database.close());

  async function person() {
    const username = `person${count++}`;
    return await users.createAccount({ username, name: username, passwordHash: "hash", locale: null }, async () => {});
  }

  async function login(userId: string, passwordHash: string | null = "hash") {
    const secretHash = randomBytes(32);
    const details = { userAgent: "Test/1", address: "203.0.113.7", expiresAt: at(1000_000) };
    const session = await sessions.create({ userId, secretHash, passwordHash, ...details }, at(0));
    return { secretHash, id: session?.id };
  }

  it("finds an active session by its secret's hash and by its id, with the person's role", async () => {
    const { id: userId, role } = await person();
    const { id, secretHash } = await login(userId);
    const expected = { id, userId, role, expiresAt: START + 1000_000, lastSeenAt: START };
    expect(await sessions.findActiveBySecret(secretHash, at(1))).toEqual(expected);
    expect(await sessions.findActive(id!, at(1))).toEqual(expected);
    expect(await sessions.findActiveBySecret(randomBytes(32), at(1))).toBeNull();
  });

  it("finds none that is expired, revoked, or of a deactivated person", async () => {
    const { id: userId } = await person();
    const [expiring, revoked, active] = [await login(userId), await login(userId), await login(userId)];
    expect(await sessions.findActive(expiring.id!, at(999_999))).not.toBeNull();
    expect(await sessions.findActive(expiring.id!, at(1000_000))).toBeNull();
    await sessions.revoke(userId, revoked.id!, at(1));
    expect(await sessions.findActiveBySecret(revoked.secretHash, at(2))).toBeNull();
    await database.sql`update users set deactivated_at = now() where id = ${userId}`;
    expect(await sessions.findActiveBySecret(active.secretHash, at(2))).toBeNull();
    expect((await login(userId)).id).toBeUndefined();
  });

  it("moves last seen at most once a minute", async () => {
    const { id: userId } = await person();
    const { id } = await login(userId);
    const seen = async () => (await sessions.findActive(id!, at(1)))!.lastSeenAt - START;
    await sessions.touch(id!, at(TOUCH_EVERY_MS - 1));
    expect(await seen()).toBe(0);
    await sessions.touch(id!, at(TOUCH_EVERY_MS));
    expect(await seen()).toBe(TOUCH_EVERY_MS);
  });

  it("lists a person's own active sessions, the last seen first, and says which is this one", async () => {
    const [one, other] = [await person(), await person()];
    const [first, second, gone] = [await login(one.id), await login(one.id), await login(one.id)];
    await login(other.id);
    await sessions.revoke(one.id, gone.id!, at(1));
    await sessions.touch(second.id!, at(70_000));
    const list = await sessions.list(one.id, first.id!, at(80_000));
    expect(list.map(({ id, current }) => [id, current])).toEqual([[second.id, false], [first.id, true]]);
    expect(list[1]).toMatchObject({
      createdAt: at(0).toISOString(),
      expiresAt: at(1000_000).toISOString(),
      userAgent: "Test/1",
      address: "203.0.113.7",
    });
  });

  it("revokes only one's own, once", async () => {
    const [one, other] = [await person(), await person()];
    const { id } = await login(one.id);
    expect(await sessions.revoke(other.id, id!, at(1))).toBe(false);
    expect(await sessions.findActive(id!, at(1))).not.toBeNull();
    expect(await sessions.revoke(one.id, id!, at(1))).toBe(true);
    expect(await sessions.revoke(one.id, id!, at(1))).toBe(false);
  });

  it("revokes all of a person, or all but one", async () => {
    const [one, other] = [await person(), await person()];
    const mine = [await login(one.id), await login(one.id), await login(one.id)];
    const theirs = await login(other.id);
    expect((await sessions.revokeAll(one.id, mine[0]!.id!, at(1))).toSorted())
      .toEqual([mine[1]!.id, mine[2]!.id].toSorted());
    expect(await sessions.findActive(mine[0]!.id!, at(1))).not.toBeNull();
    expect(await sessions.revokeAll(one.id, null, at(1))).toEqual([mine[0]!.id]);
    expect(await sessions.findActive(theirs.id!, at(1))).not.toBeNull();
  });

  it("deletes those that have expired or were revoked by then, so many at a time, and no others", async () => {
    const { id: userId } = await person();
    const [kept, revoked, revokedLater] = [await login(userId), await login(userId), await login(userId)];
    await sessions.revoke(userId, revoked.id!, at(100));
    await sessions.revoke(userId, revokedLater.id!, at(102));
    const left = async () =>
      new Set((await database.sql`select id from sessions where user_id = ${userId}`).map(({ id }) => id));
    while (await sessions.deleteEnded(at(101), 1) > 0);
    expect(await left()).toEqual(new Set([kept.id, revokedLater.id]));
    expect(await sessions.findActive(kept.id!, at(101))).not.toBeNull();
    await Promise.all([1, 2, 3].map(() => login(userId)));
    const all = await database.sql`select 1 from sessions`;
    expect(await sessions.deleteEnded(at(1000_000), 2)).toBe(2);
    expect(await sessions.deleteEnded(at(1000_000), 1_000)).toBe(all.length - 2);
    expect(await left()).toEqual(new Set());
  });

  it("lets no sign-in by the old password slip past a change of password", async () => {
    const { id: userId } = await person();
    const before = await login(userId);
    expect(await users.changePassword(userId, "next", null, at(1))).toEqual([before.id]);
    expect((await login(userId, "hash")).id).toBeUndefined();
    expect((await login(userId, "next")).id).toBeDefined();

    // at once: whichever is first, no session by the password of before outlives the change
    for (let round = 0; round < 10; round++) {
      const someone = await person();
      const [session] = await Promise.all([
        login(someone.id),
        users.changePassword(someone.id, "next", null, at(1)),
      ]);
      expect(session.id && await sessions.findActive(session.id, at(2))).toBeFalsy();
    }
  });
});
