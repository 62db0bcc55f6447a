// The built-in PostgreSQL: its first start and its next ones, its one owner, and every way in which it can be killed.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Database, openDatabase } from "../../server/store/database.ts";
import { chooseAccount, runAs } from "../../server/store/embedded/account.ts";
import { completeLinks, findBinaries } from "../../server/store/embedded/binaries.ts";
import { openLogFile } from "../../server/store/embedded/log_file.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROCESS = join(ROOT, "tests/helpers/database_process.ts");
const ORDINARY_USER = 65534;

let cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of cleanup.reverse()) await step();
  cleanup = [];
});

async function temporaryDirectory(mode = 0o755): Promise<string> {
  const directory = await Deno.makeTempDir();
  cleanup.push(() => Deno.remove(directory, { recursive: true }));
  await Deno.chmod(directory, mode);
  return directory;
}

/** Opens a data directory here; `said` gives what the database told the log, `untilSaid` waits for it. */
async function open(dataDir: string): Promise<Database & { untilSaid(words: string): Promise<void> }> {
  const said = new EventTarget();
  const database = await openDatabase({
    databaseUrl: null,
    dataDir,
    log: (message) => said.dispatchEvent(new Event(message)),
  });
  cleanup.push(database.close);
  const untilSaid = (words: string) =>
    new Promise<void>((resolve) => said.addEventListener(words, () => resolve(), { once: true }));
  return { ...database, untilSaid };
}

async function inOrder(dataDir: string, work: (database: Database) => Promise<unknown>): Promise<void> {
  const database = await openDatabase({ databaseUrl: null, dataDir, log: () => {} });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

async function childrenOf(parent: number): Promise<number[]> {
  return (await Deno.readTextFile(`/proc/${parent}/task/${parent}/children`)).trim().split(" ").map(Number);
}

/** Lets a stopped process go on, if it is still there. */
function release(pid: number): void {
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // it has gone
  }
}

type Server = { process: Deno.ChildProcess; postgres: number };

/** Starts a server process on a data directory, with the permissions it has in life, and waits until it is ready. */
async function startServer(dataDir: string, ...before: string[]): Promise<Server> {
  const process = spawnServer(dataDir, before);
  const { value = "" } = await process.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
  const [, postgres] = value.match(/^ready (\d+)/) ?? [];
  if (postgres === undefined) throw new Error(await new Response(process.stderr).text());
  cleanup.push(() => end(process));
  return { process, postgres: Number(postgres) };
}

function spawnServer(dataDir: string, before: string[] = []): Deno.ChildProcess {
  const [program, ...args] = [
    ...before,
    Deno.execPath(),
    ...["run", "--quiet", "--config", join(ROOT, "deno.json"), "--node-modules-dir=manual", "--no-lock", "-P=server"],
    ...[PROCESS, dataDir],
  ];
  return new Deno.Command(program!, { args, stdin: "piped", stdout: "piped", stderr: "piped", cwd: "/" }).spawn();
}

/** Ends a server process as its owner would; fine when it has ended already. */
async function end(process: Deno.ChildProcess): Promise<void> {
  await process.stdin.close().catch(() => {});
  await process.status;
}

async function kill(process: Deno.ChildProcess): Promise<void> {
  process.kill("SIGKILL");
  await process.status;
}

/** A process that has ended but that nobody has asked about (init of some containers never does) is not alive. */
function alive(pid: number): boolean {
  const { code, stdout } = new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)] }).outputSync();
  return code === 0 && !new TextDecoder().decode(stdout).startsWith("Z");
}

const write = (dataDir: string) =>
  inOrder(dataDir, async ({ sql }) => {
    await sql`create table kept (word text)`;
    await sql`insert into kept values ('यहाँ')`;
  });

/** A data directory that `write` has written to: a copy, since making one takes a second. */
async function writtenDirectory(): Promise<string> {
  const dataDir = join(await temporaryDirectory(), "data");
  await new Deno.Command("cp", { args: ["-a", original, dataDir] }).output();
  return dataDir;
}

let original: string;
beforeAll(async () => {
  original = await Deno.makeTempDir();
  await Deno.chmod(original, 0o755);
  await write(original);
});
afterAll(() => Deno.remove(original, { recursive: true }));

const read = async ({ sql }: Database) => (await sql`select word from kept`).map(({ word }) => word);

