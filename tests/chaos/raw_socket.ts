// A TCP connection that speaks as much HTTP and WebSocket as an attack needs, rules broken included (RFC 6455 §5).
import { connect, type Socket } from "node:net";
import { SUBPROTOCOL } from "../../protocol/commands.ts";

export interface FrameParts {
  payload?: Uint8Array | string;
  /** 1 text, 2 binary, 0 continuation, 8 close, 9 ping. */
  opcode?: number;
  fin?: boolean;
  masked?: boolean;
  /** The three reserved bits. */
  reserved?: number;
  /** The length that the header tells, whatever follows. */
  declaredBytes?: number;
}

const encoder = new TextEncoder();

/** One frame, its mask all zeros. */
export function frame(parts: FrameParts): Uint8Array<ArrayBuffer> {
  const { payload = "", opcode = 1, fin = true, masked = true, reserved = 0 } = parts;
  const bytes = typeof payload === "string" ? encoder.encode(payload) : payload;
  const length = parts.declaredBytes ?? bytes.length;
  const extended = length < 126 ? 0 : length < 2 ** 16 ? 2 : 8;
  const framed = new Uint8Array(2 + extended + (masked ? 4 : 0) + bytes.length);
  const view = new DataView(framed.buffer);
  framed[0] = (fin ? 0x80 : 0) | (reserved << 4) | opcode;
  framed[1] = (masked ? 0x80 : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) view.setUint16(2, length);
  if (extended === 8) view.setBigUint64(2, BigInt(length));
  framed.set(bytes, framed.length - bytes.length);
  return framed;
}

export class RawSocket {
  readonly ended: Promise<void>;
  received = 0;
  isOpen = true;
  /** The end of what was received. */
  tail: Uint8Array = new Uint8Array(0);
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("data", (chunk: Uint8Array) => {
      this.received += chunk.length;
      this.tail = chunk.subarray(-200);
    });
    this.ended = new Promise((resolve) =>
      socket.once("close", () => {
        this.isOpen = false;
        resolve();
      })
    );
  }

  /** Connects to a server at `http://host:port`; rejects when it does not listen. */
  static open(url: string): Promise<RawSocket> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const raw = new RawSocket(socket);
    return new Promise((resolve, reject) => {
      socket.once("connect", () => resolve(raw));
      socket.once("error", reject);
    });
  }

  /** Connects and becomes a WebSocket of the token's owner; rejects with the status line when it may not. */
  static async upgrade(url: string, token: string): Promise<RawSocket> {
    const raw = await RawSocket.open(url);
    const head = raw.next();
    raw.write(upgradeRequest(url, token));
    const [status = ""] = (await head).split("\r\n");
    if (status.includes(" 101 ")) return raw;
    raw.destroy();
    throw new Error(`Cannot upgrade: ${status || "the connection ended"}`);
  }

  get localPort(): number {
    return this.#socket.localPort!;
  }

  /** The next that comes; "" when the connection ends first. */
  next(): Promise<string> {
    const data = new Promise<string>((resolve) =>
      this.#socket.once("data", (chunk: Uint8Array) => resolve(new TextDecoder().decode(chunk)))
    );
    return Promise.race([data, this.ended.then(() => "")]);
  }

  /** Resolves when there is room for more, or the connection has ended. */
  async write(bytes: Uint8Array | string): Promise<void> {
    if (!this.isOpen || this.#socket.destroyed || this.#socket.write(bytes)) return;
    await Promise.race([new Promise<void>((done) => this.#socket.once("drain", () => done())), this.ended]);
  }

  stopReading(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** The request of an upgrade; without its last line when it is to stay unfinished. */
export function upgradeRequest(url: string, token: string, { finished = true } = {}): string {
  const lines = [
    "GET /api/messages/socket HTTP/1.1",
    `Host: ${new URL(url).host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
    `Authorization: Bearer ${token}`,
  ];
  return lines.join("\r\n") + (finished ? "\r\n\r\n" : "\r\n");
}
