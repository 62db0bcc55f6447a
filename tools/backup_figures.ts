// How long a backup and a restore take, and how much memory: `deno task backup:figures [--messages N] [--runs N]`.
import { parseArgs } from "node:util";
import { insertMessages, insertRows, sqlUuid, STORED_BODY } from "../bench/sides/fill.ts";
import { conversationId, userId } from "../bench/world.ts";
import { upgradeDatabase } from "../server/cli/upgrade.ts";
import { openDatabase } from "../server/store/database.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: { messages: { type: "string", default: "1000000" }, runs: { type: "string", default: "3" } },
});
const messages = Number(values.messages);
const ROOT = new URL("..", import.meta.url).pathname;
const PEOPLE = 10_000;
const ROOMS = 1_000;

const folder = await Deno.makeTempDir({ dir: "/var/tmp", prefix: "chautari-backup-figures-" });
try {
  await Deno.chmod(folder, 0o755);
  await make(`${folder}/empty`, 0);
  await make(`${folder}/full`, messages);
  const idle = await chautari("backup", `${folder}/empty.tar.gz`, `${folder}/empty`);
  const idleRestore = await chautari("restore", `${folder}/empty.tar.gz`, `${folder}/restored-empty`);
  for (let run = 1; run <= Number(values.runs); run++) {
    const file = `${folder}/full-${run}.tar.gz`;
    const backup = await chautari("backup", file, `${folder}/full`);
    const restore = await chautari("restore", file, `${folder}/restored-${run}`);
    const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
    console.log(
      `${messages} messages: backup ${backup.seconds.toFixed(1)} s, +${mib(backup.peak - idle.peak)} MiB; ` +
        `restore ${restore.seconds.toFixed(1)} s, +${mib(restore.peak - idleRestore.peak)} MiB; ` +
        `file ${mib((await Deno.stat(file)).size)} MiB`,
    );
    await Deno.remove(`${folder}/restored-${run}`, { recursive: true });
    await Deno.remove(file);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** A data directory as a server leaves it: with people, conversations, and so many messages. */
async function make(dataDir: string, count: number): Promise<void> {
  const database = await openDatabase({ databaseUrl: null, dataDir, log: () => {}, poolSize: 2 });
  const { sql } = database;
  await upgradeDatabase(sql, { dataDir, log: () => {} });
  await sql`alter database postgres set statement_timeout = 0`;
  if (count > 0) {
    await insertRows(sql, "users", PEOPLE, (n) => ({ id: userId(n), external_id: `person-${n}`, name: `Person ${n}` }));
    await insertRows(sql, "conversations", ROOMS, (n) => ({
      id: conversationId(n),
      kind: "group",
      title: `Room ${n}`,
      created_by: userId(n),
      participant_count: PEOPLE / ROOMS,
      last_seq: Math.ceil(count / ROOMS),
      last_version: Math.ceil(count / ROOMS),
    }));
    await insertRows(sql, "participants", PEOPLE, (n) => ({
      conversation_id: conversationId(n % ROOMS),
      user_id: userId(n),
    }));
    await insertMessages(sql, count, (first, last) =>
      sql.begin(async (tx) => {
        await tx`set local statement_timeout = 0`;
        await tx.unsafe(`
          insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body)
          select ${sqlUuid(2, `n % ${ROOMS}`)}, n / ${ROOMS} + 1, n / ${ROOMS} + 1, 'text',
            ${sqlUuid(1, `n % ${ROOMS}`)}, gen_random_uuid(), '${STORED_BODY} ' || n
          from generate_series(${first}, ${last}) as n`);
      }));
  }
  await database.close();
}

/** Runs one command of the program on its own. `peak`: its largest resident memory, in bytes (VmHWM of proc(5)). */
async function chautari(command: string, file: string, dataDir: string): Promise<{ seconds: number; peak: number }> {
  const begun = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "-P=server", "server/main.ts", command, file, "--data-dir", dataDir],
    cwd: ROOT,
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let peak = 0;
  const watch = setInterval(async () => {
    // it may have ended since
    const status = await Deno.readTextFile(`/proc/${child.pid}/status`).catch(() => "");
    const [, kib] = /VmHWM:\s*(\d+)/.exec(status) ?? [];
    if (kib !== undefined) peak = Math.max(peak, Number(kib) * 1024);
  }, 50);
  const { success, stderr } = await child.output();
  clearInterval(watch);
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
  return { seconds: (performance.now() - begun) / 1000, peak };
}
