// The real program as its own process, started as `deno task start` starts it, and killed as bad luck would.
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

const ROOT = new URL("../..", import.meta.url).pathname;

export interface Program {
  url: string;
  pid: number;
  /** From the start of the process until it says where it is. */
  startMs: number;
  output: string[];
  kill(signal: Deno.Signal): Promise<Deno.CommandStatus>;
}

/** What to start instead of the checkout's program. */
export interface Built {
  executable: string;
  options?: Pick<Deno.CommandOptions, "cwd" | "uid" | "gid" | "clearEnv">;
}

/** Starts `chautari` with settings; resolves when it has said where it is and where its data is, rejects when it ends before. */
export async function startProgram(
  settings: Record<string, string>,
  command: string[] = [],
  built?: Built,
): Promise<Program> {
  const begun = performance.now();
  const source = ["run", "--quiet", "--no-prompt", "-P=server", "server/main.ts"];
  const child = new Deno.Command(built?.executable ?? Deno.execPath(), {
    args: [...(built ? [] : source), ...command],
    cwd: ROOT,
    ...built?.options,
    env: settings,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output: string[] = [];
  const address = Promise.withResolvers<string>();
  const read = async (stream: ReadableStream<Uint8Array>) => {
    // deno-lint-ignore no-explicit-any -- node's and the Web's types of the same stream differ
    for await (const line of createInterface({ input: Readable.fromWeb(stream as any) })) {
      output.push(line);
      const url = /\bis at (http:\/\/[^/\s]+)/.exec(output.join("\n"))?.[1];
      if (url && /^\s*Data: /.test(line)) address.resolve(url);
    }
  };
  const ended = Promise.all([read(child.stdout), read(child.stderr), child.status]);
  ended.then(() => address.reject(new Error(`the program ended:\n${output.join("\n")}`)));
  const url = await address.promise;
  return {
    url,
    pid: child.pid,
    startMs: performance.now() - begun,
    output,
    async kill(signal) {
      child.kill(signal);
      return (await ended)[2];
    },
  };
}
