// The pool above an external server: what types come out, which limits hold, and which servers are refused, in what words.

import { afterEach, describe, expect, inject, it } from "vitest";
import { type Database, openDatabase, serverProblem } from "../../server/store/database.ts";
import { createEmptyDatabase, createTestDatabase, databaseServers } from "../helpers/database.ts";

const open = (databaseUrl: string) => openDatabase({ databaseUrl, dataDir: "", log: () => {}, poolSize: 2 });

describe.each(databaseServers())("a database on the %s server", (server) => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  async function database(): Promise<Database> {
    const fresh = await createEmptyDatabase(server);
    const database = await open(fresh.url);
    opened.push(database, fresh);
    return database;
  }

  it("gives bigint and numeric as numbers, timestamps as Date", async () => {
    const { sql, kind } = await database();
    const [row] = await sql`
      select 9007199254740991 as seq, array[1, 2]::bigint[] as seqs, 12.50::numeric(14, 2) as price,
        timestamptz '2026-11-22 10:00:00.123Z' as at`;
    expect(row).toEqual({
      seq: Number.MAX_SAFE_INTEGER,
      seqs: [1, 2],
      price: 12.5,
      at: new Date("2026-11-22T10:00:00.123Z"),
    });
    expect(kind).toBe("external");
  });

  it("takes numbers, arrays and dates as they are", async () => {
    const { sql } = await database();
    const at = new Date("2026-11-22T10:00:00.123Z");
    const [row] = await sql`select ${Number.MAX_SAFE_INTEGER}::bigint as seq, ${[1, 2]}::bigint[] as seqs,
      ${0.1}::numeric as price, ${at}::timestamptz as at, ${null}::text as nothing`;
    expect(row).toEqual({ seq: Number.MAX_SAFE_INTEGER, seqs: [1, 2], price: 0.1, at, nothing: null });
  });

  it("rejects a bigint that a number cannot hold, and goes on", async () => {
    const { sql } = await database();
    await expect(sql`select 9007199254740993 as seq from generate_series(1, 3)`).rejects.toThrow("9007199254740993");
    expect((await sql`select 1::bigint as seq`)[0]!.seq).toBe(1);
    expect((await sql`select 2::bigint as seq`)[0]!.seq).toBe(2);
  });

  it("bounds a statement to 10 s, a wait for a lock to 5 s, an idle transaction to 15 s", async () => {
    const { sql } = await database();
    const names = ["application_name", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];
    const rows = await sql`select name, current_setting(name) as value from unnest(${names}::text[]) as name`;
    expect(Object.fromEntries(rows.map(({ name, value }) => [name, value]))).toEqual({
      application_name: "chautari",
      statement_timeout: "10s",
      lock_timeout: "5s",
      idle_in_transaction_session_timeout: "15s",
    });
  });

  it("sorts text by code point, whatever the server's own locale", async () => {
    const { sql } = await database();
    const words = await sql`select word from unnest(${["b", "ख", "A", "a", "क"]}::text[]) as word order by word`;
    expect(words.map(({ word }) => word)).toEqual(["A", "a", "b", "क", "ख"]);
  });

  it("refuses a database that is not UTF8, naming what to do", async () => {
    const { sql, close, url } = await createEmptyDatabase(server);
    const name = `latin_${crypto.randomUUID().replaceAll("-", "")}`;
    await sql.unsafe(`create database ${name} encoding 'LATIN1' locale 'C' template template0`);
    try {
      await expect(open(url.replace(/[^/]+$/, name))).rejects.toThrow(/LATIN1: expected UTF8.*create database/);
    } finally {
      await sql.unsafe(`drop database ${name} with (force)`);
      await close();
    }
  });

  it("says which database there is not", async () => {
    const address = inject("databaseServers")[server]!.replace("@", ":sesame@");
    const error: Error = await open(`${address}/nothing_here`).then(() => expect.unreachable(), (error) => error);
    expect(error.message).toMatch(/^Cannot use the database of DATABASE_URL \(.*\/nothing_here\): .*does not exist$/);
    expect(error.message + error.stack).not.toContain("sesame");
  });
});

it("says in one line that a server cannot be reached, without the password", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const error: Error = await open(`postgres://ram:sesame@127.0.0.1:${port}/chat`)
    .then(() => expect.unreachable(), (error) => error);
  expect(error.name).toBe("StartError");
  expect(error.message).toMatch(
    new RegExp(`^Cannot use the database of DATABASE_URL \\(ram@127.0.0.1:${port}/chat\\): .*ECONNREFUSED.*$`),
  );
  expect(error.message + error.stack).not.toContain("sesame");
});

it.each([
  [{ version: 130_022, encoding: "UTF8" }, "is on PostgreSQL 13: expected 14 or later"],
  [{ version: 90_624, encoding: "UTF8" }, "is on PostgreSQL 9: expected 14 or later"],
  [{ version: 140_000, encoding: "SQL_ASCII" }, "has the encoding SQL_ASCII: expected UTF8"],
])("finds the problem of %o", (server, problem) => {
  expect(serverProblem(server)).toContain(problem);
});

it("takes PostgreSQL 14 to 18", () => {
  for (const version of [140_000, 180_004]) expect(serverProblem({ version, encoding: "UTF8" })).toBeNull();
});

describe.each(databaseServers())("the databases of tests on the %s server", (server) => {
  it("have the schema, no rows, and nothing of each other", async () => {
    const [one, other] = await Promise.all([createTestDatabase(server), createTestDatabase(server)]);
    await one.sql`insert into installation (epoch, token_secret) values (gen_random_uuid(), ${new Uint8Array(32)})`;
    expect((await one.sql`select 1 from installation`).length).toBe(1);
    expect((await other.sql`select 1 from installation`).length).toBe(0);
    await Promise.all([one.close(), other.close()]);
  });
});