describe("the built-in PostgreSQL", () => {
  it("is made at the first start and keeps what it was given", async () => {
    const dataDir = join(await temporaryDirectory(), "not", "yet", "there");
    await write(dataDir);
    const database = await open(dataDir);
    expect(await read(database)).toEqual(["यहाँ"]);
    expect(database.kind).toBe("embedded");
  });

  it("is a real PostgreSQL 18, durable, on a socket alone, sorting alike everywhere", async () => {
    const { sql } = await open(await writtenDirectory());
    const names = ["fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "server_encoding"];
    const rows = await sql`select name, setting from pg_settings where name = any (${names})`;
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: "on",
      synchronous_commit: "on",
      full_page_writes: "on",
      listen_addresses: "",
      server_encoding: "UTF8",
    });
    const [database] = await sql`
      select current_setting('server_version_num')::int / 10000 as version, datlocprovider as provider, datlocale as locale
      from pg_database where datname = current_database()`;
    expect(database).toEqual({ version: 18, provider: "b", locale: "C.UTF-8" });
  });

  it("lets nobody else at its files and its socket", async () => {
    const dataDir = await writtenDirectory();
    await open(dataDir);
    const mode = async (name: string) => (await Deno.stat(join(dataDir, name))).mode! & 0o777;
    expect([await mode("postgres"), await mode("run"), await mode("postgres.log")]).toEqual([0o700, 0o700, 0o600]);
  });

  it("stops with the server, and leaves the directory to the next one", async () => {
    const dataDir = await writtenDirectory();
    const { process, postgres } = await startServer(dataDir);
    await end(process);
    expect(alive(postgres)).toBe(false);
    await open(dataDir);
  });

  it("refuses a second server on its data directory, naming the directory and the process", async () => {
    const dataDir = await writtenDirectory();
    const { process } = await startServer(dataDir);
    await expect(open(dataDir)).rejects.toThrow(
      `Another server (process ${process.pid}) is running on the data directory ${dataDir}`,
    );
  });

  it("listens under /tmp when the data directory's path is too long for a socket, and tidies up", async () => {
    const sockets = () => [...Deno.readDirSync("/tmp")].filter(({ name }) => name.startsWith("chautari-socket-"));
    const before = sockets().length;
    const dataDir = join(await temporaryDirectory(), "सन्देश".repeat(6));
    await write(dataDir);
    expect(sockets().length).toBe(before);
    const { process } = await startServer(dataDir);
    await kill(process);
    await inOrder(dataDir, async (database) => expect(await read(database)).toEqual(["यहाँ"]));
    expect(sockets().length).toBe(before);
  });
});

