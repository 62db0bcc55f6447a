// The server and Vite together: the page reloads when the client changes, the server starts again when its sources do.
import { resolve } from "node:path";
import { createServer } from "vite";

const WATCHED = ["server", "protocol", "migrations"];
const STOP_MS = 15_000;

const port = freePort();
const vite = await createServer({
  server: { proxy: { "/api": { target: `http://127.0.0.1:${port}`, ws: true } } },
  clearScreen: false,
  logLevel: "warn",
});
await vite.listen();

let child = start();
// Not `deno run --watch`: it restarts without letting the server stop, and the PostgreSQL inside would live on.
let changed = false;
let ending = false;
let restarting: Promise<void> | null = null;
vite.watcher.add(WATCHED.map((folder) => resolve(folder)));
vite.watcher.on("all", (event, path) => {
  if (event === "addDir" || !WATCHED.some((folder) => path.startsWith(resolve(folder) + "/"))) return;
  changed = true;
  restarting ??= restart().finally(() => restarting = null);
});
for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, end);

console.log("Starting the server…");
if (await answers(child)) {
  const page = new URL("en/messages", vite.resolvedUrls?.local[0]);
  console.log(`Open ${page} (it reloads itself; the address above serves the built page)`);
}

function start(): Deno.ChildProcess {
  const args = ["run", "--quiet", "-P=server", "server/main.ts", ...Deno.args, `--port=${port}`, "--host=127.0.0.1"];
  return new Deno.Command(Deno.execPath(), { args, stdin: "null" }).spawn();
}

/** SIGTERM, and SIGKILL for a server that does not heed it. */
async function stop(): Promise<void> {
  const send = (signal: Deno.Signal) => {
    try {
      child.kill(signal);
    } catch {
      // It has ended already.
    }
  };
  send("SIGTERM");
  const timer = setTimeout(() => send("SIGKILL"), STOP_MS);
  await child.status;
  clearTimeout(timer);
}

/** Again for what changes while it starts. */
async function restart(): Promise<void> {
  while (changed && !ending) {
    console.log("Starting the server again…");
    await stop();
    if (ending) return;
    changed = false;
    child = start();
    await answers(child);
  }
}

async function end(): Promise<void> {
  ending = true;
  await Promise.all([stop(), vite.close()]);
  Deno.exit(0);
}

/** Waits until the server takes connections; false when it ended instead. */
async function answers(server: Deno.ChildProcess): Promise<boolean> {
  let ended = false;
  server.status.then(() => ended = true);
  while (!ended) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return true;
    } catch {
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  return false;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
