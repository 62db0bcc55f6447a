// Two servers on one database, one for each way of keeping accounts, with a clock to turn and queries that are counted.
import { randomUUID } from "node:crypto";
import { hashPassword } from "../../server/auth/passwords.ts";
import { type RunningServer, startServer } from "../../server/cli/server.ts";
import { readConfig } from "../../server/config.ts";
import { createLog } from "../../server/log.ts";
import type { Sql } from "../../server/store/database.ts";
import { readInstallation } from "../../server/store/installation.ts";
import { type GroundedOptions, openGround } from "./ground.ts";

/** How somebody proves who they are: a session's cookie, a token of our own, or a token of the host site. */
export const WAYS = ["cookie", "bearer", "site"] as const;
export type Way = typeof WAYS[number];

export const SITE = { secret: "a secret of the site, 32 bytes or more", issuer: "bazaar", audience: "chautari" };
export const PASSWORD = "a password for everybody";

/** Set, so that its route is there; nobody in the matrix has it. */
const METRICS_TOKEN = "token-of-whoever-reads-the-figures";

export interface World {
  sql: Sql;
  servers: Record<Way, RunningServer & { url: string }>;
  tokenSecret: Uint8Array;
  passwordHash: string;
  /** Everything that was logged, at every level. */
  logged: string[];
  /** Milliseconds since 1970, for the servers too. */
  now(): number;
  turnClock(ms: number): void;
  /** What was done, and how many statements the database was sent for it. */
  counted<T>(work: () => Promise<T>): Promise<{ result: T; queries: number }>;
  close(): Promise<void>;
}

/** Work of the server's own that may fall into any moment. */
const BACKGROUND = /set last_seen_at|one_time_codes|delete from sessions|^listen/i;

export async function createWorld(options: GroundedOptions): Promise<World> {
  const ground = await openGround(options);
  const { sql } = ground;
  let queries = 0;
  // The driver reads this at each statement.
  (sql.options as { debug: unknown }).debug = (_: number, statement: string) => {
    if (!BACKGROUND.test(statement.trim())) queries++;
  };
  let aheadMs = 0;
  const now = () => Date.now() + aheadMs;
  const logged: string[] = [];
  const log = createLog({ level: "debug", format: "json", write: (entry) => logged.push(entry) });
  const start = async (environment: Record<string, string>) => {
    const config = readConfig({ PORT: "0", TRUST_PROXY: "1", METRICS_TOKEN, ...environment }, []);
    const limits = {
      restPerMinute: 1e6,
      commandsPerMinute: 1e6,
      connectionsPerAddress: 10_000,
    };
    const server = await startServer({ config, sql, log, now, limits });
    return { ...server, url: `http://127.0.0.1:${server.port}` };
  };
  const own = await start({});
  const host = await start({ JWT_SECRET: SITE.secret, JWT_ISSUER: SITE.issuer, JWT_AUDIENCE: SITE.audience });
  // The first account of all would own the installation, whoever made it.
  await sql`
    insert into users (id, username, password_hash, name, role) values (${randomUUID()}, 'first', '-', 'First', 'owner')`;
  return {
    sql,
    servers: { cookie: own, bearer: own, site: host },
    tokenSecret: (await readInstallation(sql)).tokenSecret,
    passwordHash: await hashPassword(PASSWORD),
    logged,
    now,
    turnClock: (ms) => aheadMs += ms,
    async counted(work) {
      const before = queries;
      const result = await work();
      return { result, queries: queries - before };
    },
    async close() {
      await own.stop();
      await host.stop();
      await ground.close();
    },
  };
}
