// Backup and restore: the same rows elsewhere, a damaged or newer file refused, and nothing half done.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Writable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkBackup, loadBackup } from "../../server/cli/backup/read.ts";
import { writeWhole } from "../../server/cli/backup/file.ts";
import { writeBackup } from "../../server/cli/backup/write.ts";
import { checkSchema, restoreBackup } from "../../server/cli/restore.ts";
import { MIGRATIONS } from "../../server/places.ts";
import { TABLES } from "../../server/store/backup.ts";
import { openDatabase, type Sql } from "../../server/store/database.ts";
import { migrate, readMigrations } from "../../server/store/migrate.ts";
import { restoreRows } from "../../server/store/restore.ts";
import { createEmptyDatabase, createTestDatabase, databaseServers } from "../helpers/database.ts";
import { fillWithEverything } from "./everything.ts";

const migrations = await readMigrations(MIGRATIONS);
let folder: string;
beforeAll(async () => folder = await Deno.makeTempDir());
afterAll(() => Deno.remove(folder, { recursive: true }));

/** A digest of each table's rows; of the installation without its epoch, which a restore changes. */
async function digests(sql: Sql): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const table of TABLES) {
    const rows = await sql<{ row: string }[]>`
      select (to_jsonb(t) - 'epoch')::text as row from ${sql(table)} t order by 1`;
    found[table] = `${rows.length} ${createHash("sha256").update(rows.map(({ row }) => row).join("\n")).digest("hex")}`;
  }
  return found;
}

const epoch = async (sql: Sql) => (await sql<{ epoch: string }[]>`select epoch from installation`)[0]!.epoch;

/** A database with the schema or without anything, on one connection, as the command has it. */
async function openTarget(make: typeof createEmptyDatabase, server = databaseServers()[0]!) {
  const database = await make(server);
  await database.sql.end();
  const opened = await openDatabase({ databaseUrl: database.url, dataDir: "", log: () => {}, poolSize: 1 });
  return {
    sql: opened.sql,
    url: database.url,
    async close() {
      await opened.close();
      await database.close();
    },
  };
}

let files = 0;
async function backUp(sql: Sql): Promise<string> {
  const path = join(folder, `${files++}.tar.gz`);
  await writeWhole(path, (out) => writeBackup(sql, out));
  return path;
}

it("every table has its place in a backup, and there is no sequence that would need one", async () => {
  const database = await createTestDatabase();
  const names = (rows: { name: string }[]) => rows.map(({ name }) => name).sort();
  expect(names(await database.sql`select tablename as name from pg_tables where schemaname = current_schema()`))
    .toEqual([...TABLES].sort());
  expect(names(await database.sql`select sequencename as name from pg_sequences`)).toEqual([]);
  await database.close();
});

describe.each(databaseServers())("a backup from the %s server", (server) => {
  it.each(databaseServers())("gives the same rows, and another epoch, on the %s server", async (other) => {
    const source = await createTestDatabase(server);
    await fillWithEverything(source.sql);
    const path = await backUp(source.sql);
    expect((await Deno.stat(path)).mode! & 0o777).toBe(0o600);
    for (const make of [createEmptyDatabase, createTestDatabase]) {
      const target = await openTarget(make, other);
      await restoreBackup(target.sql, await checkBackup(path), migrations);
      await migrate(target.sql, { directory: MIGRATIONS, log: () => {} });
      expect(await digests(target.sql)).toEqual(await digests(source.sql));
      expect(await epoch(target.sql)).not.toBe(await epoch(source.sql));
      await target.close();
    }
    await source.close();
  });

  it("is of one moment, whatever is committed while it is read", async () => {
    const source = await createTestDatabase(server);
    await fillWithEverything(source.sql);
    const before = await digests(source.sql);
    let wrote = false;
    const path = join(folder, `${files++}.tar.gz`);
    await writeWhole(path, (out) =>
      writeBackup(source.sql, out, () => {
        // told of the first table: the others are still to be read
        if (!wrote) source.sql`delete from message_revisions`.then(() => {});
        wrote = true;
      }));
    const target = await openTarget(createEmptyDatabase);
    await restoreBackup(target.sql, await checkBackup(path), migrations);
    expect(await digests(target.sql)).toEqual(before);
    await target.close();
    await source.close();
  });

  it("that cannot be written leaves nothing behind, and the connections usable", async () => {
    const source = await createTestDatabase(server);
    await fillWithEverything(source.sql);
    await source.sql`insert into users (id, external_id, name)
      select gen_random_uuid(), 'many-' || n, repeat(md5(n::text), 2) from generate_series(1, 60000) n`;
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error("no space left")) });
    await expect(writeBackup(source.sql, full)).rejects.toThrow("no space left");
    const path = join(folder, "never.tar.gz");
    await expect(writeWhole(path, () => Promise.reject(new Error("stopped")))).rejects.toThrow("stopped");
    expect((await Array.fromAsync(Deno.readDir(folder))).filter(({ name }) => name.startsWith("never"))).toEqual([]);
    await Promise.all(Array.from({ length: 10 }, () => source.sql`select 1`));
    await source.close();
  });
});

