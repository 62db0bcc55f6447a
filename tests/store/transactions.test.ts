// Transactions beside a crowd of other statements: neither gets into the other's.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, databaseServers } from "../helpers/database.ts";

describe.each(databaseServers())("transactions on %s", (server) => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  beforeAll(async () => {
    database = await createTestDatabase(server);
    await database.sql`create table notes (n int primary key, in_transaction bigint)`;
  });
  afterAll(() => database.close());

  it("have no other statement run inside them, however many there are at once", async () => {
    const { sql } = database;
    const COUNT = 3000;
    const insert = (n: number) => sql.unsafe(`insert into notes values (${n}, 0)`);
    // Ten connections that take a while, and as many statements behind each as fill its pipeline but for one.
    await Promise.all(Array.from({ length: 10 }, () => sql`select pg_sleep(0.05)`));
    const busy = Array.from({ length: 10 }, () => sql.unsafe("select pg_sleep(0.5)").execute());
    const before = Array.from({ length: 990 }, (_, n) => insert(n).execute());
    const transactions = Array.from({ length: 100 }, (_, n) =>
      sql.begin(async (tx) => {
        await tx`insert into notes values (${5000 + n}, 1)`;
        if (n % 2 === 0) throw new Error("taken back");
      }).catch((error) => {
        if (error.message !== "taken back") throw error;
      }));
    const after = Array.from({ length: COUNT - 990 }, (_, n) => insert(990 + n).execute());
    await Promise.all([...busy, ...before, ...transactions, ...after]);
    const kept = (await sql`select n from notes order by n`).map(({ n }) => n);
    const done = Array.from({ length: 50 }, (_, n) => 5001 + 2 * n);
    expect(kept).toEqual([...Array.from({ length: COUNT }, (_, n) => n), ...done]);
    const open = await sql`
      select pid from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`;
    expect(open).toHaveLength(0);
  });

  it("give the result of what was done, and the error that ended it", async () => {
    const { sql } = database;
    expect(await sql.begin("isolation level repeatable read", async (tx) => (await tx`show transaction_isolation`)[0]))
      .toEqual({ transaction_isolation: "repeatable read" });
    await expect(sql.begin((tx) => tx`select 1 / 0`)).rejects.toMatchObject({ code: "22012" });
    expect(await sql.begin((tx) => tx`select 1 as one`)).toEqual([{ one: 1 }]);
  });
});
