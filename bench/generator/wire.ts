// A WebSocket client (RFC 6455) on a bare TCP socket: it takes frames apart where they arrive and decodes nothing.
import { Buffer } from "node:buffer";
import net from "node:net";

/** All sockets read into this one: what is not used at once is copied. */
const readBuffer = Buffer.allocUnsafe(256 * 1024);

export interface WireOptions {
  port: number;
  /** The address of this machine that the connection comes from. */
  from: string;
  path: string;
  headers: Record<string, string>;
  /** The upgrade is done. */
  opened(): void;
  /** One text frame: `bytes` from `start` to `end`, gone when this returns. */
  received(bytes: Buffer, start: number, end: number): void;
  /** The socket is gone and nobody asked for that; `why` is for a person. */
  failed(why: string): void;
}

export class Wire {
  readonly #options: WireOptions;
  readonly #socket: net.Socket;
  #upgraded = false;
  #done = false;
  /** The beginning of something whose end has not come. */
  #rest: Buffer = Buffer.alloc(0);
  #restLength = 0;

  constructor(options: WireOptions) {
    this.#options = options;
    this.#socket = net.connect({
      port: options.port,
      host: "127.0.0.1",
      localAddress: options.from,
      noDelay: true,
      onread: { buffer: readBuffer, callback: (length) => this.#readSafely(length) },
    });
    this.#socket.on("error", (error) => this.#fail(error.message));
    this.#socket.on("close", () => this.#fail("the server closed the connection"));
    const headers = Object.entries({
      host: `127.0.0.1:${options.port}`,
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...options.headers,
    });
    const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    this.#socket.write(`GET ${options.path} HTTP/1.1\r\n${lines}\r\n`);
  }

  /** Whole, masked frames. The bytes must not change afterwards. */
  write(frames: Buffer): void {
    this.#socket.write(frames);
  }

  close(): void {
    this.#done = true;
    this.#socket.destroy();
  }

  #fail(why: string): void {
    if (this.#done) return;
    this.close();
    this.#options.failed(why);
  }

  /** What is thrown here would end the process without a word. */
  #readSafely(length: number): boolean {
    try {
      if (!this.#done) this.#read(length);
    } catch (error) {
      this.#fail((error as Error).stack ?? String(error));
    }
    return true;
  }

  #read(length: number): void {
    let bytes: Buffer = readBuffer;
    let end = length;
    if (this.#restLength > 0) {
      this.#keep(readBuffer, 0, length);
      bytes = this.#rest;
      end = this.#restLength;
    }
    const used = this.#upgraded ? this.#frames(bytes, 0, end) : this.#handshake(bytes, end);
    if (used === end) this.#restLength = 0;
    else if (bytes === this.#rest) {
      this.#rest.copyWithin(0, used, end);
      this.#restLength = end - used;
    } else this.#keep(bytes, used, end);
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    const needed = this.#restLength + end - start;
    if (this.#rest.length < needed) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#rest.length * 2, 1024));
      this.#rest.copy(larger, 0, 0, this.#restLength);
      this.#rest = larger;
    }
    bytes.copy(this.#rest, this.#restLength, start, end);
    this.#restLength = needed;
  }

  #handshake(bytes: Buffer, end: number): number {
    const text = bytes.toString("latin1", 0, end);
    const headEnd = text.indexOf("\r\n\r\n");
    if (headEnd === -1) return 0;
    if (!text.startsWith("HTTP/1.1 101")) {
      this.#fail(text.slice(0, 500));
      return end;
    }
    this.#upgraded = true;
    this.#options.opened();
    return this.#frames(bytes, headEnd + 4, end);
  }

  /** Hands on each whole frame; returns where the first that is not whole begins. */
  #frames(bytes: Buffer, start: number, end: number): number {
    let at = start;
    while (end - at >= 2 && !this.#done) {
      const short = bytes[at + 1]!;
      let payload = at + 2;
      let length = short;
      if (short === 126) {
        if (end - at < 4) break;
        length = bytes.readUInt16BE(payload);
        payload += 2;
      } else if (short === 127) {
        if (end - at < 10) break;
        length = Number(bytes.readBigUInt64BE(payload));
        payload += 8;
      }
      if (end - payload < length) break;
      if (bytes[at] === 0x81) this.#options.received(bytes, payload, payload + length);
      else if (bytes[at] === 0x88) this.#fail(`closed: ${bytes.toString("latin1", payload + 2, payload + length)}`);
      // Neither server pings by WebSocket frame, compresses or fragments: then the figures would mean something else.
      else this.#fail(`frame of kind 0x${bytes[at]!.toString(16)}, which neither server is known to send`);
      at = payload + length;
    }
    return this.#done ? end : at;
  }
}
