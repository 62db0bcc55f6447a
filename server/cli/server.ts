// A running server: the services on one database, the app above them, and a port that takes requests and sockets.
import { createAdaptorServer } from "@hono/node-server";
import type { Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import {
  COMMANDS_BURST,
  COMMANDS_PER_MINUTE,
  CONNECTIONS_PER_ADDRESS,
  CONNECTIONS_PER_PERSON,
  REST_BURST,
  REST_PER_MINUTE,
  SEARCH_PER_MINUTE,
} from "../../protocol/limits.ts";
import { createApp } from "../app.ts";
import { type Accounts, createAccounts } from "../auth/accounts.ts";
import { type Auth, createAuth } from "../auth/auth.ts";
import { background } from "../background.ts";
import type { Config } from "../config.ts";
import { defaultMaxBytes, MemoryGuard } from "../guards/memory.ts";
import { connectionsThatFit, openFileLimit } from "../guards/open_files.ts";
import { createReadiness } from "../guards/readiness.ts";
import { SpaceGuard } from "../guards/space.ts";
import { clientAddress } from "../http/address.ts";
import type { App } from "../http/context.ts";
import type { Log } from "../log.ts";
import { watchEventLoop } from "../metrics.ts";
import { CLIENT_DIRECTORY } from "../places.ts";
import { RateLimit } from "../rate_limit.ts";
import { createDispatch } from "../realtime/dispatch.ts";
import { Flusher } from "../realtime/flusher.ts";
import { Hub } from "../realtime/hub.ts";
import { serveSockets } from "../realtime/socket.ts";
import { Sync } from "../realtime/sync.ts";
import { Watching } from "../realtime/watching.ts";
import { Committer } from "../room/committer.ts";
import { Conversations } from "../room/conversations.ts";
import { Recovery } from "../room/recovery.ts";
import { RoomRegistry } from "../room/registry.ts";
import { listenToAuthority } from "../store/authority.ts";
import type { Sql } from "../store/database.ts";
import { commitNothing, poolLevels } from "../store/health.ts";
import { readInstallation } from "../store/installation.ts";
import { createStore, type Store } from "../store/store.ts";
import { VERSION } from "../version.ts";
import { Requests } from "./requests.ts";
import { startSkeletons } from "./skeletons.ts";
import { startTidying } from "./tidying.ts";
import { type Pair, readPair, type TlsWatch, watchPair } from "./tls.ts";

const MINUTE_MS = 60_000;
const HEAD_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;
const PORT_TRIES = 20;
const MEGABYTE = 2 ** 20;
/** Beside the sockets, for requests that come and go. */
const SPARE_CONNECTIONS = 250;
/** Sockets, then requests and commits: with PostgreSQL's own stop a drain takes less than ten seconds. */
const SOCKETS_PATIENCE_MS = 4_000;
const REST_PATIENCE_MS = 2_000;
const WORK_PATIENCE_MS = 2_000;

export interface ServerOptions {
  config: Config;
  /** A migrated database. */
  sql: Sql;
  log: Log;
  now?: () => number;
  /** For tests that ask more often than people do. */
  limits?: {
    restPerMinute?: number;
    commandsPerMinute?: number;
    connectionsPerPerson?: number;
    connectionsPerAddress?: number;
  };
  /** What is free on the disk that the database lies on, in bytes; left out where that disk is not ours to look at. */
  freeBytes?: () => Promise<number>;
  /** For tests that do not want to wait: milliseconds. */
  timings?: { typingTtlMs?: number; presenceGraceMs?: number; headMs?: number; requestMs?: number };
}

export interface RunningServer {
  app: App;
  store: Store;
  accounts: Accounts | null;
  host: string;
  port: number;
  /** What it speaks. */
  scheme: "http" | "https";
  /** Looks at once whether the certificate's files have changed; null over plain http. */
  tls: TlsWatch | null;
  /**
   * Drains: no new sockets; those there are are told to come back, requests and commits under way are finished, each for
   * a bounded time. The database stays open.
   */
  stop(): Promise<void>;
}

/** Starts everything above the database. Throws when the port cannot be had, StartError when the certificate cannot. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, sql, log, now = Date.now, limits, timings } = options;
  const { epoch, tokenSecret } = await readInstallation(sql);
  const pair = config.tls && await readPair(config.tls);
  const fit = connectionsThatFit(await openFileLimit());
  if (fit.warning !== null) log.warn(fit.warning);
  const store = createStore(sql);
  const flusher = new Flusher();
  const hub = new Hub(flusher, now);
  const recovery = new Recovery();
  const { freeBytes = null } = options;
  const space = await SpaceGuard.start({ freeBytes, minFreeBytes: config.minFreeMb * MEGABYTE, now, log });
  const memory = new MemoryGuard({
    maxBytes: config.maxMemoryMb === null ? defaultMaxBytes() : config.maxMemoryMb * MEGABYTE,
    connections: () => hub.connections(),
    log,
  });
  const committer = new Committer(store.messages);
  let draining = false;
  const rooms = new RoomRegistry({
    store,
    recovery,
    committer,
    audience: hub,
    onError: (what, error) => {
      space.failed(error);
      log.error("room failed", { what, error });
    },
    ...(timings?.typingTtlMs !== undefined && { typingTtlMs: timings.typingTtlMs }),
  });
  const { jwt, corsOrigins, trustProxy, signup } = config;
  const { users, sessions, codes } = store;
  const mode = jwt === null ? "accounts" : "host";
  const auth = createAuth({ mode, jwt, corsOrigins, trustProxy, now, tokenSecret, users, sessions });
  const accounts = jwt === null ? createAccounts({ signup, now, users, sessions, codes }) : null;
  const perMinute = (count: number, burst: number) => new RateLimit({ count, perMs: MINUTE_MS, burst, now });
  const rest = limits?.restPerMinute ?? REST_PER_MINUTE;
  const commands = limits?.commandsPerMinute ?? COMMANDS_PER_MINUTE;
  const conversations = new Conversations(store, rooms);
  const watching = new Watching({
    hub,
    rooms,
    store: store.presence,
    now,
    ...(timings?.presenceGraceMs !== undefined && { graceMs: timings.presenceGraceMs }),
    background: (work, what) => background(work, log, what),
  });
  const windows = {
    editMs: config.editMinutes * MINUTE_MS || null,
    deleteMs: config.deleteMinutes * MINUTE_MS || null,
  };
  const app = createApp({
    config,
    auth,
    accounts,
    store,
    rooms,
    conversations,
    watching,
    windows,
    now,
    log,
    limits: {
      rest: perMinute(rest, Math.max(REST_BURST, rest / 3)),
      search: perMinute(SEARCH_PER_MINUTE, SEARCH_PER_MINUTE / 2),
    },
    space,
    readiness: createReadiness({
      isDraining: () => draining,
      isLow: () => space.isLow,
      commit: () => commitNothing(sql),
      now,
    }),
    levels: async () => ({
      version: VERSION,
      connections: sockets.size,
      rooms: rooms.size,
      commitQueue: committer.queued,
      sendBacklogBytes: [...hub.connections()].reduce((bytes, { backlogBytes }) => bytes + backlogBytes, 0),
      requestsUnderWay: requests.underWay,
      freeBytes: space.freeBytes,
      writesRefused: space.isLow,
      draining,
      pool: await poolLevels(sql).catch(() => null),
    }),
    clientDirectory: CLIENT_DIRECTORY,
    version: VERSION,
  });

  // [L2] A peer that never finishes its request is cut off; a socket is no request any more once it is upgraded.
  const headMs = timings?.headMs ?? HEAD_TIMEOUT_MS;
  const serverOptions = {
    headersTimeout: headMs,
    requestTimeout: timings?.requestMs ?? REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: headMs / 3,
  };
  const server = createAdaptorServer({
    fetch: app.fetch,
    ...(pair !== null && { createServer: createTlsServer }),
    serverOptions: { ...serverOptions, ...pair },
  }) as Server;
  if (fit.max !== Infinity) server.maxConnections = fit.max + SPARE_CONNECTIONS;
  const requests = new Requests(server, () => draining);
  const dispatch = createDispatch({
    rooms,
    conversations,
    watching,
    sync: new Sync({ rooms, conversations: store.conversations, hub, epoch }),
    hub,
    auth,
    limits: {
      person: perMinute(commands, Math.max(COMMANDS_BURST, commands / 6)),
      connection: perMinute(commands, Math.max(COMMANDS_BURST, commands / 6)),
    },
    windows,
    space,
    now,
    log,
  });
  const sockets = serveSockets(server, {
    auth,
    hub,
    watching,
    flusher,
    dispatch,
    epoch,
    limits: {
      connectionsPerPerson: limits?.connectionsPerPerson ?? CONNECTIONS_PER_PERSON,
      connectionsPerAddress: limits?.connectionsPerAddress ?? CONNECTIONS_PER_ADDRESS,
      connections: fit.max,
    },
    hasRoom: () => !memory.isHigh,
    addressOf: (request) => {
      const forwarded = request.headers["x-forwarded-for"];
      return clientAddress(
        request.socket.remoteAddress,
        forwarded === undefined ? null : String(forwarded),
        trustProxy,
      );
    },
    now,
    log,
  });
  const deaf = await listenToAuthority(
    sql,
    ({ kind, id }) => hub.authorityEnded(kind, id),
    () => recheck(hub, auth, log),
  );
  const port = await listen(server, config);
  const tidying = startTidying(store, now, log);
  const skeletons = startSkeletons(store, log);
  const stopWatchingLoop = watchEventLoop();
  const setPair = (next: Pair) => (server as TlsServer).setSecureContext(next);
  const tls = config.tls && pair && watchPair(config.tls, pair, setPair, log);
  return {
    app,
    store,
    accounts,
    host: config.host,
    port,
    scheme: tls === null ? "http" : "https",
    tls,
    async stop() {
      draining = true;
      await sockets.drain(SOCKETS_PATIENCE_MS);
      sockets.close();
      const closed = new Promise<void>((done) => server.close(() => done()));
      await until(() => requests.underWay === 0 && committer.isIdle, REST_PATIENCE_MS);
      server.closeAllConnections?.();
      await closed;
      recovery.stop();
      space.stop();
      memory.stop();
      tls?.stop();
      stopWatchingLoop();
      const work = Promise.all([deaf(), tidying.stop(), skeletons.stop(), watching.stop()]);
      background(work, log, "write what is known at the end");
      await within(work, WORK_PATIENCE_MS);
    },
  };
}

async function until(holds: () => boolean, patienceMs: number): Promise<void> {
  const begun = performance.now();
  while (!holds() && performance.now() - begun < patienceMs) await new Promise((look) => setTimeout(look, 10));
}

/** Waits for `work`, whatever becomes of it, but not for ever. */
async function within(work: Promise<unknown>, patienceMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((done) => timer = setTimeout(done, patienceMs));
  await Promise.race([work.catch(() => {}), late]);
  clearTimeout(timer);
}

/** What ended while the database could not tell us: each connection's authority is asked again. */
function recheck(hub: Hub, auth: Auth, log: Log): void {
  for (const connection of [...hub.connections()]) {
    const check = auth.stillValid(connection.principal).then((isValid) =>
      isValid || connection.close("unauthenticated")
    );
    background(check, log, "check a connection again");
  }
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
