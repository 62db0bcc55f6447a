// Migrations: applied once and in order, together with others, and refused in plain words when the files are not the same.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase, type Sql } from "../../server/store/database.ts";
import { migrate } from "../../server/store/migrate.ts";
import { createEmptyDatabase, databaseServers } from "../helpers/database.ts";

const FILES = {
  "0001_people.sql": "create table people (id integer primary key, name text);\ninsert into people values (1, 'राम');",
  "0002_age.sql": "alter table people add age integer;\nupdate people set age = 40;",
};

describe.each(databaseServers())("migrations on the %s server", (server) => {
  let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
  let sql: Sql;
  let directory: string;
  let said: string[];

  beforeEach(async () => {
    database = await createEmptyDatabase(server);
    sql = database.sql;
    directory = await Deno.makeTempDir();
    said = [];
    await write(FILES);
  });

  afterEach(async () => {
    await database.close();
    await Deno.remove(directory, { recursive: true });
  });

  async function write(files: Record<string, string>): Promise<void> {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(join(directory, name), text);
  }

  const run = (on = sql) =>
    migrate(on, { directory, log: (message) => said.push(message), now: () => new Date("2026-11-22T10:00:00Z") });

  it("are applied in order, each with a line, and recorded", async () => {
    await run();
    expect(said).toEqual(["Migrated the database: 0001_people.sql", "Migrated the database: 0002_age.sql"]);
    expect(await sql`select * from people`).toEqual([{ id: 1, name: "राम", age: 40 }]);
    const [, second] = await sql`select * from schema_migrations order by version`;
    expect(second).toEqual({
      version: 2,
      name: "age",
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
      applied_at: new Date("2026-11-22T10:00:00Z"),
    });
  });

  it("are applied once", async () => {
    await run();
    await run();
    expect(said.length).toBe(2);
    await write({ "0003_more.sql": "insert into people values (2, 'Sita', 30);" });
    await run();
    expect(said.at(-1)).toBe("Migrated the database: 0003_more.sql");
    expect((await sql`select 1 from people`).length).toBe(2);
  });

  it("may be started by several processes at once", async () => {
    const others = await Promise.all(
      [1, 2, 3].map(() => openDatabase({ databaseUrl: database.url, dataDir: "", log: () => {}, poolSize: 1 })),
    );
    await Promise.all([sql, ...others.map(({ sql }) => sql)].map(run));
    for (const other of others) await other.close();
    expect(said.toSorted()).toEqual(["Migrated the database: 0001_people.sql", "Migrated the database: 0002_age.sql"]);
  });

  it("take as long as they take", async () => {
    await write({ "0003_limits.sql": "create table limits as select current_setting('statement_timeout') as value" });
    await run();
    expect(await sql`select value from limits`).toEqual([{ value: "0" }]);
    expect(await sql`show statement_timeout`).toEqual([{ statement_timeout: "10s" }]);
  });

  it("are one file however its lines end", async () => {
    await run();
    await write({ "0001_people.sql": FILES["0001_people.sql"].replaceAll("\n", "\r\n") });
    await run();
    expect(said.length).toBe(2);
  });

  it("leave nothing behind when they fail, and say where", async () => {
    await write({ "0003_bad.sql": "create table half (id integer);\n\nselect nonsense from people;" });
    await expect(run()).rejects.toThrow(
      'Migration 0003_bad.sql failed and left nothing behind: column "nonsense" does not exist (line 3)',
    );
    expect(await sql`select to_regclass('half') as half, count(*) as applied from schema_migrations`)
      .toEqual([{ half: null, applied: 2 }]);
    await write({ "0003_bad.sql": "create table whole (id integer);" });
    await run();
    expect(await sql`select count(*) as applied from schema_migrations`).toEqual([{ applied: 3 }]);
  });

  it("are refused when one that is applied has changed", async () => {
    await run();
    await write({ "0001_people.sql": `${FILES["0001_people.sql"]} ` });
    await expect(run()).rejects.toThrow(
      /^Migration 0001_people.sql is not the one this database was made with .*put the file back/,
    );
  });

  it("are refused when one that is applied has another name", async () => {
    await run();
    await Deno.rename(join(directory, "0002_age.sql"), join(directory, "0002_years.sql"));
    await expect(run()).rejects.toThrow(/^Migration 0002_years.sql is not the one .*\(0002_age.sql\)/);
  });

  it("are refused when the database is newer than the program", async () => {
    await write({ "0003_later.sql": "select 1" });
    await run();
    await Deno.remove(join(directory, "0003_later.sql"));
    await expect(run()).rejects.toThrow(
      /^The database is newer than this program: it has migration 3 \(later\).*ends at 2/,
    );
  });

  it("are refused when a file is missing, doubled or misnamed, before anything is done", async () => {
    await write({ "0004_gap.sql": "select 1" });
    await expect(run()).rejects.toThrow("expected 0003_….sql, found 0004_gap.sql");
    await Deno.rename(join(directory, "0004_gap.sql"), join(directory, "0002_twice.sql"));
    await expect(run()).rejects.toThrow("expected 0003_….sql, found 0002_twice.sql");
    await Deno.rename(join(directory, "0002_twice.sql"), join(directory, "3-odd.sql"));
    await expect(run()).rejects.toThrow("found 3-odd.sql");
    expect(await sql`select to_regclass('schema_migrations') as done`).toEqual([{ done: null }]);
  });

  it("are refused when their table has a hole", async () => {
    await run();
    await sql`delete from schema_migrations where version = 1`;
    await expect(run()).rejects.toThrow("migration 2 (age) is applied, but not 1");
  });

  it("of this program apply to an empty database", async () => {
    const own = fileURLToPath(new URL("../../migrations", import.meta.url));
    await migrate(sql, { directory: own, log: (message) => said.push(message) });
    expect(said[0]).toBe("Migrated the database: 0001_init.sql");
    expect(await sql`select 1 from users`).toEqual([]);
  });
});
