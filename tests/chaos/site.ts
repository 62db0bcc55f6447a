// The real program with its own PostgreSQL, in the service of a made-up site whose tokens people come with; it can be killed.
import { SignJWT } from "jose";
import { type Program, startProgram } from "../helpers/program.ts";

const SECRET = "a secret of the made-up site, 32 bytes";
const ISSUER = "site";
const AUDIENCE = "chautari";
const START_TRIES = 5;
const ASK_TRIES = 100;
const ASK_AGAIN_MS = 50;

export interface Visitor {
  userId: string;
  name: string;
  token: string;
}

export interface SiteOptions {
  /** An empty folder of the caller's own, who removes it; else one is made, and removed at the end. */
  directory?: string;
  /** Beside the site's own settings. */
  settings?: Record<string, string>;
}

export class Site {
  readonly url: string;
  /** Starts that failed, by what the program said: there should be none, however it was killed. */
  readonly failedStarts: string[] = [];
  /** Requests that were refused for the moment, by the code of the refusal. */
  readonly retried = new Map<string, number>();
  readonly #directory: string;
  readonly #options: SiteOptions;
  #program: Program;

  private constructor(directory: string, options: SiteOptions, program: Program) {
    this.#directory = directory;
    this.#options = options;
    this.#program = program;
    this.url = program.url;
  }

  /** Starts on a data directory of its own, with an empty database. */
  static async start(options: SiteOptions = {}): Promise<Site> {
    const directory = options.directory ?? await Deno.makeTempDir({ prefix: "chautari-chaos-" });
    const program = await startProgram({ ...settings(directory, "0"), ...options.settings });
    return new Site(directory, options, program);
  }

  get dataDir(): string {
    return `${this.#directory}/data`;
  }

  get pid(): number {
    return this.#program.pid;
  }

  get output(): string[] {
    return this.#program.output;
  }

  /** What the program logged as an error after so many lines of output: nothing that a peer does is one. */
  errorsSince(lines: number): string[] {
    return this.output.slice(lines).filter((line) => / error |Uncaught|panicked/.test(line));
  }

  /** Ends the server as a crash does: nothing it started is told. */
  async killServer(): Promise<void> {
    await this.#program.kill("SIGKILL");
  }

  /** Ends PostgreSQL's postmaster alone; its other processes find out by themselves. */
  async killPostgres(): Promise<void> {
    Deno.kill(await this.#postmasterPid(), "SIGKILL");
  }

  async killBoth(): Promise<void> {
    const postmaster = await this.#postmasterPid();
    const ended = this.#program.kill("SIGKILL");
    Deno.kill(postmaster, "SIGKILL");
    await ended;
  }

  /** Starts the program again where it was, on the same data. */
  async startAgain(): Promise<void> {
    for (let tries = 1;; tries++) {
      try {
        this.#program = await startProgram({
          ...settings(this.#directory, new URL(this.url).port),
          ...this.#options.settings,
        });
        return;
      } catch (error) {
        this.failedStarts.push((error as Error).message);
        if (tries === START_TRIES) throw error;
      }
    }
  }

  /** Asks the program to stop in good order; resolves to the milliseconds until it has ended, PostgreSQL with it. */
  async drain(): Promise<{ ms: number; status: Deno.CommandStatus }> {
    const begun = performance.now();
    const status = await this.#program.kill("SIGTERM");
    return { ms: performance.now() - begun, status };
  }

  /** Stops the program in good order and removes its data. */
  async stop(): Promise<void> {
    await this.drain();
    if (this.#options.directory === undefined) await Deno.remove(this.#directory, { recursive: true });
  }

  /** Somebody whom the site sends: known to the program from now on. */
  async visitor(name: string): Promise<Visitor> {
    const token = await new SignJWT({ sub: name, name }).setProtectedHeader({ alg: "HS256" })
      .setIssuer(ISSUER).setAudience(AUDIENCE).setExpirationTime("6h").sign(new TextEncoder().encode(SECRET));
    const { me } = await this.request(token, "GET", "/api/me");
    return { userId: me.id, name, token };
  }

  async createDirect(creator: Visitor, other: Visitor): Promise<string> {
    return await this.#create(creator, { kind: "direct", to: { id: other.userId } });
  }

  async createGroup(creator: Visitor, title: string, others: Visitor[]): Promise<string> {
    return await this.#create(creator, {
      kind: "group",
      title,
      participants: others.map(({ userId: id }) => ({ id })),
    });
  }

  async #create(creator: Visitor, wanted: object): Promise<string> {
    const made = await this.request(creator.token, "POST", "/api/messages/conversations", wanted);
    return made.conversation.id;
  }

  /** Asks over REST, again where the answer says that this may help; throws when it is not a success in the end. */
  // deno-lint-ignore no-explicit-any -- a JSON document
  async request(token: string, method: string, path: string, body?: object): Promise<any> {
    for (let tries = 1;; tries++) {
      const response = await this.ask(token, method, path, body);
      const answer = await response.json();
      if (response.ok) return answer;
      if (!answer.retryable || tries === ASK_TRIES) {
        throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
      }
      this.retried.set(answer.code, (this.retried.get(answer.code) ?? 0) + 1);
      await new Promise((again) => setTimeout(again, ASK_AGAIN_MS));
    }
  }

  ask(token: string, method: string, path: string, body?: object): Promise<Response> {
    const headers = { authorization: `Bearer ${token}`, ...(body && { "content-type": "application/json" }) };
    return fetch(`${this.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  }

  async #postmasterPid(): Promise<number> {
    const text = await Deno.readTextFile(`${this.#directory}/data/postgres/postmaster.pid`);
    return Number(text.split("\n")[0]);
  }
}

function settings(directory: string, port: string): Record<string, string> {
  return {
    DATA_DIR: `${directory}/data`,
    PORT: port,
    JWT_SECRET: SECRET,
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    LOG_LEVEL: "info",
  };
}
