// The one file: built as `deno task compile` builds it, then run as people run it, killed, and run again.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uuidv7 } from "../../protocol/uuid.ts";
import { type Built, type Program, startProgram } from "../helpers/program.ts";

const BUILD_MS = 240_000;
const RUN_MS = 120_000;
const SIZE_MAX = 160e6;

/** As root PostgreSQL runs as another user, and everybody else runs it themselves: both, where we may be both. */
const USERS: [string, number | null][] = Deno.uid() === 0
  ? [["root", 0], ["an ordinary user", 65534]]
  : [["this user", null]];

let directory: string;
let executable: string;
let readOnly: string;

beforeAll(async () => {
  directory = await Deno.makeTempDir({ prefix: "chautari-binary-" });
  await Deno.chmod(directory, 0o755);
  readOnly = `${directory}/a folder for कुरा`;
  await Deno.mkdir(readOnly);
  executable = `${readOnly}/chautari`;
  const args = ["run", "-A", "tools/compile.ts", "--output", executable];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  const said = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  expect(success, said).toBe(true);
  await Deno.chmod(readOnly, 0o555);
}, BUILD_MS);

afterAll(async () => {
  await Deno.chmod(readOnly, 0o755);
  await Deno.remove(directory, { recursive: true });
});

function as(uid: number | null): Built {
  const user = uid === null ? {} : { uid, gid: uid };
  return { executable, options: { cwd: readOnly, clearEnv: true, ...user } };
}

async function place(name: string, uid: number | null): Promise<string> {
  const path = `${directory}/${name}`;
  await Deno.mkdir(path);
  if (uid !== null) await Deno.chown(path, uid, uid);
  return `${path}/डाटा`;
}

async function command({ options }: Built, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(executable, { ...options, args }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

async function post(program: Program, path: string, body: object, cookie = ""): Promise<Response> {
  return await fetch(`${program.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: program.url, cookie },
    body: JSON.stringify(body),
  });
}

describe.each(USERS)("the one file, run by %s", (_, uid) => {
  it("needs nothing but itself: sign up, send, kill -9, start, read", async () => {
    const built = as(uid);
    const dataDir = await place(`life of ${uid}`, uid);
    const settings = { DATA_DIR: dataDir, PORT: "0" };
    let program = await startProgram(settings, [], built);
    try {
      // the page is built in too
      expect((await fetch(`${program.url}/en/messages`)).status).toBe(200);
      const person = { username: "sita", password: "a long password", name: "Sita" };
      const signedUp = await post(program, "/api/accounts", person);
      expect(signedUp.status).toBe(201);
      await signedUp.body?.cancel();
      const cookie = signedUp.headers.get("set-cookie")!.split(";")[0]!;

      const before = await postmaster(dataDir);
      const beside = await command(built, "user", "add", "ram", "--data-dir", dataDir);
      expect(beside, beside.err).toMatchObject({
        code: 0,
        out: expect.stringContaining("Made the account ram (member)"),
      });
      expect(await postmaster(dataDir), "the same PostgreSQL").toBe(before);

      const found = await fetch(`${program.url}/api/messages/search-users?q=ram`, { headers: { cookie } });
      const to = { id: (await found.json()).users[0].id };
      const opened = await post(program, "/api/messages/conversations", { kind: "direct", to }, cookie);
      const { conversation } = await opened.json();
      const messages = `/api/messages/conversations/${conversation.id}/messages`;
      const sent = await post(program, messages, { clientId: uuidv7(), body: "still here" }, cookie);
      expect(sent.status).toBe(201);
      await sent.body?.cancel();

      expect(program.output.map((line) => line.replaceAll(program.url, "URL"))).toEqual([
        "Chautari is at URL/en/messages",
        `  Data: ${dataDir}`,
        "  The first account made there owns this installation.",
      ]);
      await program.kill("SIGKILL");
      program = await startProgram(settings, [], built);
      const read = await fetch(`${program.url}${messages}?after=0`, { headers: { cookie } });
      expect((await read.json()).messages.map((message: { body: string }) => message.body)).toEqual(["still here"]);
    } finally {
      await program.kill("SIGTERM");
    }
    const alone = await command(built, "user", "list", "--data-dir", dataDir);
    expect(alone.out.split("\n").map((line) => line.split("\t").slice(0, 3))).toEqual([
      ["WHO", "NAME", "ROLE"],
      ["sita", "Sita", "owner"],
      ["ram", "ram", "member"],
      [""],
    ]);
    expect(await postmaster(dataDir), "PostgreSQL was stopped again").toBeNull();
  }, RUN_MS);
});

it("unpacks again what somebody damaged, and removes what another release left", async () => {
  const [, uid] = USERS[0]!;
  const dataDir = await place("damage", uid);
  const run = () => command(as(uid), "migrate", "--data-dir", dataDir);
  expect(await run()).toMatchObject({ code: 0, err: "" });
  const [unpacked] = await Array.fromAsync(Deno.readDir(`${dataDir}/cache`), ({ name }) => `${dataDir}/cache/${name}`);
  await Deno.truncate(`${unpacked}/bin/postgres`, 1000);
  await Deno.mkdir(`${dataDir}/cache/postgres-17.1-of-another-release/bin`, { recursive: true });
  await Deno.mkdir(`${unpacked}.making-killed`);
  expect(await run()).toMatchObject({ code: 0, err: "" });
  const left = await Array.fromAsync(Deno.readDir(`${dataDir}/cache`), ({ name }) => `${dataDir}/cache/${name}`);
  expect(left).toEqual([unpacked]);
}, RUN_MS);

it("runs from a folder that is closed to everybody else, with its data there, as it may lie in /root", async () => {
  const [, uid] = USERS[0]!;
  const closed = `${directory}/closed`;
  await Deno.mkdir(closed, { mode: 0o700 });
  await Deno.link(executable, `${closed}/chautari`);
  const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" };
  const options = { ...as(uid).options, cwd: closed, env, args: ["migrate"] };
  const { code, stderr } = await new Deno.Command(`${closed}/chautari`, options).output();
  expect([code, new TextDecoder().decode(stderr)]).toEqual([0, ""]);
  expect(await Array.fromAsync(Deno.readDir(`${closed}/data/cache`))).toHaveLength(1);
}, RUN_MS);

it("carries only what is needed, and says how it is used", async () => {
  expect((await Deno.stat(executable)).size).toBeLessThan(SIZE_MAX);
  const help = await command(as(USERS[0]![1]), "--help");
  expect(help.code).toBe(0);
  for (const name of ["serve", "user", "invite", "token", "backup", "restore", "migrate", "doctor", "version"]) {
    expect(help.out).toMatch(new RegExp(`^  ${name} `, "m"));
  }
  const misuse = await command(as(USERS[0]![1]), "srve");
  expect(misuse).toMatchObject({
    code: 2,
    err: expect.stringContaining(`"srve" is not a command; did you mean serve?`),
  });
}, RUN_MS);

/** The process id in `postmaster.pid`, or null. Read as whoever the tests run as, which is root or the owner. */
async function postmaster(dataDir: string): Promise<string | null> {
  const text = await Deno.readTextFile(`${dataDir}/postgres/postmaster.pid`).catch(() => null);
  return text?.split("\n")[0] ?? null;
}