describe("a file", () => {
  let path: string;
  let bytes: Uint8Array;
  let source: Awaited<ReturnType<typeof createTestDatabase>>;

  beforeAll(async () => {
    source = await createTestDatabase();
    await fillWithEverything(source.sql);
    path = await backUp(source.sql);
    bytes = await Deno.readFile(path);
  });
  afterAll(() => source.close());

  const check = async (changed: Uint8Array) => {
    const file = join(folder, "changed.tar.gz");
    await Deno.writeFile(file, changed);
    return await checkBackup(file);
  };

  it("with a flipped byte is refused, or the byte says nothing: what is in it is the same", async () => {
    const content = gunzipSync(bytes);
    let refused = 0;
    const step = Math.ceil(bytes.length / 400);
    for (let at = 10; at < bytes.length; at += step) {
      const changed = bytes.slice();
      changed[at]! ^= 1 << (at % 8);
      const wrong = await check(changed).then(() => null, (error: Error) => error.message);
      // a repetition can be packed in several ways
      if (wrong === null) expect(gunzipSync(changed).equals(content), `byte ${at} of ${bytes.length}`).toBe(true);
      else expect(wrong).toMatch(/is damaged/);
      if (wrong !== null) refused++;
    }
    expect(refused).toBeGreaterThan(0.95 * (bytes.length - 10) / step);
  }, 60_000);

  it("that was cut off is refused, wherever that is", async () => {
    for (let length = 0; length < bytes.length; length += Math.ceil(bytes.length / 100)) {
      await expect(check(bytes.subarray(0, length)), `${length} of ${bytes.length}`).rejects.toThrow(/is damaged/);
    }
    await expect(check(bytes.subarray(0, -1))).rejects.toThrow(/is damaged/);
  }, 60_000);

  it("that is none, or nowhere, is refused", async () => {
    await expect(check(new TextEncoder().encode("hello"))).rejects.toThrow(/damaged, or no backup/);
    await expect(checkBackup(join(folder, "nowhere"))).rejects.toThrow(/^Cannot read .*nowhere/);
    await expect(checkBackup(folder)).rejects.toThrow(/is not a file/);
  });

  it("of a newer format is refused", async () => {
    const tar = await packTar([{ header: { name: "chautari-backup.json", size: 12 }, body: `{"format":2}` }]);
    const gzipped = new Blob([tar]).stream().pipeThrough(new CompressionStream("gzip"));
    await expect(check(new Uint8Array(await new Response(gzipped).arrayBuffer())))
      .rejects.toThrow(/is of a newer release \(format 2; this program reads 1\)/);
  });

  it("of a newer schema, or of another one, is refused", async () => {
    const backup = await checkBackup(path);
    expect(() => checkSchema(backup, migrations)).not.toThrow();
    expect(() => checkSchema(backup, migrations.slice(0, 3))).toThrow(/newer release .*migration 4.*ends at 3/);
    expect(() => checkSchema(backup, migrations.map((one) => ({ ...one, checksum: "other" })))).toThrow(
      /another program/,
    );
  });

  it("does not replace one that is there", async () => {
    await expect(writeWhole(path, () => Promise.resolve())).rejects.toThrow(/is there already/);
  });

  it("is read by tar, with the digests that it names", async () => {
    const unpacked = await Deno.makeTempDir({ dir: folder });
    expect((await new Deno.Command("tar", { args: ["xzf", path, "-C", unpacked] }).output()).success).toBe(true);
    const manifest = JSON.parse(await Deno.readTextFile(join(unpacked, "manifest.json")));
    for (const { pieces } of manifest.tables) {
      for (const { name, sha256 } of pieces) {
        const content = await Deno.readFile(join(unpacked, name));
        expect(createHash("sha256").update(content).digest("hex"), name).toBe(sha256);
      }
    }
    expect(await Deno.readTextFile(join(unpacked, "tables/user_words/000001.copy"))).toMatch(/^ram\t[0-9a-f-]{36}$/m);
  });

  describe("is not restored", () => {
    let target: Awaited<ReturnType<typeof openTarget>>;
    beforeEach(async () => {
      target = await openTarget(createEmptyDatabase);
      return () => target.close();
    });
    const tables = async () => (await target.sql`select from pg_tables where schemaname = current_schema()`).length;

    it("over data", async () => {
      await migrate(target.sql, { directory: MIGRATIONS, log: () => {} });
      await target.sql`insert into users (id, external_id, name) values (gen_random_uuid(), 'one', 'One')`;
      await expect(restoreBackup(target.sql, await checkBackup(path), migrations))
        .rejects.toThrow(/There is data here already \(in the table users\). Restore into/);
    });

    it("among another program's tables", async () => {
      await target.sql`create table users (id integer)`;
      await expect(restoreBackup(target.sql, await checkBackup(path), migrations))
        .rejects.toThrow(/tables that are not Chautari's \(users\)/);
    });

    it("while a server is connected", async () => {
      const server = await openDatabase({ databaseUrl: target.url, dataDir: "", log: () => {} });
      await expect(restoreBackup(target.sql, await checkBackup(path), migrations)).rejects.toThrow(
        /A server is running/,
      );
      await server.close();
    });

    it("when it changes after it was checked", async () => {
      const backup = await checkBackup(path);
      const last = backup.manifest.tables.at(-1)!;
      last.pieces[0]!.sha256 = "0".repeat(64);
      await expect(restoreBackup(target.sql, backup, migrations)).rejects.toThrow(/has changed since it was checked/);
      expect(await tables()).toBe(0);
    });

    it("when a row is missing", async () => {
      const backup = await checkBackup(path);
      backup.manifest.tables.find(({ name }) => name === "messages")!.rows++;
      await expect(restoreBackup(target.sql, backup, migrations)).rejects.toThrow(/The table messages has/);
      expect(await tables()).toBe(0);
    });

    it("when PostgreSQL refuses a row, at once or at the end", async () => {
      const { head: { migrations: applied }, manifest: { tables: shapes } } = await checkBackup(path);
      const users = shapes.find(({ name }) => name === "users")!;
      const words = shapes.find(({ name }) => name === "user_words")!;
      const row = async function* (text: string) {
        yield new TextEncoder().encode(text);
      };
      const nobody = "word\t018d0000-0000-7000-8000-000000000000\n";
      for (const [shape, text] of [[users, "not a uuid\n"], [words, nobody]] as const) {
        await expect(restoreRows(target.sql, { applied, migrations, tables: [] }, (fill) => fill(shape, row(text))))
          .rejects.toThrow(new RegExp(`does not take the rows of ${shape.name}: `));
        expect(await tables()).toBe(0);
      }
    });
  });

  it("is read no further than its reader goes", async () => {
    const stop = () => Promise.reject(new Error("enough"));
    await expect(loadBackup(await checkBackup(path), stop)).rejects.toThrow("enough");
  });
});
