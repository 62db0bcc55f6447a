// One-time codes and the installation's row: what must happen exactly once.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CodeStore, codeStore } from "../../server/store/codes.ts";
import { readInstallation } from "../../server/store/installation.ts";
import { userStore } from "../../server/store/users.ts";
import { createTestDatabase, databaseServers } from "../helpers/database.ts";

const START = Date.UTC(2031, 0, 1);
const at = (ms: number) => new Date(START + ms);

describe.each(databaseServers())("on %s", (server) => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let codes: CodeStore;

  beforeAll(async () => {
    database = await createTestDatabase(server);
    codes = codeStore(database.sql);
  });
  afterAll(() => database.close());

  async function invite(uses: number) {
    const hash = randomBytes(32);
    await codes.create({ hash, purpose: "invite", userId: null, createdBy: null, expiresAt: at(1000), uses });
    return hash;
  }

  it("redeems a code as often as it may be used, however many try at once", async () => {
    const hash = await invite(3);
    const results = await Promise.all(Array.from({ length: 10 }, () => codes.redeem(hash, "invite", at(0))));
    expect(results.filter((result) => result !== null)).toHaveLength(3);
    expect(await codes.redeem(hash, "invite", at(0))).toBeNull();
  });

  it("redeems none that is expired, unknown or for another purpose", async () => {
    const hash = await invite(9);
    expect(await codes.redeem(hash, "sign_in", at(0))).toBeNull();
    expect(await codes.redeem(randomBytes(32), "invite", at(0))).toBeNull();
    expect(await codes.redeem(hash, "invite", at(1000))).toBeNull();
    expect(await codes.redeem(hash, "invite", at(999))).toEqual({ userId: null });
  });

  it("deletes those that are used up or have expired by then, so many at a time, and no others", async () => {
    const [kept, used] = [await invite(2), await invite(1)];
    for (const hash of [kept, used]) await codes.redeem(hash, "invite", at(0));
    const has = async (hash: Uint8Array) =>
      (await database.sql`select 1 from one_time_codes where code_hash = ${hash}`).length === 1;
    while (await codes.deleteSpent(at(999), 1) > 0);
    expect([await has(kept), await has(used)]).toEqual([true, false]);
    expect(await codes.redeem(kept, "invite", at(0))).not.toBeNull();
    await Promise.all([invite(1), invite(1), invite(1)]);
    expect(await codes.deleteSpent(at(1000), 2)).toBe(2);
    while (await codes.deleteSpent(at(1000), 1_000) > 0);
    expect((await database.sql`select 1 from one_time_codes`).length).toBe(0);
  });

  it("says whom a sign-in link is for", async () => {
    const { id: userId } = await userStore(database.sql).upsertExternal({ externalId: "linked" });
    const hash = randomBytes(32);
    await codes.create({ hash, purpose: "sign_in", userId, createdBy: null, expiresAt: at(1000), uses: 1 });
    expect(await codes.redeem(hash, "sign_in", at(0))).toEqual({ userId });
  });

  it("makes the installation's row once, however many start at once", async () => {
    const read = await Promise.all([1, 2, 3, 4].map(() => readInstallation(database.sql)));
    expect(new Set(read.map((it) => it.epoch)).size).toBe(1);
    expect(new Set(read.map((it) => it.tokenSecret.toHex())).size).toBe(1);
    expect(read[0]!.tokenSecret).toHaveLength(32);
    expect(await readInstallation(database.sql)).toEqual(read[0]);
  });
});
