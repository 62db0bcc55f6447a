// Sockets: the only file that knows of `ws` and of HTTP upgrades (design D2). A client is authenticated before the upgrade.
import { Buffer } from "node:buffer";
import type { IncomingMessage, Server } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex, Writable } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { SUBPROTOCOL } from "../../protocol/commands.ts";
import { CommandError, ERRORS } from "../../protocol/errors.ts";
import { FRAME_MAX_BYTES } from "../../protocol/limits.ts";
import type { Auth } from "../auth/auth.ts";
import type { Principal } from "../auth/principal.ts";
import type { Log } from "../log.ts";
import { tally } from "../metrics.ts";
import { Batch } from "../room/subscriber.ts";
import { Connection, type Wire } from "./connection.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Flusher } from "./flusher.ts";
import { textFrame } from "./frame.ts";
import type { Hub } from "./hub.ts";
import type { Watching } from "./watching.ts";

export const SOCKET_PATH = "/api/messages/socket";

/** A closing handshake that the peer does not answer ends after this. */
const CLOSE_GRACE_MS = 2_000;
/** [A2] asks for a second at most. */
const CHECK_EVERY_MS = 500;

/** Ten thousand leave within two and a half seconds. */
const DRAIN_STEP = 200;
const DRAIN_STEPS = 50;
const DRAIN_EVERY_MS = 50;
const DRAIN_LOOK_MS = 10;

export interface SocketOptions {
  auth: Pick<Auth, "authenticateSocket">;
  hub: Hub;
  watching: Watching;
  flusher: Flusher;
  dispatch: Dispatch;
  epoch: string;
  limits: { connectionsPerPerson: number; connectionsPerAddress: number; connections: number };
  /** Whether there is memory for one more. */
  hasRoom: () => boolean;
  addressOf: (request: IncomingMessage) => string;
  now: () => number;
  log: Log;
}

export interface Sockets {
  /** How many are open, those that are being closed included. */
  readonly size: number;
  /**
   * Takes no more, and sends those away that there are, each once its commands are answered: some at a time, so that they
   * do not all come back at once. Resolves when all have gone, at the latest after `patienceMs`.
   */
  drain(patienceMs: number): Promise<void>;
  /** Cuts what is left. */
  close(): void;
}

/** Takes WebSockets at {@link SOCKET_PATH} of an HTTP server; any other upgrade is refused. */
export function serveSockets(server: Server, options: SocketOptions): Sockets {
  const { hub, log } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_MAX_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false,
  });
  const addresses = new Counts();
  let draining = false;

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until ws takes over, a peer that goes away must not become an uncaught error.
    socket.on("error", ignore);
    const fromAddress = addresses.enter(options.addressOf(request), socket);
    authenticate(request, fromAddress, options).then(
      (principal) => {
        const { size } = sockets.clients;
        if (draining || size >= options.limits.connections || !options.hasRoom()) {
          return refuse(socket, new CommandError("unavailable"), log);
        }
        // Counted here, where nothing waits any more: of many that come at once only as many as may get in.
        if (hub.countOf(principal.userId) >= options.limits.connectionsPerPerson) {
          return refuse(socket, tooMany("of this person"), log);
        }
        sockets.handleUpgrade(request, socket, head, (ws) => {
          socket.off("error", ignore);
          open(ws, socket, principal, options);
        });
      },
      (error) => refuse(socket, error, log),
    );
  });

  const checks = setInterval(() => {
    for (const connection of [...hub.connections()]) connection.check();
  }, CHECK_EVERY_MS);

  return {
    get size() {
      return sockets.clients.size;
    },
    async drain(patienceMs) {
      draining = true;
      const begun = performance.now();
      const leaving = [...hub.connections()];
      const step = Math.max(DRAIN_STEP, Math.ceil(leaving.length / DRAIN_STEPS));
      for (let at = 0; at < leaving.length; at += step) {
        if (at > 0) await pause(DRAIN_EVERY_MS);
        for (const connection of leaving.slice(at, at + step)) connection.finish("goingAway");
      }
      while (sockets.clients.size > 0 && performance.now() - begun < patienceMs) await pause(DRAIN_LOOK_MS);
    },
    close() {
      draining = true;
      clearInterval(checks);
      hub.closeAll("goingAway");
      for (const ws of sockets.clients) ws.terminate();
      sockets.close();
    },
  };
}

const ignore = () => {};
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** How many sockets each address has. */
class Counts {
  readonly #counts = new Map<string, number>();

