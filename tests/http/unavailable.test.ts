// REST while PostgreSQL is away: everything says so as retryable, and works again once it is back, without a restart.
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { uuidv7 } from "../../protocol/uuid.ts";
import { openDatabase } from "../../server/store/database.ts";
import { chooseAccount, giveTo } from "../../server/store/embedded/account.ts";
import { findBinaries } from "../../server/store/embedded/binaries.ts";
import { CLUSTER_DATABASE, CLUSTER_USER, ensureCluster, SETTINGS } from "../../server/store/embedded/cluster.ts";
import { type Postmaster, startPostmaster } from "../../server/store/embedded/postmaster.ts";
import { migrate } from "../../server/store/migrate.ts";
import { Caller, createPerson, createTestServer, expectProblem, type TestServer } from "../helpers/server.ts";
import { connect, say } from "../helpers/talk.ts";

const MIGRATIONS = new URL("../../migrations", import.meta.url).pathname;

let server: TestServer;
let postmaster: Postmaster;
let start: () => Promise<Postmaster>;
const open = new AsyncDisposableStack();
beforeAll(async () => {
  // named as the shared servers are, whose set-up sweeps what a killed run has left
  const directory = await Deno.makeTempDir({ prefix: `chautari-test-${Deno.pid}-` });
  open.defer(() => Deno.remove(directory, { recursive: true }));
  await Deno.chmod(directory, 0o755);
  const binaries = await findBinaries();
  const cluster = join(directory, "cluster");
  const account = await chooseAccount(cluster, [dirname(binaries.postgres), directory]);
  await ensureCluster({ binaries, account, directory: cluster, log: () => {} });
  await giveTo(account, directory);
  const port = freePort();
  const settings = { ...SETTINGS, listen_addresses: "127.0.0.1", port: String(port), fsync: "off" };
  start = () => startPostmaster({ binaries, account, cluster, socketDirectory: directory, settings, onLine: () => {} });
  postmaster = await start();
  open.defer(() => postmaster.stop());
  const url = `postgres://${CLUSTER_USER}@127.0.0.1:${port}/${CLUSTER_DATABASE}`;
  const { sql, close } = await openDatabase({ databaseUrl: url, dataDir: "", log: () => {} });
  open.defer(close);
  await migrate(sql, { directory: MIGRATIONS, log: () => {} });
  server = await createTestServer({ database: { sql, url, close } });
  open.defer(() => server.close());
}, 60_000);
afterAll(() => open.disposeAsync());

it(
  "[S7] says unavailable while PostgreSQL is stopped, and goes on when it is back: what was sent again is there once",
  async () => {
    const [sita, ram] = [await createPerson(server, "Sita"), await createPerson(server, "Ram")];
    const { id } = await sita.open(ram);
    const messages = `/api/messages/conversations/${id}/messages`;
    const unsure = { clientId: uuidv7(), body: "while it was away" };
    await sita.send(id, "before");
    const ears = await connect(server, ram);

    await postmaster.stop();
    for (
      const answer of [
        await sita.post(messages, unsure),
        await sita.get(messages),
        await sita.get("/api/me"),
        await ram.get("/api/messages/conversations"),
        await ram.patch("/api/me", { name: "Ram Rai" }),
        await new Caller(server).post("/api/sessions", { username: "sita", password: "a long password" }),
      ]
    ) {
      expectProblem(answer, 503, "unavailable");
      expect(answer.body).toMatchObject({ retryable: true, status: 503 });
      expect(JSON.stringify(answer.body)).not.toMatch(/ECONN|postgres|127\.0\.0\.1|\.ts/i);
    }

    postmaster = await start();
    const sent = await sita.post(messages, unsure);
    expect([sent.status, sent.body.message.seq]).toEqual([201, 2]);
    await ears.message("while it was away");
    const page = await ram.get(messages);
    expect(page.body.messages.map((one: { body: string }) => one.body)).toEqual(["before", "while it was away"]);
    await say(await connect(server, sita), id, "and sockets as well");
    await ears.message("and sockets as well");
  },
  60_000,
);

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
