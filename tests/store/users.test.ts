// People: accounts, people of a host site, and finding them in every script.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandError } from "../../protocol/errors.ts";
import type { Me } from "../../protocol/models.ts";
import { searchQuery, type UserStore, userStore } from "../../server/store/users.ts";
import { createTestDatabase, databaseServers } from "../helpers/database.ts";

type TestDatabase = Awaited<ReturnType<typeof createTestDatabase>>;

const admit = () => Promise.resolve();
const account = (username: string, name = username) => ({ username, name, passwordHash: "hash", locale: null });

describe.each(databaseServers())("users on %s", (server) => {
  let database: TestDatabase;
  let users: UserStore;

  beforeAll(async () => {
    database = await createTestDatabase(server);
    users = userStore(database.sql);
  });
  afterAll(() => database.close());

  it("makes exactly one owner of many who come first at once", async () => {
    const fresh = await createTestDatabase(server);
    try {
      const store = userStore(fresh.sql);
      expect(await store.needsOwner()).toBe(true);
      const made = await Promise.all(
        Array.from({ length: 8 }, (_, i) => store.createAccount(account(`first${i}`), admit)),
      );
      expect(made.filter((me) => me.role === "owner")).toHaveLength(1);
      expect(made.filter((me) => me.role === "member")).toHaveLength(7);
      expect(await store.needsOwner()).toBe(false);
    } finally {
      await fresh.close();
    }
  });

  it("tells admit who is first, and undoes everything when it refuses", async () => {
    const fresh = await createTestDatabase(server);
    try {
      const store = userStore(fresh.sql);
      const seen: boolean[] = [];
      const refuse = (_: unknown, first: boolean) => {
        seen.push(first);
        return Promise.reject(new CommandError("signup_closed"));
      };
      await expect(store.createAccount(account("nobody"), refuse)).rejects.toMatchObject({ code: "signup_closed" });
      expect(await store.findByUsername("nobody")).toBeNull();
      expect((await store.createAccount(account("owner"), admit)).role).toBe("owner");
      await expect(store.createAccount(account("second"), refuse)).rejects.toMatchObject({ code: "signup_closed" });
      expect(seen).toEqual([true, false]);
    } finally {
      await fresh.close();
    }
  });

  it("refuses a user name that is taken, once or at once", async () => {
    const results = await Promise.allSettled([1, 2, 3].map(() => users.createAccount(account("taken"), admit)));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "username_taken" });
    }
  });

  it("finds people by id, ids, user name and external id", async () => {
    const own = await users.createAccount(account("finder", "Find Er"), admit);
    const host = await users.upsertExternal({ externalId: "ad-7", name: "Seller" });
    expect(await users.find(own.id)).toEqual(own);
    expect(own).toMatchObject({ username: "finder", name: "Find Er", externalId: null, deactivated: false });
    expect(await users.findByExternalId("ad-7")).toEqual(host);
    expect(await users.findByUsername("finder")).toEqual({ id: own.id, passwordHash: "hash" });
    const unknown = crypto.randomUUID();
    expect((await users.findMany([host.id, unknown, own.id])).map((user) => user.id)).toEqual([host.id, own.id]);
    expect(await users.find(unknown)).toBeNull();
    expect(await users.findByExternalId("nobody")).toBeNull();
    expect(await users.findByUsername("nobody")).toBeNull();
  });

  it("makes a person of the host site at first sight, once, and writes only what is new", async () => {
    const told = {
      externalId: "u-1",
      name: "Sita",
      picture: "https://a.test/s.png",
      locale: "ne",
      role: "admin" as const,
    };
    const seen = await Promise.all([1, 2, 3, 4].map(() => users.upsertExternal(told)));
    expect(new Set(seen.map((me) => me.id)).size).toBe(1);
    const version = () => database.sql`select xmin::text, ctid::text from users where external_id = 'u-1'`;
    const before = await version();
    expect(await users.upsertExternal(told)).toEqual(seen[0]);
    expect(await version()).toEqual(before);

    const changed = await users.upsertExternal({ ...told, name: "Sita Rai", picture: null, role: "member" });
    expect(changed).toMatchObject({ id: seen[0]!.id, name: "Sita Rai", picture: null, locale: "ne", role: "member" });
    expect(await version()).not.toEqual(before);
  });

  it("keeps of a person of the host site what is not told, and takes the id for a name", async () => {
    await users.upsertExternal({ externalId: "u-2", name: "Hari", picture: "https://a.test/h.png", role: "admin" });
    expect(await users.upsertExternal({ externalId: "u-2", role: "member" }))
      .toMatchObject({ name: "Hari", picture: "https://a.test/h.png", role: "member" });
    const long = "😀".repeat(255);
    expect(await users.upsertExternal({ externalId: long })).toMatchObject({ name: "😀".repeat(80), role: "member" });
  });

  it("takes of a person of the host site what was told last, whatever order it comes in, and writes an old token's never", async () => {
    const at = (seconds: number) => new Date(Date.UTC(2031, 0, 1, 0, 0, seconds));
    const tell = (name: string, seconds: number) =>
      users.upsertExternal({ externalId: "u-3", name, role: "member", toldAt: at(seconds) });
    const version = () => database.sql`select xmin::text, ctid::text from users where external_id = 'u-3'`;
    await tell("Maya", 10);
    expect(await tell("Maya Rai", 20)).toMatchObject({ name: "Maya Rai" });
    const before = await version();
    for (const seconds of [10, 20, 19]) expect(await tell("Maya", seconds)).toMatchObject({ name: "Maya Rai" });
    expect(await version()).toEqual(before);
    expect(await users.upsertExternal({ externalId: "u-3", name: "By the site itself" })).toMatchObject({
      name: "By the site itself",
    });
  });

  it("keeps what a newer token wrote while an older one was about to", async () => {
    const at = (seconds: number) => new Date(Date.UTC(2031, 0, 1, 0, 0, seconds));
    await users.upsertExternal({ externalId: "u-4", name: "First", toldAt: at(10) });
    let early: Promise<Me> | undefined;
    await database.sql.begin(async (tx) => {
      await tx`update users set name = 'Late', told_at = ${at(40)} where external_id = 'u-4'`;
      early = users.upsertExternal({ externalId: "u-4", name: "Early", toldAt: at(30) });
      const [pid] = await tx<{ pid: number }[]>`select pg_backend_pid() as pid`;
      const waits = () => database.sql`select 1 from pg_stat_activity where ${pid!.pid} = any (pg_blocking_pids(pid))`;
      while ((await waits()).length === 0);
    });
    expect(await early).toMatchObject({ name: "Late" });
    expect(await users.findByExternalId("u-4")).toMatchObject({ name: "Late" });
  });

  it("asks once for a person whose token is not the newest", async () => {
    const told = { externalId: "u-5", name: "Newer", toldAt: new Date(2_000) };
    await users.upsertExternal(told);
    const { sql } = database;
    let transactions = 0;
    const counted = new Proxy(sql, {
      get: (target, name) => (name === "begin" && transactions++, Reflect.get(target, name)),
    });
    await userStore(counted).upsertExternal({ ...told, name: "Older", toldAt: new Date(1_000) });
    expect(transactions).toBe(0);
    await userStore(counted).upsertExternal({ ...told, name: "Newest", toldAt: new Date(3_000) });
    expect(transactions).toBe(1);
  });

  it("changes a profile and the words it is found by", async () => {
    const me = await users.createAccount(account("renamed", "Oldname"), admit);
    expect(await users.updateProfile(me.id, { name: "Newname" })).toMatchObject({ name: "Newname", locale: null });
    expect(await users.updateProfile(me.id, { locale: "ne" })).toMatchObject({ name: "Newname", locale: "ne" });
    const found = (q: string) => users.search(q, { limit: 20, excludeUserId: crypto.randomUUID() });
    expect(await found("oldname")).toEqual([]);
    expect((await found("newn")).map((user) => user.id)).toEqual([me.id]);
    expect((await found("renamed")).map((user) => user.id)).toEqual([me.id]);
    expect(await users.updateProfile(crypto.randomUUID(), { name: "X" })).toBeNull();
  });

  describe("search", () => {
    let asker: string;
    beforeAll(async () => {
      asker = (await users.upsertExternal({ externalId: "asker", name: "Asker राम 王小明" })).id;
      const names = [
        "राम बहादुर थापा",
        "प्रियंका कुमारी",
        "王小明",
        "สมชาย ใจดี",
        "田中さくら",
        "Ramesh Thapa",
        "Zoë Müller",
      ];
      for (const name of names) await users.upsertExternal({ externalId: `n:${name}`, name });
    });
    const search = async (query: string, limit = 20) =>
      (await users.search(query, { limit, excludeUserId: asker })).map((user) => user.name);

    it.each([
      ["Nepali", "राम", ["राम बहादुर थापा"]],
      ["Nepali, two beginnings, any order", "था बहा", ["राम बहादुर थापा"]],
      ["Hindi", "प्रिय", ["प्रियंका कुमारी"]],
      ["Hindi, another word", "कुमा", ["प्रियंका कुमारी"]],
      ["Chinese, the given name", "小明", ["王小明"]],
      ["Chinese, one character", "王", ["王小明"]],
      ["Thai", "สมชาย", ["สมชาย ใจดี"]],
      ["Thai, from the middle", "ชาย", ["สมชาย ใจดี"]],
      ["Japanese", "さくら", ["田中さくら"]],
      ["English, any case", "RAMESH th", ["Ramesh Thapa"]],
      ["decomposed letters", "Zoe\u0308", ["Zoë Müller"]],
      ["every word must fit", "Ramesh Müller", []],
      ["the same beginning twice", "ram ram", ["Ramesh Thapa"]],
      ["an ending is no beginning", "hapa", []],
      ["nothing but signs", "%_ '", []],
      ["the end of Unicode", "\u{10ffff}", []],
    ])("%s: %s", async (_, query, names) => expect(await search(query)).toEqual(names));

    it("leaves out the asker and the deactivated", async () => {
      const gone = await users.upsertExternal({ externalId: "gone", name: "Goner" });
      expect(await search("goner")).toEqual(["Goner"]);
      await database.sql`update users set deactivated_at = now() where id = ${gone.id}`;
      expect(await search("goner")).toEqual([]);
      expect(await search("asker")).toEqual([]);
    });

    it("shows the exact word first, each person once, in a stable order, up to the limit", async () => {
      for (const name of ["Anna Annand", "Ann Lee", "Annabel", "Anne"]) {
        await users.upsertExternal({ externalId: `a:${name}`, name });
      }
      const order = ["Ann Lee", "Anna Annand", "Annabel", "Anne"];
      expect(await search("ann")).toEqual(order);
      expect(await search("ann")).toEqual(order);
      expect(await search("ann", 2)).toEqual(order.slice(0, 2));
    });

    it("uses the index, whatever the number of people", async () => {
      await database.sql`
        insert into users (id, external_id, name) select gen_random_uuid(), 'bulk' || i, 'बल्क ' || i
        from generate_series(1, 20000) i`;
      await database.sql`
        insert into user_words (word, user_id)
        select word, id from users, unnest(array['बल्क', substr(external_id, 5)]) as word where external_id like 'bulk%'`;
      await database.sql`analyze users, user_words`;
      for (const words of [["बल"], ["12345"], ["1234", "बल"]]) {
        const query = searchQuery(database.sql, words, { limit: 20, excludeUserId: asker });
        const plan = (await database.sql`explain ${query}`).map((row) => row["QUERY PLAN"]).join("\n");
        expect(plan).toMatch(/Index (Only )?Scan (using|on) user_words_pkey/);
        expect(plan).not.toMatch(/Seq Scan/);
      }
      expect(await users.search("1234 बल", { limit: 20, excludeUserId: asker })).toHaveLength(11);
    });
  });
});