  /** Counts a socket until it closes; the count with it. What is kept for that holds nothing of the request. */
  enter(address: string, socket: Duplex): number {
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    socket.once("close", () => this.#leave(address));
    return count;
  }

  #leave(address: string): void {
    const count = this.#counts.get(address)! - 1;
    if (count > 0) this.#counts.set(address, count);
    else this.#counts.delete(address);
  }
}

async function authenticate(request: IncomingMessage, fromAddress: number, options: SocketOptions): Promise<Principal> {
  const { auth, limits } = options;
  const url = URL.parse(request.url ?? "", `${schemeOf(request)}://${request.headers.host ?? "localhost"}`);
  if (url?.pathname !== SOCKET_PATH) throw new CommandError("not_found");
  const offered = String(request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  if (!offered.includes(SUBPROTOCOL)) {
    throw new CommandError("bad_request", { detail: `The subprotocol ${SUBPROTOCOL} must be offered` });
  }
  if (fromAddress > limits.connectionsPerAddress) {
    throw tooMany("from this address");
  }
  const { href } = url;
  return await auth.authenticateSocket({ url: href, headers: { get: (name) => headerOf(request, name) } });
}

function schemeOf({ socket }: IncomingMessage): string {
  return (socket as { encrypted?: boolean }).encrypted ? "https" : "http";
}

/** As `Headers.get`; node has lower-cased the names. Building a `Headers` costs a tenth of what opening a socket does. */
function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return value === undefined ? null : String(value);
}

/** [C8] */
function tooMany(whose: string): CommandError {
  return new CommandError("rate_limited", { detail: `Too many connections ${whose}` });
}

function refuse(socket: Duplex, error: unknown, log: Log): void {
  if (!(error instanceof CommandError)) log.error("upgrade failed", { error });
  const { code, detail } = error instanceof CommandError ? error : new CommandError("internal");
  tally.turnedAway.add(code);
  const { status, title, retryable } = ERRORS[code];
  const body = JSON.stringify({ type: "about:blank", title, status, code, retryable, detail });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function open(ws: WebSocket, socket: Duplex, principal: Principal, options: SocketOptions): void {
  const { hub, watching, flusher, dispatch, epoch, now, log } = options;
  endReceiverOnce(ws, socket);
  const connection = new Connection(principal, new SocketWire(ws, socket), dispatch, flusher, now);
  ws.on("message", (data: Buffer, isBinary: boolean) => {
    if (isBinary) return connection.close("badFrame");
    connection.receive(data.toString("utf8"));
  });
  ws.on("error", (error) => {
    // ws answers a frame that is too large or malformed with its own close code. Nothing more is read, so that a peer
    // that goes on sending fills no memory of ours; what does not close by itself is cut.
    log.debug("socket error", { connection: connection.id, error });
    setImmediate(() => socket.pause());
    cutAfterGrace(ws);
  });
  ws.once("close", () => {
    connection.ended();
    watching.disconnected(connection);
    hub.remove(connection);
  });
  hub.add(connection);
  watching.connected(connection);
  connection.check();
  connection.send(Batch.of({ event: "welcome", epoch, userId: principal.userId }));
}

/**
 * ws ends its receiver when the peer ends, and again at the close: that makes an error with a stack trace which nobody
 * ever sees, a tenth of what opening and closing a connection costs.
 */
function endReceiverOnce(ws: WebSocket, socket: Duplex): void {
  const { _receiver: receiver } = ws as unknown as { _receiver: Writable };
  socket.once("end", () => receiver.end = () => receiver);
}

function cutAfterGrace(ws: WebSocket): void {
  const timer = setTimeout(() => ws.terminate(), CLOSE_GRACE_MS);
  ws.once("close", () => clearTimeout(timer));
}

/** Text frames are written by ourselves: one that goes to many is built once (a fan-out is bound by frames, not bytes). */
class SocketWire implements Wire {
  readonly #ws: WebSocket;
  readonly #socket: Duplex;

  constructor(ws: WebSocket, socket: Duplex) {
    this.#ws = ws;
    this.#socket = socket;
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  send(text: string, shared: Batch | null): void {
    if (this.#ws.readyState !== this.#ws.OPEN) return;
    const frame = shared === null ? textFrame(text) : shared.frame ??= textFrame(text);
    this.#socket.write(frame as Buffer);
  }

  close(code: number, reason: string): void {
    const ws = this.#ws;
    ws.close(code, reason);
    cutAfterGrace(ws);
  }
}
