// A server on a database of its own that can be stopped and started in place, and people with sessions there.
import { uuidv7 } from "../../protocol/uuid.ts";
import { SESSION_COOKIE } from "../../server/auth/cookies.ts";
import { hashSecret, newSecret } from "../../server/auth/secrets.ts";
import { type RunningServer, startServer } from "../../server/cli/server.ts";
import { readConfig } from "../../server/config.ts";
import { createLog } from "../../server/log.ts";
import { type Database, openDatabase, type Sql } from "../../server/store/database.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { createPeople } from "../helpers/people.ts";

export interface SitePerson {
  userId: string;
  cookie: string;
}

const UNLIMITED = 10_000_000;

export class Site {
  readonly sql: Sql;
  /** What the server could not do, by its own log. */
  readonly errors: string[] = [];
  readonly #database: { sql: Sql; url: string; close(): Promise<void> };
  #running!: { server: RunningServer; pool: Database; stops: () => void };

  private constructor(database: { sql: Sql; url: string; close(): Promise<void> }) {
    this.#database = database;
    this.sql = database.sql;
  }

  static async start(): Promise<Site> {
    const site = new Site(await createTestDatabase());
    await site.#start();
    return site;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#running.server.port}`;
  }

  /** Ends as a process does, with its own connections to the database: what runs there finishes, nobody hears of it. */
  async restart({ newEpoch }: { newEpoch: boolean }): Promise<void> {
    await this.#stop();
    if (newEpoch) await this.sql`update installation set epoch = ${crypto.randomUUID()}`;
    await this.#start();
  }

  async close(): Promise<void> {
    await this.#stop();
    await this.#database.close();
  }

  async people(count: number): Promise<SitePerson[]> {
    const ids = await createPeople(this.sql, ...Array.from({ length: count }, (_, index) => `Person ${index}`));
    const secrets = ids.map(() => newSecret());
    const sessions = ids.map((userId, index) => ({
      id: uuidv7(),
      user_id: userId,
      secret_hash: hashSecret(secrets[index]!),
      expires_at: new Date(Date.now() + 3_600_000),
    }));
    await this.sql`insert into sessions ${this.sql(sessions)}`;
    return ids.map((userId, index) => ({ userId, cookie: `${SESSION_COOKIE}=${secrets[index]}` }));
  }

  // deno-lint-ignore no-explicit-any -- a JSON document
  async get(person: SitePerson, path: string): Promise<{ status: number; body: any }> {
    const headers = { cookie: person.cookie };
    const answer = await this.#running.server.app.request(`http://localhost/api/messages/${path}`, { headers });
    return { status: answer.status, body: await answer.json() };
  }

  /** Waits until the server works at nothing any more, also not for connections that are gone. */
  async quiet(): Promise<void> {
    for (let quiet = 0; quiet < 3;) {
      const [{ busy }] = await this.sql<[{ busy: number }]>`
        select count(*)::int as busy from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`;
      await turns(3);
      quiet = busy === 0 ? quiet + 1 : 0;
    }
  }

  async #start(): Promise<void> {
    const pool = await openDatabase({ databaseUrl: this.#database.url, dataDir: "", log: () => {} });
    const running = { isStopping: false };
    // What is under way when a server stops fails for want of a database: nobody hears of it.
    const write = (entry: string) => running.isStopping || this.errors.push(entry);
    const server = await startServer({
      config: readConfig({ PORT: "0", LOG_FORMAT: "json", LOG_LEVEL: "error" }, []),
      sql: pool.sql,
      log: createLog({ level: "error", format: "json", write }),
      limits: {
        restPerMinute: UNLIMITED,
        commandsPerMinute: UNLIMITED,
        connectionsPerPerson: UNLIMITED,
        connectionsPerAddress: UNLIMITED,
      },
    });
    this.#running = { server, pool, stops: () => running.isStopping = true };
  }

  async #stop(): Promise<void> {
    const { server, pool, stops } = this.#running;
    stops();
    await server.stop();
    await pool.close();
  }
}

/** Lets the event loop turn: how far others get meanwhile is up to them. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((next) => setImmediate(next));
}
