// A running server: the services on one database, the app above them, and a port that takes requests and sockets.
import { createAdaptorServer } from "@hono/node-server";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  COMMANDS_BURST,
  COMMANDS_PER_MINUTE,
  REST_BURST,
  REST_PER_MINUTE,
  SEARCH_PER_MINUTE,
} from "../../protocol/limits.ts";
import manifest from "../../deno.json" with { type: "json" };
import { createApp } from "../app.ts";
import { type Accounts, createAccounts } from "../auth/accounts.ts";
import { createAuth } from "../auth/auth.ts";
import type { Config } from "../config.ts";
import type { App } from "../http/context.ts";
import type { Log } from "../log.ts";
import { RateLimit } from "../rate_limit.ts";
import { createDispatch } from "../realtime/dispatch.ts";
import { Hub } from "../realtime/hub.ts";
import { serveSockets } from "../realtime/socket.ts";
import { Committer } from "../room/committer.ts";
import { RoomRegistry } from "../room/registry.ts";
import type { Sql } from "../store/database.ts";
import { readInstallation } from "../store/installation.ts";
import { createStore, type Store } from "../store/store.ts";

export const VERSION: string = manifest.version;

const CLIENT_DIRECTORY = new URL("../../dist/client", import.meta.url).pathname;
const MINUTE_MS = 60_000;
const PORT_TRIES = 20;

export interface ServerOptions {
  config: Config;
  /** A migrated database. */
  sql: Sql;
  log: Log;
  now?: () => number;
  /** For tests that ask more often than people do. */
  limits?: { restPerMinute?: number; commandsPerMinute?: number };
}

export interface RunningServer {
  app: App;
  store: Store;
  accounts: Accounts | null;
  host: string;
  port: number;
  /** Stops taking requests and cuts the sockets; the database stays open. */
  stop(): Promise<void>;
}

/** Starts everything above the database. Throws when the port cannot be had. */
export async function startServer({ config, sql, log, now = Date.now, limits }: ServerOptions): Promise<RunningServer> {
  const { epoch, tokenSecret } = await readInstallation(sql);
  const store = createStore(sql);
  const hub = new Hub();
  const rooms = new RoomRegistry({
    store,
    committer: new Committer(store.messages),
    audience: hub,
    onError: (what, error) => log.error("room failed", { what, error }),
  });
  const { jwt, corsOrigins, trustProxy, signup } = config;
  const { users, sessions, codes } = store;
  const mode = jwt === null ? "accounts" : "host";
  const auth = createAuth({ mode, jwt, corsOrigins, trustProxy, now, tokenSecret, users, sessions });
  const accounts = jwt === null
    ? createAccounts({ signup, now, users, sessions, codes, sessionsEnded: (ids) => hub.closeSessions(ids) })
    : null;
  const perMinute = (count: number, burst: number) => new RateLimit({ count, perMs: MINUTE_MS, burst, now });
  const rest = limits?.restPerMinute ?? REST_PER_MINUTE;
  const commands = limits?.commandsPerMinute ?? COMMANDS_PER_MINUTE;
  const app = createApp({
    config,
    auth,
    accounts,
    store,
    rooms,
    log,
    limits: {
      rest: perMinute(rest, Math.max(REST_BURST, rest / 3)),
      search: perMinute(SEARCH_PER_MINUTE, SEARCH_PER_MINUTE / 2),
    },
    clientDirectory: CLIENT_DIRECTORY,
    version: VERSION,
  });

  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const sockets = serveSockets(server, {
    auth,
    hub,
    dispatch: createDispatch({ rooms, commandLimit: perMinute(commands, Math.max(COMMANDS_BURST, commands / 6)), log }),
    epoch,
    log,
  });
  const port = await listen(server, config);
  return {
    app,
    store,
    accounts,
    host: config.host,
    port,
    async stop() {
      sockets.close();
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections?.();
      await closed;
    },
  };
}

/** Listens on the port that was asked for; where none was, 8080 or the next one that is free. */
async function listen(server: Server, { host, port, portGiven }: Config): Promise<number> {
  for (let tried = 0;; tried++) {
    try {
      return await new Promise<number>((listening, failed) => {
        server.once("error", failed);
        server.listen(port + tried, host, () => {
          server.off("error", failed);
          listening((server.address() as AddressInfo).port);
        });
      });
    } catch (error) {
      const inUse = (error as { code?: string }).code === "EADDRINUSE";
      if (!inUse || portGiven || tried >= PORT_TRIES) throw error;
    }
  }
}
