// `chautari doctor`: its checks on real databases, ports and folders, its exit codes, and `chautari health`.
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { runCommand } from "../../server/cli/command.ts";
import { doctorCommand } from "../../server/cli/doctor.ts";
import { checkCertificate } from "../../server/cli/doctor/certificate.ts";
import { checkDataDirectory } from "../../server/cli/doctor/data_directory.ts";
import { factFindings } from "../../server/cli/doctor/database.ts";
import { openFilesFinding } from "../../server/cli/doctor/open_files.ts";
import { checkPort } from "../../server/cli/doctor/port.ts";
import { healthCommand } from "../../server/cli/health.ts";
import { readConfig } from "../../server/config.ts";
import type { DatabaseFacts } from "../../server/store/diagnosis.ts";
import { createEmptyDatabase, createTestDatabase } from "../helpers/database.ts";
import { startProgram } from "../helpers/program.ts";
import { createTestServer } from "../helpers/server.ts";

const CERTIFICATES = new URL("certificates/", import.meta.url).pathname;

const open = new AsyncDisposableStack();
afterEach(() => vi.restoreAllMocks());
afterAll(() => open.disposeAsync());

async function folder(): Promise<string> {
  const path = await Deno.makeTempDir({ prefix: "chautari-doctor-" });
  open.defer(() => Deno.remove(path, { recursive: true }));
  return path;
}

/** What a command says, and its exit code. */
async function say(name: string, command: typeof doctorCommand, args: string[]) {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line) => void lines.push(line));
  vi.spyOn(console, "error").mockImplementation((line) => void lines.push(line));
  const code = await runCommand(name, command, args);
  return { code, text: lines.join("\n") };
}

const doctor = (...args: string[]) => say("doctor", doctorCommand, args);
const levels = (findings: { level: string }[]) => findings.map(({ level }) => level);

describe("the doctor", () => {
  it(
    "finds nothing wrong before the first start, beside a running server, and after it stopped",
    { timeout: 60_000 },
    async () => {
      const dataDir = `${await folder()}/data`;
      const before = await doctor("--data-dir", dataDir, "--port", "0");
      expect(before).toEqual({ code: 0, text: expect.stringContaining("the first start makes it") });
      const program = await startProgram({ DATA_DIR: dataDir, PORT: "0" });
      const port = new URL(program.url).port;
      try {
        const beside = await doctor("--data-dir", dataDir, "--port", port);
        expect(beside.text).toMatch(/^ok {7}PostgreSQL 18\.\d+ \(the one inside\), UTF8/m);
        expect(beside.text).toContain(`answers at http://127.0.0.1:${port}`);
        expect(beside.text).toMatch(/0 problems$/);
        expect(beside.code).toBe(0);
      } finally {
        await program.kill("SIGTERM");
      }
      const after = await doctor("--data-dir", dataDir, "--port", port);
      expect(after.text).toContain(`Port ${port} of 127.0.0.1 is free`);
      expect(after.text).toContain("The schema is this program's");
      expect(after.code).toBe(0);
    },
  );

  it("says that a database which a power cut destroys is a problem, with what to do, and exits with 1", async () => {
    const database = await createTestDatabase(); // the tests' servers run with fsync off
    try {
      const { code, text } = await doctor("--database-url", database.url, "--data-dir", await folder(), "--port", "0");
      expect(text).toMatch(/^problem {2}PostgreSQL runs with fsync off: .*\n {9}→ alter system set fsync = on;/m);
      expect(code).toBe(1);
    } finally {
      await database.close();
    }
  });

  it("says what migrations an empty database, and one behind, will get", async () => {
    const empty = await createEmptyDatabase();
    const behind = await createTestDatabase();
    try {
      expect((await doctor("--database-url", empty.url)).text).toContain("The database is empty");
      await behind.sql`delete from schema_migrations where version = (select max(version) from schema_migrations)`;
      expect((await doctor("--database-url", behind.url)).text).toMatch(
        /^warning {2}1 migrations? .*: \d{4}_\w+\.sql$/m,
      );
      await behind.sql`insert into schema_migrations values (999, 'later', 'x', now())`;
      expect((await doctor("--database-url", behind.url)).text).toMatch(/^problem {2}The database /m);
    } finally {
      await empty.close();
      await behind.close();
    }
  });

  it("says that a database cannot be reached, without its password", async () => {
    const { code, text } = await doctor("--database-url", "postgres://me:geheim@127.0.0.1:1/none");
    expect(text).toMatch(/^problem {2}Cannot use the database of DATABASE_URL \(me@127\.0\.0\.1:1\/none\)/m);
    expect(text).not.toContain("geheim");
    expect(code).toBe(1);
  });

  it.each([
    [["--urk", "x"], "--urk is not known here; did you mean --url?"],
    [["--url", "ftp://x"], '--url: "ftp://x" is given; expected the public address'],
    [["--token", "x"], "--token: there is nothing to check it against; give JWT_SECRET or JWT_JWKS_URL"],
    [["--port", "x"], 'PORT: "x" is given'],
    [["now"], '"now" is not expected here'],
  ])("exits with 2 for %j", async (args, words) => {
    const { code, text } = await doctor(...args);
    expect(text).toContain(words);
    expect(code).toBe(2);
  });
});