describe("after a kill", () => {
  it("of the server alone, the next start stops the PostgreSQL that lives on and has all that was committed", async () => {
    const dataDir = await writtenDirectory();
    const { process, postgres } = await startServer(dataDir);
    await kill(process);
    expect(alive(postgres)).toBe(true);
    expect(await read(await open(dataDir))).toEqual(["यहाँ"]);
    expect(alive(postgres)).toBe(false);
  });

  it("of everything, the next start recovers", async () => {
    const dataDir = await writtenDirectory();
    const { process: server, postgres } = await startServer(dataDir);
    await kill(server);
    process.kill(postgres, "SIGKILL");
    expect(await read(await open(dataDir))).toEqual(["यहाँ"]);
  });

  it("of everything, the next start recovers though another process has the old number by now", async () => {
    const dataDir = await writtenDirectory();
    const { process: server, postgres } = await startServer(dataDir);
    await kill(server);
    process.kill(postgres, "SIGKILL");
    const account = await chooseAccount(join(dataDir, "postgres"), []);
    const bystander = runAs(account, "/bin/sleep", ["600"]).spawn();
    cleanup.push(async () => {
      bystander.kill("SIGKILL");
      await bystander.stderr.cancel();
      await bystander.status;
    });
    for (const file of ["postgres/postmaster.pid", "run/.s.PGSQL.5432.lock"]) {
      const text = await Deno.readTextFile(join(dataDir, file));
      await Deno.writeTextFile(join(dataDir, file), text.replace(String(postgres), String(bystander.pid)));
    }
    expect(await read(await open(dataDir))).toEqual(["यहाँ"]);
    expect(alive(bystander.pid)).toBe(true);
  });

  it("of everything but a part of PostgreSQL, the next start waits until that has gone", async () => {
    const dataDir = await writtenDirectory();
    const { process: server, postgres } = await startServer(dataDir);
    const parts = await childrenOf(postgres);
    for (const pid of parts) process.kill(pid, "SIGSTOP");
    cleanup.push(() => parts.forEach(release));
    await kill(server);
    process.kill(postgres, "SIGKILL");
    const opened = open(dataDir);
    const log = join(dataDir, "postgres.log");
    await expect.poll(() => Deno.readTextFile(log)).toContain("pre-existing shared memory block");
    parts.forEach(release);
    expect(await read(await opened)).toEqual(["यहाँ"]);
  });

  it("of PostgreSQL alone, it is started again and the same pool goes on", async () => {
    const dataDir = await writtenDirectory();
    const database = await open(dataDir);
    for (const _ of [1, 2]) {
      const [pid] = (await Deno.readTextFile(join(dataDir, "postgres/postmaster.pid"))).split("\n");
      const again = database.untilSaid("PostgreSQL is running again");
      process.kill(Number(pid), "SIGKILL");
      await again;
      // a connection of before may still be found dead once
      await database.sql`select 1`.catch(() => {});
      expect(await read(database)).toEqual(["यहाँ"]);
    }
  });

  it("in the middle of the first start, the next one begins anew", async () => {
    const dataDir = await temporaryDirectory();
    const server = spawnServer(dataDir);
    const made = Deno.watchFs(dataDir);
    for await (const { paths } of made) {
      if (paths.some((path) => path.includes("postgres.making"))) break;
    }
    await kill(server);
    await Promise.all([server.stdout.cancel(), server.stderr.cancel(), server.stdin.abort()]);
    expect([...Deno.readDirSync(dataDir)].map(({ name }) => name)).not.toContain("postgres");
    await write(dataDir);
    expect([...Deno.readDirSync(dataDir)].filter(({ name }) => name.startsWith("postgres.making"))).toEqual([]);
    await inOrder(dataDir, async (database) => expect(await read(database)).toEqual(["यहाँ"]));
  });
});

describe("a data directory that cannot be used is refused:", () => {
  it("a file", async () => {
    const path = join(await temporaryDirectory(), "file");
    await Deno.writeTextFile(path, "");
    await expect(open(path)).rejects.toThrow(`Cannot keep data in ${path}: `);
  });

  it("one of another PostgreSQL", async () => {
    const dataDir = await temporaryDirectory();
    await Deno.mkdir(join(dataDir, "postgres"));
    await Deno.writeTextFile(join(dataDir, "postgres/PG_VERSION"), "17\n");
    if (Deno.uid() === 0) await Deno.chown(join(dataDir, "postgres"), ORDINARY_USER, ORDINARY_USER);
    await expect(open(dataDir)).rejects.toThrow(/are of PostgreSQL 17, and this program brings 18: start the release/);
  });

  it("one whose PostgreSQL folder holds something else", async () => {
    const dataDir = await temporaryDirectory();
    await Deno.mkdir(join(dataDir, "postgres"));
    await Deno.writeTextFile(join(dataDir, "postgres/letters.txt"), "");
    if (Deno.uid() === 0) await Deno.chown(join(dataDir, "postgres"), ORDINARY_USER, ORDINARY_USER);
    await expect(open(dataDir)).rejects.toThrow(/exists but holds no PostgreSQL data: move it away/);
  });
});

