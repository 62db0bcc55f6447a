// An upgrade: a newer program on older data backs it up by itself, and then migrates.
import { join } from "node:path";
import { MIGRATIONS } from "../places.ts";
import type { Log, Sql } from "../store/database.ts";
import { migrate, pendingMigrations } from "../store/migrate.ts";
import { StartError } from "../store/start_error.ts";
import { clearUnfinished, writeWhole } from "./backup/file.ts";
import { inTenths } from "./backup/progress.ts";
import { writeBackup } from "./backup/write.ts";

const KEPT = 3;
/** Named by the time first, so that they sort by it; whatever else lies there is the owner's. */
const OURS = /^\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z-before-migration-\d+\.tar\.gz$/;

export interface Upgrade {
  dataDir: string;
  log: Log;
  /** This program's own where left out. */
  directory?: string;
  now?: () => Date;
}

/**
 * Brings the schema up to this program's. Where there is data already and something to migrate, a backup into
 * `dataDir`/backups comes first, of which the last three are kept.
 * Throws StartError when that cannot be written, and as `migrate` does; then the data is as it was.
 */
export async function upgradeDatabase(sql: Sql, upgrade: Upgrade): Promise<void> {
  const { dataDir, log, directory = MIGRATIONS, now = () => new Date() } = upgrade;
  const { applied, pending } = await pendingMigrations(sql, directory);
  if (applied > 0 && pending.length > 0) {
    const folder = join(dataDir, "backups");
    const name = `${now().toISOString().replaceAll(":", "")}-before-migration-${applied + 1}.tar.gz`;
    log(`Backing up before the upgrade, to ${join(folder, name)}`);
    await Deno.mkdir(folder, { recursive: true, mode: 0o700 }).catch(({ message }: Error) => {
      throw new StartError(
        `Cannot make ${folder} for the backup before the upgrade: ${message}. Name a DATA_DIR to write in`,
      );
    });
    await clearUnfinished(folder);
    await writeWhole(join(folder, name), (out) => writeBackup(sql, out, inTenths("Backing up", (line) => log(line))));
    await keepLast(folder);
  }
  await migrate(sql, { directory, log });
}

async function keepLast(folder: string): Promise<void> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).filter((name) => OURS.test(name));
  for (const name of names.sort().slice(0, -KEPT)) await Deno.remove(join(folder, name));
}
