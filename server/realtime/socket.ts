// Sockets: the only file that knows of `ws` and of HTTP upgrades (design D2). A client is authenticated before the upgrade.
import { Buffer } from "node:buffer";
import type { IncomingMessage, Server } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { SUBPROTOCOL } from "../../protocol/commands.ts";
import { CommandError, ERRORS } from "../../protocol/errors.ts";
import { FRAME_MAX_BYTES } from "../../protocol/limits.ts";
import type { Auth } from "../auth/auth.ts";
import type { Principal } from "../auth/principal.ts";
import type { Log } from "../log.ts";
import { Connection } from "./connection.ts";
import type { Dispatch } from "./dispatch.ts";
import { encodeEvent } from "../room/subscriber.ts";
import type { Hub } from "./hub.ts";

export const SOCKET_PATH = "/api/messages/socket";

export interface SocketOptions {
  auth: Pick<Auth, "authenticateSocket">;
  hub: Hub;
  dispatch: Dispatch;
  epoch: string;
  log: Log;
}

/** Takes WebSockets at {@link SOCKET_PATH} of an HTTP server; any other upgrade is refused. Returns how to stop. */
export function serveSockets(server: Server, options: SocketOptions): { close: () => void } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_MAX_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false,
  });

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until ws takes over, a peer that goes away must not become an uncaught error.
    const ignore = () => {};
    socket.on("error", ignore);
    authenticate(request, options).then(
      (principal) =>
        sockets.handleUpgrade(request, socket, head, (ws) => {
          socket.off("error", ignore);
          open(ws, principal, options);
        }),
      (error) => refuse(socket, error, options.log),
    );
  });

  return {
    close() {
      options.hub.closeAll("goingAway");
      for (const ws of sockets.clients) ws.terminate();
      sockets.close();
    },
  };
}

async function authenticate(request: IncomingMessage, { auth }: SocketOptions): Promise<Principal> {
  const url = URL.parse(request.url ?? "", `http://${request.headers.host ?? "localhost"}`);
  if (url?.pathname !== SOCKET_PATH) throw new CommandError("not_found");
  const offered = String(request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  if (!offered.includes(SUBPROTOCOL)) {
    throw new CommandError("bad_request", { detail: `The subprotocol ${SUBPROTOCOL} must be offered` });
  }
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === "string" && !name.startsWith(":")) headers.set(name, value);
  }
  return await auth.authenticateSocket(new Request(url, { headers }));
}

function refuse(socket: Duplex, error: unknown, log: Log): void {
  if (!(error instanceof CommandError)) log.error("upgrade failed", { error });
  const { code, detail } = error instanceof CommandError ? error : new CommandError("internal");
  const { status, title, retryable } = ERRORS[code];
  const body = JSON.stringify({ type: "about:blank", title, status, code, retryable, detail });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** setTimeout counts in 32 bits: a later end than this is looked at again when it comes. */
const TIMER_MAX_MS = 2 ** 31 - 1;

function open(ws: WebSocket, principal: Principal, { hub, dispatch, epoch, log }: SocketOptions): void {
  const connection = new Connection(principal, {
    send: (frame) => ws.send(frame),
    close: (code, reason) => ws.close(code, reason),
    get bufferedBytes() {
      return ws.bufferedAmount;
    },
  }, dispatch);

  let expiry: ReturnType<typeof setTimeout>;
  const watchExpiry = () => {
    const left = principal.expiresAt - Date.now();
    if (left <= 0) return connection.close("unauthenticated");
    expiry = setTimeout(watchExpiry, Math.min(left, TIMER_MAX_MS));
  };
  watchExpiry();

  ws.on("message", (data: Buffer, isBinary: boolean) => {
    if (isBinary) return connection.close("badFrame");
    connection.receive(data.toString("utf8"));
  });
  ws.on("error", (error) => {
    log.debug("socket error", { connection: connection.id, error });
    // ws answers a frame that is too large or malformed with its own close code; a peer that never reads it is cut.
    const timer = setTimeout(() => ws.terminate(), CLOSE_GRACE_MS);
    ws.once("close", () => clearTimeout(timer));
  });
  ws.once("close", () => {
    clearTimeout(expiry);
    connection.ended();
    hub.remove(connection);
  });
  hub.add(connection);
  connection.send(encodeEvent({ event: "welcome", epoch, userId: principal.userId }));
}

const CLOSE_GRACE_MS = 2_000;
