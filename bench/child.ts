// A child process that says lines of JSON, takes lines, and ends when its input is closed.
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { interruption } from "./interruption.ts";

/** A child that does not end by itself is killed after this. */
const PATIENCE_MS = 30_000;

/** Ten thousand sockets are as many open files: the limit is raised as far as the system lets it. */
const SHELL = ["-c", 'ulimit -n "$(ulimit -Hn)"; exec "$@"', "sh"];

export interface ChildOptions {
  /** For messages to a person. */
  name: string;
  command: string[];
  cwd?: string;
  env?: Record<string, string>;
  /** It holds nothing, so it may be killed at Ctrl-C and when it does not end by itself. */
  expendable?: boolean;
}

export class Child implements AsyncDisposable {
  readonly #options: ChildOptions;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;
  readonly #kill = () => this.kill();

  constructor(options: ChildOptions) {
    interruption.throwIfAborted();
    const { command, cwd, env } = options;
    this.#options = options;
    this.#process = new Deno.Command("sh", {
      args: [...SHELL, ...command],
      stdin: "piped",
      stdout: "piped",
      ...(cwd !== undefined && { cwd }),
      ...(env !== undefined && { env }),
    }).spawn();
    this.#input = this.#process.stdin.getWriter();
    // deno-lint-ignore no-explicit-any -- node's and the Web's types of the same stream differ
    const lines = createInterface({ input: Readable.fromWeb(this.#process.stdout as any) });
    this.#lines = lines[Symbol.asyncIterator]();
    if (options.expendable) interruption.addEventListener("abort", this.#kill);
  }

  /** The next line that it says. Rejects when it ends instead. */
  async read<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    interruption.throwIfAborted();
    if (done) throw new Error(`${this.#options.name} ended with code ${(await this.#process.status).code}`);
    return JSON.parse(value);
  }

  async write(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** At once, by SIGKILL. */
  kill(): void {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
  }

  /** Asks it to end, and makes it end. */
  async [Symbol.asyncDispose](): Promise<void> {
    interruption.removeEventListener("abort", this.#kill);
    await this.#input.close().catch(() => {});
    const timer = setTimeout(() => {
      console.error(`${this.#options.name} does not end: it is killed`);
      this.kill();
    }, PATIENCE_MS);
    await this.#process.status;
    clearTimeout(timer);
  }
}
