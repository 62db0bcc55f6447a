// What the one file weighs, how soon it serves, and how much memory it takes: medians and ranges of several runs.
import process from "node:process";
import { uuidv7 } from "../protocol/uuid.ts";
import { startProgram } from "../tests/helpers/program.ts";

const ROUNDS = 5;
/** After so long unused connections of the database's pool are closed (server/store/database.ts). */
const IDLE_MS = 75_000;

const executable = Deno.args[0] ?? "dist/chautari";
const built = { executable: await Deno.realPath(executable) };

interface Figures {
  firstRunMs: number;
  laterMessageMs: number;
  memoryMb?: number;
}

/** One life: a first run until it serves, then a later one until its first message is acknowledged. */
async function round(measuresMemory: boolean): Promise<Figures> {
  const directory = await Deno.makeTempDir({ prefix: "chautari-figures-" });
  await Deno.chmod(directory, 0o755);
  const settings = { DATA_DIR: `${directory}/data`, PORT: "0" };
  try {
    const first = await startProgram(settings, [], built);
    const firstRunMs = first.startMs;
    const cookie = await signUp(first.url, "sita");
    await signUp(first.url, "ram");
    const found = await (await fetch(`${first.url}/api/messages/search-users?q=ram`, { headers: { cookie } })).json();
    const { conversation } = await post(first.url, "/api/messages/conversations", cookie, {
      kind: "direct",
      to: { id: found.users[0].id },
    });
    await first.kill("SIGTERM");
    const begun = performance.now();
    const later = await startProgram(settings, [], built);
    const message = { clientId: uuidv7(), body: "the first of this run" };
    await post(later.url, `/api/messages/conversations/${conversation.id}/messages`, cookie, message);
    const laterMessageMs = performance.now() - begun;
    try {
      if (!measuresMemory) return { firstRunMs, laterMessageMs };
      await new Promise((idle) => setTimeout(idle, IDLE_MS));
      return { firstRunMs, laterMessageMs, memoryMb: await proportionalMb(later.pid) };
    } finally {
      await later.kill("SIGTERM");
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function signUp(url: string, username: string): Promise<string> {
  const body = JSON.stringify({ username, name: username, password: "a long password" });
  const headers = { "content-type": "application/json", origin: url };
  const response = await fetch(`${url}/api/accounts`, { method: "POST", headers, body });
  await response.body?.cancel();
  return response.headers.get("set-cookie")!.split(";")[0]!;
}

async function post(url: string, path: string, cookie: string, body: object) {
  const headers = { "content-type": "application/json", origin: url, cookie };
  const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

/** The proportional set size (proc(5)) of a process and all that it started, in megabytes. Linux only. */
async function proportionalMb(pid: number): Promise<number> {
  const rollup = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`);
  const children = (await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`)).split(" ").filter(Boolean);
  const tasks = await Array.fromAsync(Deno.readDir(`/proc/${pid}/task`), ({ name }) => name);
  for (const task of tasks.filter((name) => name !== String(pid))) {
    const text = await Deno.readTextFile(`/proc/${pid}/task/${task}/children`).catch(() => "");
    children.push(...text.split(" ").filter(Boolean));
  }
  const below = await Promise.all(children.map((child) => proportionalMb(Number(child))));
  return Number(/^Pss: +(\d+)/m.exec(rollup)![1]) / 1000 + below.reduce((sum, mb) => sum + mb, 0);
}

function summary(values: number[], unit: string): string {
  const sorted = values.toSorted((a, b) => a - b);
  const shown = (value: number) => value.toFixed(0);
  const middle = sorted[Math.floor(sorted.length / 2)]!;
  return `${shown(middle)} ${unit} (${shown(sorted[0]!)} to ${shown(sorted.at(-1)!)})`;
}

const figures: Figures[] = [];
for (let number = 1; number <= ROUNDS; number++) {
  figures.push(await round(process.platform === "linux" && number === 1));
}
console.log(`size                                      ${((await Deno.stat(executable)).size / 1e6).toFixed(1)} MB`);
console.log(`first run, nothing there, until it serves ${summary(figures.map((one) => one.firstRunMs), "ms")}`);
console.log(`later run, until the first message        ${summary(figures.map((one) => one.laterMessageMs), "ms")}`);
const memory = figures[0]!.memoryMb;
if (memory !== undefined) console.log(`idle, server and PostgreSQL (PSS)         ${memory.toFixed(0)} MB`);
