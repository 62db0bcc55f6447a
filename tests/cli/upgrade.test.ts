// A newer program on older data: a backup first, then the migrations; an older program on newer data: refused.
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkBackup } from "../../server/cli/backup/read.ts";
import { restoreBackup } from "../../server/cli/restore.ts";
import { upgradeDatabase } from "../../server/cli/upgrade.ts";
import { MIGRATIONS } from "../../server/places.ts";
import { openDatabase, type Sql } from "../../server/store/database.ts";
import { migrate, readMigrations } from "../../server/store/migrate.ts";
import { createEmptyDatabase, databaseServers } from "../helpers/database.ts";
import { fillWithEverything } from "./everything.ts";

const migrations = await readMigrations(MIGRATIONS);

describe.each(databaseServers())("an upgrade on the %s server", (server) => {
  let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
  let dataDir: string;
  let first: string;
  let said: string[];

  beforeEach(async () => {
    database = await createEmptyDatabase(server);
    dataDir = await Deno.makeTempDir();
    first = await Deno.makeTempDir();
    said = [];
    await copyFile(join(MIGRATIONS, migrations[0]!.file), join(first, migrations[0]!.file));
  });

  afterEach(async () => {
    await database.close();
    for (const folder of [dataDir, first]) await Deno.remove(folder, { recursive: true });
  });

  const upgrade = (directory = MIGRATIONS, now = () => new Date("2026-11-22T10:00:00.000Z")) =>
    upgradeDatabase(database.sql, { dataDir, directory, now, log: (line) => said.push(line) });
  const backups = async () => {
    const names = await Array.fromAsync(Deno.readDir(join(dataDir, "backups")), ({ name }) => name).catch(() => []);
    return names.sort();
  };
  const bodies = (sql: Sql) => sql`select seq, body, system, created_at from messages order by seq`;

  it("from the first schema keeps what was there, and a backup of how it was", async () => {
    await migrate(database.sql, { directory: first, log: () => {} });
    await fillWithEverything(database.sql);
    const before = await bodies(database.sql);
    await upgrade();
    expect(await bodies(database.sql)).toEqual(before);
    expect(await database.sql`select 1 from conversation_words limit 1`).toHaveLength(1);
    expect(await backups()).toEqual(["2026-11-22T100000.000Z-before-migration-2.tar.gz"]);
    expect(said[0]).toMatch(/^Backing up before the upgrade, to .*backups/);
    expect(said).toContain("Backing up: 100%");
    expect(said.at(-1)).toBe(`Migrated the database: ${migrations.at(-1)!.file}`);

    const backup = await checkBackup(join(dataDir, "backups", (await backups())[0]!));
    expect(backup.head.migrations).toHaveLength(1);
    const other = await createEmptyDatabase(server);
    await other.sql.end();
    const target = await openDatabase({ databaseUrl: other.url, dataDir: "", log: () => {}, poolSize: 1 });
    await restoreBackup(target.sql, backup, migrations);
    expect(await target.sql`select version from schema_migrations`).toEqual([{ version: 1 }]);
    await migrate(target.sql, { directory: MIGRATIONS, log: () => {} });
    expect(await bodies(target.sql)).toEqual(before);
    await target.close();
    await other.close();
  });

  it("of nothing needs no backup, nor does one that is done", async () => {
    await upgrade();
    await upgrade();
    expect(await backups()).toEqual([]);
  });

  it("keeps the last three of its backups, and what else lies there", async () => {
    await migrate(database.sql, { directory: first, log: () => {} });
    await Deno.mkdir(join(dataDir, "backups"));
    for (
      const name of ["mine.tar.gz", "2020-01-01.tar.gz", "2026-11-21T100000.000Z-before-migration-2.tar.gz.1.part"]
    ) {
      await Deno.writeTextFile(join(dataDir, "backups", name), "");
    }
    await Deno.writeTextFile(join(first, "0002_bad.sql"), "nonsense");
    for (const hour of [10, 11, 12, 13]) {
      const failing = upgrade(first, () => new Date(`2026-11-22T${hour}:00:00.000Z`));
      await expect(failing).rejects.toThrow("Migration 0002_bad.sql failed");
    }
    expect(await backups()).toEqual([
      "2020-01-01.tar.gz",
      "2026-11-22T110000.000Z-before-migration-2.tar.gz",
      "2026-11-22T120000.000Z-before-migration-2.tar.gz",
      "2026-11-22T130000.000Z-before-migration-2.tar.gz",
      "mine.tar.gz",
    ]);
  });

  it("that cannot be backed up is not done", async () => {
    await migrate(database.sql, { directory: first, log: () => {} });
    await Deno.writeTextFile(join(dataDir, "backups"), "a file where the folder should be");
    await expect(upgrade()).rejects.toThrow(/Cannot make .*backups/);
    expect(await database.sql`select version from schema_migrations`).toEqual([{ version: 1 }]);
  });

  it("has no way back: the older program refuses, and touches nothing", async () => {
    await upgrade();
    await expect(upgrade(first)).rejects.toThrow(/^The database is newer than this program: .*ends at 1/);
    expect(await database.sql`select 1 from conversation_words`).toEqual([]);
    expect(await backups()).toEqual([]);
  });
});
