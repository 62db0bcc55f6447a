// The real program with its own PostgreSQL, in the service of a made-up site whose tokens people come with; it can be killed.
import { decodeJwt, SignJWT } from "jose";
import { type Program, startProgram } from "../helpers/program.ts";

const SECRET = "a secret of the made-up site, 32 bytes";
const ISSUER = "site";
const AUDIENCE = "chautari";
const START_TRIES = 5;
const ASK_TRIES = 100;
const ASK_AGAIN_MS = 50;
const TOKEN_TTL_S = 6 * 3600;
/** A token that ends sooner is exchanged before it is used. */
const TOKEN_LEFT_S = 60;
/** With every permission: Deno does not let a restricted program start others while a library is preloaded. */
const UNRESTRICTED = ["run", "--quiet", "--no-prompt", "-A", "server/main.ts"];

export interface Visitor {
  userId: string;
  name: string;
  /** The latest that the site gave. */
  token: string;
}

/** One of PostgreSQL's processes. */
export interface PostgresProcess {
  pid: number;
  /** As PostgreSQL names it, such as `walwriter` or `chautari postgres [local] idle`. */
  title: string;
}

export interface SiteOptions {
  /** An empty folder of the caller's own, who removes it; else one is made, and removed at the end. */
  directory?: string;
  /** Beside the site's own settings. */
  settings?: Record<string, string>;
  /** Run the program without the limits of its permissions. */
  unrestricted?: boolean;
  /** How long the site's tokens hold. */
  tokenTtlSeconds?: number;
}

export class Site {
  readonly url: string;
  /** Starts that failed, by what the program said: there should be none, however it was killed. */
  readonly failedStarts: string[] = [];
  /** Requests that were refused for the moment, by the code of the refusal. */
  readonly retried = new Map<string, number>();
  /** How far the site's own clock is from ours; the site is on the same machine as the server. */
  clockOffsetMs = 0;
  /** Everybody whom the site has sent. */
  readonly visitors: Visitor[] = [];
  /** How often somebody got a new token for an old one. */
  signIns = 0;
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
    const program = await startOn(directory, "0", options);
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
    Deno.kill(await this.postmasterPid(), "SIGKILL");
  }

  async killBoth(): Promise<void> {
    const postmaster = await this.postmasterPid();
    const ended = this.#program.kill("SIGKILL");
    Deno.kill(postmaster, "SIGKILL");
    await ended;
  }

  /** Starts the program again where it was, on the same data. */
  async startAgain(): Promise<void> {
    for (let tries = 1;; tries++) {
      try {
        this.#program = await startOn(this.#directory, new URL(this.url).port, this.#options);
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
    const token = await this.#sign(name);
    const { me } = await this.request(token, "GET", "/api/me");
    const visitor = { userId: me.id, name, token };
    this.visitors.push(visitor);
    return visitor;
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

  /** The visitor's token while it holds, by the site's clock; else a new one. */
  async tokenOf(visitor: Visitor): Promise<string> {
    const leftS = decodeJwt(visitor.token).exp! - (Date.now() + this.clockOffsetMs) / 1000;
    if (leftS < TOKEN_LEFT_S) await this.signIn(visitor);
    return visitor.token;
  }

  async signIn(visitor: Visitor): Promise<void> {
    this.signIns++;
    visitor.token = await this.#sign(visitor.name);
  }

  /** What the server takes the time to be, in milliseconds since 1970, to the second. */
  async serverTime(): Promise<number> {
    const response = await fetch(`${this.url}/healthz`);
    await response.body?.cancel();
    return Date.parse(response.headers.get("date")!);
  }

  async postmasterPid(): Promise<number> {
    const text = await Deno.readTextFile(`${this.#directory}/data/postgres/postmaster.pid`);
    return Number(text.split("\n")[0]);
  }

  /** The processes that the postmaster has started and that have not ended. */
  async postgresProcesses(): Promise<PostgresProcess[]> {
    const postmaster = await this.postmasterPid();
    const pids = (await Deno.readTextFile(`/proc/${postmaster}/task/${postmaster}/children`)).trim().split(" ");
    const found = await Promise.all(
      pids.filter((pid) => pid !== "").map(async (pid) => {
        const command = await Deno.readTextFile(`/proc/${pid}/cmdline`).catch(() => "");
        return { pid: Number(pid), title: command.replace(/^postgres: /, "").replace(/[\0 ]+$/, "") };
      }),
    );
    return found.filter(({ title }) => title !== "");
  }

  async #sign(name: string): Promise<string> {
    const nowS = Math.floor((Date.now() + this.clockOffsetMs) / 1000);
    return await new SignJWT({ sub: name, name }).setProtectedHeader({ alg: "HS256" }).setIssuer(ISSUER)
      .setAudience(AUDIENCE).setIssuedAt(nowS).setExpirationTime(nowS + (this.#options.tokenTtlSeconds ?? TOKEN_TTL_S))
      .sign(new TextEncoder().encode(SECRET));
  }
}

function startOn(directory: string, port: string, options: SiteOptions): Promise<Program> {
  const env = { ...settings(directory, port), ...options.settings };
  if (!options.unrestricted) return startProgram(env);
  return startProgram(env, UNRESTRICTED, { executable: Deno.execPath() });
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
