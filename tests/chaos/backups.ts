// Backups under load: each, restored elsewhere, holds all that was acknowledged before it began, and is of one moment.
import { createHash } from "node:crypto";
import { openDatabase, type Sql } from "../../server/store/database.ts";
import { ChaosClient, type Sent } from "./client.ts";
import { Changes } from "./changes.ts";
import { Random } from "./random.ts";
import { Site } from "./site.ts";
import { pause } from "./waiting.ts";

const CLIENTS = 8;
const GROUPS = 3;
const WINDOW = 8;
const WRITE_EVERY_MS = 20;
const PATIENCE_MS = 30_000;
const ROOT = new URL("../..", import.meta.url).pathname;

export interface BackupVerdict {
  rounds: number;
  /** Messages that had been acknowledged before a backup began, added up over the rounds. */
  compared: number;
  /** All that were sent. */
  sent: number;
  faults: string[];
}

/** Writes without a pause while it backs up, restores and compares, so many times. */
export async function runBackupRounds(
  { rounds, seed, progress = () => {} }: { rounds: number; seed: number; progress?: (line: string) => void },
): Promise<BackupVerdict> {
  await using open = new AsyncDisposableStack();
  const random = new Random(seed);
  const site = await Site.start();
  open.defer(() => site.stop());
  const folder = await Deno.makeTempDir({ prefix: "chautari-backups-" });
  open.defer(() => Deno.remove(folder, { recursive: true }));
  await Deno.chmod(folder, 0o755);

  const faults: string[] = [];
  const changes = new Changes();
  const visitors = await Promise.all(Array.from({ length: CLIENTS }, (_, n) => site.visitor(`client-${n + 1}`)));
  const groups: string[] = [];
  for (let n = 0; n < GROUPS; n++) groups.push(await site.createGroup(visitors[0]!, `Group ${n}`, visitors.slice(1)));
  const clients = visitors.map((visitor) =>
    new ChaosClient({
      url: site.url,
      visitor,
      conversationIds: groups,
      window: WINDOW,
      onChange: changes.changed,
      onRefusal: (what) => faults.push(`refused: ${what}`),
    })
  );
  const running = clients.map((client) => client.run());
  const sent: Sent[] = [];
  const writing = setInterval(() => {
    for (const client of clients) {
      if (client.waiting.length < 2 * WINDOW) {
        sent.push(client.write(random.pick(groups), `नमस्ते\\ \t ${random.between(0, 9)}`));
      }
    }
  }, WRITE_EVERY_MS);
  open.defer(async () => {
    clearInterval(writing);
    for (const client of clients) client.stop();
    await Promise.all(running);
  });

  let compared = 0;
  for (let round = 1; round <= rounds && faults.length === 0; round++) {
    const next = sent.length;
    if (!await changes.until(() => (sent[next]?.acknowledged ?? null) !== null, PATIENCE_MS)) {
      faults.push("nobody could write");
      break;
    }
    await pause(random.between(0, 100));
    const acknowledged = sent.filter((one) => one.acknowledged !== null);
    const file = `${folder}/${round}.tar.gz`;
    const elsewhere = `${folder}/${round}`;
    await chautari("backup", file, site.dataDir);
    await chautari("restore", file, elsewhere);
    const database = await openDatabase({ databaseUrl: null, dataDir: elsewhere, log: () => {}, poolSize: 2 });
    faults.push(...await compare(database.sql, acknowledged));
    await database.close();
    await Deno.remove(elsewhere, { recursive: true });
    await Deno.remove(file);
    compared += acknowledged.length;
    progress(`round ${round}: ${acknowledged.length} acknowledged before, all there: ${faults.length === 0}`);
  }
  return { rounds, compared, sent: sent.length, faults };
}

export function digestOf(rows: { conversationId: string; seq: number; clientId: string; body: string }[]): string {
  const lines = rows.map(({ conversationId, seq, clientId, body }) =>
    JSON.stringify([conversationId, seq, clientId, body])
  );
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex");
}

async function compare(sql: Sql, acknowledged: Sent[]): Promise<string[]> {
  const faults: string[] = [];
  const stored = await sql<{ conversationId: string; seq: number; clientId: string; body: string }[]>`
    select conversation_id as "conversationId", seq, client_id as "clientId", body from messages where kind = 'text'`;
  const wanted = new Set(acknowledged.map(({ clientId }) => clientId));
  const expected = acknowledged.map(({ conversationId, clientId, body, acknowledged }) => ({
    conversationId,
    seq: acknowledged!.seq,
    clientId,
    body,
  }));
  if (digestOf(stored.filter(({ clientId }) => wanted.has(clientId))) !== digestOf(expected)) {
    faults.push(`of ${expected.length} acknowledged messages not all are there as they were`);
  }
  const torn = await sql`
    select c.id from conversations c left join messages m on m.conversation_id = c.id
    group by c.id having c.last_seq <> count(m.seq) or c.last_seq <> coalesce(max(m.seq), 0)`;
  if (torn.length > 0) faults.push(`${torn.length} conversations are not of one moment`);
  return faults;
}

/** Runs a command of the program as its owner would. */
async function chautari(command: string, file: string, dataDir: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "-P=server", "server/main.ts", command, file, "--data-dir", dataDir],
    cwd: ROOT,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`${command} failed: ${new TextDecoder().decode(stderr)}`);
}