describe("what PostgreSQL's facts mean", () => {
  const good: DatabaseFacts = {
    version: 140005,
    encoding: "UTF8",
    fsync: "on",
    fullPageWrites: "on",
    synchronousCommit: "on",
    standby: false,
    mayCreate: true,
    connectionsMax: 100,
    connectionsUsed: 3,
    bytes: 1e9,
    clockAheadMs: 20,
  };

  it("nothing to mend where all is well", () => {
    const findings = factFindings(good, "external");
    expect(new Set(levels(findings))).toEqual(new Set(["ok"]));
    expect(findings[0]!.what).toContain("PostgreSQL 14.5 (that of DATABASE_URL)");
  });

  it.each<[Partial<DatabaseFacts>, string, RegExp]>([
    [{ fsync: "off" }, "problem", /fsync off/],
    [{ fullPageWrites: "off" }, "problem", /full_page_writes off/],
    [{ synchronousCommit: "off" }, "problem", /acknowledged/],
    [{ standby: true }, "problem", /takes no writes/],
    [{ mayCreate: false }, "problem", /may not make tables/],
    [{ connectionsUsed: 90 }, "warning", /90 of PostgreSQL's 100/],
    [{ clockAheadMs: 90_000 }, "warning", /90 s ahead of/],
    [{ clockAheadMs: -6_000 }, "warning", /6 s behind/],
  ])("%j", (change, level, what) => {
    const found = factFindings({ ...good, ...change }, "external").filter((finding) => finding.level !== "ok");
    expect(found).toEqual([{ level, what: expect.stringMatching(what), remedy: expect.any(String) }]);
  });
});

describe("the data directory", () => {
  it("is looked at where it will be made", async () => {
    expect(levels(await checkDataDirectory(`${await folder()}/a/b`, 0))[0]).toBe("ok");
    expect((await checkDataDirectory("/proc/chautari", 0))[0]!.what).toContain("cannot be made in /proc");
  });

  it("must be a folder, closed to others, with room", async () => {
    const path = await folder();
    await Deno.writeTextFile(`${path}/file`, "");
    expect((await checkDataDirectory(`${path}/file`, 0))[0]!.what).toContain("is not a folder");
    await Deno.chmod(path, 0o755);
    expect((await checkDataDirectory(path, 0))[0]).toMatchObject({ level: "warning", remedy: `chmod o-rw ${path}` });
    await Deno.chmod(path, 0o711);
    expect((await checkDataDirectory(path, 0))[0]!.level).toBe("ok");
    expect((await checkDataDirectory(path, 1e18))[1]).toMatchObject({ level: "problem" });
    expect(await Array.fromAsync(Deno.readDir(path))).toHaveLength(1);
  });
});

describe("the port", () => {
  it("may be held by Chautari and by nobody else", async () => {
    using other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const closing = (async () => {
      for await (const connection of other) connection.close();
    })();
    const taken = readConfig({ PORT: String(other.addr.port) }, []);
    expect(levels(await checkPort(taken))).toEqual(["problem"]);
    expect(levels(await checkPort({ ...taken, portGiven: false }))).toEqual(["warning"]);
    other.close();
    await closing;
    const server = await createTestServer();
    try {
      const [found] = await checkPort(readConfig({ PORT: String(server.port) }, []));
      expect(found).toEqual({ level: "ok", what: expect.stringMatching(/^Chautari \d.* answers at/) });
    } finally {
      await server.close();
    }
  });

  it("is not to be open to other machines without TLS", async () => {
    const found = (environment: Record<string, string>) => checkPort(readConfig({ PORT: "0", ...environment }, []));
    expect(levels(await found({ HOST: "0.0.0.0" }))).toEqual(["ok", "warning"]);
    expect(levels(await found({ HOST: "0.0.0.0", TRUST_PROXY: "1" }))).toEqual(["ok"]);
    expect((await found({ HOST: "203.0.113.1" }))[0]!.remedy).toContain("this machine does not have that address");
  });
});

describe("the rest", () => {
  it("few open files are a warning", () => {
    expect(openFilesFinding(1024)).toMatchObject({
      level: "warning",
      what: expect.stringContaining("524 connections"),
    });
    expect(levels([openFilesFinding(65_536), openFilesFinding(null)])).toEqual(["ok", "ok"]);
  });

  it("a certificate must be readable, go with its key, and not be about to end", async () => {
    const level = async (cert: string, key: string, now = Date.now()) => {
      const files = { cert: `${CERTIFICATES}${cert}.cert.pem`, key: `${CERTIFICATES}${key}.key.pem` };
      return levels(await checkCertificate(files, now));
    };
    expect(await level("none", "none")).toEqual(["problem"]);
    expect(await level("first", "second")).toEqual(["problem"]);
    expect(await level("first", "first")).toEqual(["ok"]);
    const end = Date.parse("2126-10-29T21:42:27Z");
    expect(await level("first", "first", end - 86_400_000)).toEqual(["warning"]);
    expect(await level("first", "first", end + 86_400_000)).toEqual(["problem"]);
  });
});

describe("chautari health", () => {
  it("asks a server that speaks https as well, whatever name its certificate has", async () => {
    const files = ["--tls-cert", `${CERTIFICATES}first.cert.pem`, "--tls-key", `${CERTIFICATES}first.key.pem`];
    const server = await createTestServer({ environment: { TLS_CERT: files[1]!, TLS_KEY: files[3]! } });
    try {
      const answer = await say("health", healthCommand, ["--port", String(server.port), ...files]);
      expect(answer).toEqual({ code: 0, text: '{"alive":true}' });
    } finally {
      await server.close();
    }
  });

  it("says how the server of the same settings is", async () => {
    const server = await createTestServer();
    const port = String(server.port);
    const health = (...args: string[]) => say("health", healthCommand, args);
    try {
      expect(await health("--port", port)).toEqual({ code: 0, text: '{"alive":true}' });
      expect(await health("--port", port, "--host", "0.0.0.0", "--ready")).toEqual({ code: 0, text: '{"ready":true}' });
    } finally {
      await server.close();
    }
    const gone = await health("--port", port);
    expect(gone).toEqual({ code: 1, text: expect.stringContaining(`No server answers at http://127.0.0.1:${port}`) });
    expect((await health("--redy")).code).toBe(2);
  });
});
