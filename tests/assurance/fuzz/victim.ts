// Starts the server under fuzz, and asks it how it is.
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Health } from "./program.ts";

const PROGRAM = new URL("./program.ts", import.meta.url).pathname;
const ROOT = new URL("../../..", import.meta.url).pathname;
/** Event loop stalls beyond this are violations. */
const STALL_MAX_MS = 100;
const GROWTH_MAX_BYTES = 200 * 1024 * 1024;

export interface Victim extends AsyncDisposable {
  url: string;
  port: number;
  /** What is wrong with it by now: it ended, stalled, logged an error or grew. */
  wrongs(): Promise<string[]>;
}

/** Resolves when it takes requests. `settings` as in the environment. */
export async function startVictim(settings: Record<string, string>): Promise<Victim> {
  const dataDir = await Deno.makeTempDir({ prefix: "chautari-fuzz-" });
  // PostgreSQL runs as another user where this runs as root.
  await Deno.chmod(dataDir, 0o755);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", "--v8-flags=--expose-gc", PROGRAM, dataDir, JSON.stringify(settings)],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const words = new Response(child.stderr).text();
  const input = child.stdin.getWriter();
  // deno-lint-ignore no-explicit-any -- node's and the Web's types of the same stream differ
  const lines = createInterface({ input: Readable.fromWeb(child.stdout as any) })[Symbol.asyncIterator]();
  const read = async <Answer>(): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the server ended: ${await words}`);
    return JSON.parse(value);
  };
  const ask = async () => {
    await input.write(new TextEncoder().encode("how\n"));
    return await read<Health>();
  };
  const { port } = await read<{ port: number }>();
  /** Once it is warm: passwords alone are hashed in a quarter of a gigabyte. */
  let warm: number | null = null;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    async wrongs() {
      try {
        const { memory, longestStallMs, errors } = await ask();
        const wrongs = errors.map((line) => `logged: ${line}`);
        if (longestStallMs > STALL_MAX_MS) wrongs.push(`the event loop stood for ${Math.round(longestStallMs)} ms`);
        warm ??= memory;
        const grown = memory - warm;
        if (grown > GROWTH_MAX_BYTES) wrongs.push(`memory grew by ${Math.round(grown / 2 ** 20)} MiB`);
        return wrongs;
      } catch (error) {
        return [String(error)];
      }
    },
    async [Symbol.asyncDispose]() {
      await input.close().catch(() => {});
      await child.status;
      await Deno.remove(dataDir, { recursive: true });
    },
  };
}