// Who the server runs as decides how PostgreSQL runs. An ordinary user has only the tests above; root can be both.
if (Deno.uid() === 0) {
  describe("started by root", () => {
    it("runs PostgreSQL as another user, the owner of its files from then on", async () => {
      const dataDir = await writtenDirectory();
      const { uid, gid } = await Deno.stat(join(dataDir, "postgres"));
      expect(uid).toBe(ORDINARY_USER);
      expect(await chooseAccount(join(dataDir, "postgres"), [dataDir])).toEqual({ uid, gid, crossing: false });
    });

    it("runs it as whoever owns a cluster that is there, unless that is root", async () => {
      const cluster = await temporaryDirectory();
      await Deno.chown(cluster, 1234, 1235);
      expect(await chooseAccount(cluster, [])).toEqual({ uid: 1234, gid: 1235, crossing: false });
      await Deno.chown(cluster, 0, 0);
      await expect(chooseAccount(cluster, [])).rejects.toThrow(`its files in ${cluster} belong to root`);
    });

    it("keeps data in a folder that is closed to that user", async () => {
      const dataDir = join(await temporaryDirectory(0o700), "data");
      await write(dataDir);
      await inOrder(dataDir, async (database) => expect(await read(database)).toEqual(["यहाँ"]));
    });

    it("says which folder is closed where it may not open the way", async () => {
      const closed = await temporaryDirectory(0o700);
      const dataDir = join(closed, "data");
      const bounded = ["setpriv", "--bounding-set=-dac_read_search", "--inh-caps=-dac_read_search"];
      await expect(startServer(dataDir, ...bounded)).rejects.toThrow(
        `cannot pass through ${closed} to ${dataDir}: move that to another place, or run chmod o+x ${closed}`,
      );
    });
  });

  describe("started by an ordinary user", () => {
    // the one capability stands for what a user has of a checkout of their own: it can be read
    const asUser = (home: string) => [
      ...["setpriv", `--reuid=${ORDINARY_USER}`, `--regid=${ORDINARY_USER}`, "--clear-groups"],
      ...["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"],
      ...["env", `DENO_DIR=${join(home, "deno")}`],
    ];

    async function homeOfUser(): Promise<string> {
      const home = await temporaryDirectory();
      await Deno.chown(home, ORDINARY_USER, ORDINARY_USER);
      return home;
    }

    it("runs PostgreSQL as that user, and starts again after a kill", async () => {
      const home = await homeOfUser();
      const dataDir = join(home, "data");
      const { process, postgres } = await startServer(dataDir, ...asUser(home));
      expect((await Deno.stat(join(dataDir, "postgres"))).uid).toBe(ORDINARY_USER);
      await kill(process);
      const next = await startServer(dataDir, ...asUser(home));
      expect(alive(postgres)).toBe(false);
      await end(next.process);
      expect(alive(next.postgres)).toBe(false);
    });

    it("says whose a data directory is that belongs to someone else", async () => {
      const home = await homeOfUser();
      const dataDir = join(home, "data");
      await Deno.mkdir(dataDir);
      await expect(startServer(dataDir, ...asUser(home))).rejects.toThrow(
        new RegExp(`^Cannot keep data in ${dataDir}: .*Permission denied.*as the user who owns that folder`),
      );
    });
  });
}

describe("the npm package of PostgreSQL", () => {
  it("gets its library links, also from two processes at once, and once", async () => {
    const root = await temporaryDirectory();
    await Deno.mkdir(join(root, "native/lib"), { recursive: true });
    await Deno.writeTextFile(join(root, "native/lib/libx.so.6.18"), "x");
    await Deno.writeTextFile(
      join(root, "native/pg-symlinks.json"),
      JSON.stringify(["so", "so.6"].map((end) => ({
        source: "native/lib/libx.so.6.18",
        target: `native/lib/libx.${end}`,
      }))),
    );
    await Promise.all([completeLinks(root), completeLinks(root)]);
    await completeLinks(root);
    expect(await Deno.readLink(join(root, "native/lib/libx.so.6"))).toBe("libx.so.6.18");
    expect(await Deno.readTextFile(join(root, "native/lib/libx.so"))).toBe("x");
  });

  it("says what is missing when a link cannot be made", async () => {
    const root = await temporaryDirectory();
    await Deno.mkdir(join(root, "native"));
    await Deno.writeTextFile(
      join(root, "native/pg-symlinks.json"),
      JSON.stringify([{ source: "native/lib/libx.so.6", target: "native/lib/libx.so" }]),
    );
    await expect(completeLinks(root)).rejects.toThrow(
      `The built-in PostgreSQL lacks ${join(root, "native/lib/libx.so")}, and it cannot be made`,
    );
  });

  it("has programs that run", async () => {
    const { postgres } = await findBinaries();
    const account = await chooseAccount("/nowhere", [dirname(postgres)]);
    expect((await runAs(account, postgres, ["--version"]).output()).success).toBe(true);
  });
});

describe("PostgreSQL's log", () => {
  it("puts a full file aside and keeps one such", async () => {
    const path = join(await temporaryDirectory(), "postgres.log");
    const lines = ["one", "two", "three", "four", "five"];
    for (const line of lines) {
      const file = openLogFile(path, 10);
      file.write(line);
      file.close();
    }
    expect(await Deno.readTextFile(path)).toBe("four\nfive\n");
    expect(await Deno.readTextFile(`${path}.1`)).toBe("three\n");
  });
});
