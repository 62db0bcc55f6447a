// A TCP proxy that does to connections what bad networks do: cuts, stalls, delays, half-closes and forgets them, at any byte.
import { connect, createServer, type Server, type Socket } from "node:net";

/** `up`: from the client to the server. */
export type Way = "up" | "down";

export class FaultProxy {
  readonly url: string;
  /** Connections that have not ended. */
  readonly links = new Set<Link>();
  /** What befalls a connection that comes in from now on. */
  onLink: ((link: Link) => void) | null = null;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Listens on a port of its own for what belongs to `target`, as `http://host:port`. */
  static async open(target: string): Promise<FaultProxy> {
    const { hostname, port } = new URL(target);
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const proxy = new FaultProxy(server, (server.address() as { port: number }).port);
    server.on("connection", (client: Socket) => {
      const link = new Link(client, connect({ host: hostname, port: Number(port), allowHalfOpen: true }));
      proxy.links.add(link);
      link.ended.then(() => proxy.links.delete(link));
      proxy.onLink?.(link);
    });
    return proxy;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((done) => this.#server.close(() => done()));
    for (const link of this.links) link.reset();
    await closed;
  }
}

/** One connection: two sockets, and what flows between them. */
export class Link {
  readonly ended: Promise<void>;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #ways: Record<Way, Flow>;
  #forgotten = false;

  constructor(client: Socket, server: Socket) {
    this.#client = client;
    this.#server = server;
    const cut = () => this.reset();
    this.#ways = { up: new Flow(client, server, cut), down: new Flow(server, client, cut) };
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on("error", () => {});
      // one that ended of itself has flushed and said so (`end`); any other takes its peer with it
      socket.on("close", (hadError: boolean) => (hadError || !this.#isDone) && !this.#forgotten && this.reset());
    }
    const closed = (socket: Socket) => new Promise<void>((done) => socket.once("close", () => done()));
    this.ended = Promise.all([closed(client), closed(server)]).then(() => {});
  }

  /** Resets both ends once so many more bytes have gone this way. */
  cutAfter(way: Way, bytes: number): void {
    this.#ways[way].left = bytes;
  }

  /** Takes nothing more from this way's source until `flow`: the senders' buffers fill. */
  stall(way: Way): void {
    this.#ways[way].stall();
  }

  delay(way: Way, ms: number): void {
    this.#ways[way].delayMs = ms;
  }

  /** Tells this way's receiver that no more comes, while the other way goes on. */
  halfClose(way: Way): void {
    this.#ways[way].finish();
  }

  /** The server sees a reset, the client nothing at all: as when a router forgets a connection. */
  forget(): void {
    this.#forgotten = true;
    for (const flow of Object.values(this.#ways)) flow.stall();
    this.#server.resetAndDestroy();
  }

  get isForgotten(): boolean {
    return this.#forgotten;
  }

  /** All goes through again, at once; what was forgotten stays so. */
  flow(): void {
    if (this.#forgotten) return;
    for (const flow of Object.values(this.#ways)) flow.go();
  }

  reset(): void {
    for (const flow of Object.values(this.#ways)) flow.stall();
    for (const socket of [this.#client, this.#server]) if (!socket.destroyed) socket.resetAndDestroy();
  }

  get #isDone(): boolean {
    return this.#ways.up.isDone && this.#ways.down.isDone;
  }
}

/** One direction, in order. */
class Flow {
  delayMs = 0;
  /** Bytes until the cut; null: none is planned. */
  left: number | null = null;
  /** The end was passed on. */
  isDone = false;
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #cut: () => void;
  /** null: the end. */
  #queue: { dueAt: number; chunk: Uint8Array | null }[] = [];
  #stalled = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(from: Socket, to: Socket, cut: () => void) {
    this.#from = from;
    this.#to = to;
    this.#cut = cut;
    from.on("data", (chunk: Uint8Array) => this.#take(chunk));
    from.on("end", () => this.#take(null));
    to.on("drain", () => this.#stalled || from.resume());
  }

  stall(): void {
    this.#stalled = true;
    this.#from.pause();
  }

  go(): void {
    this.#stalled = false;
    this.delayMs = 0;
    this.left = null;
    this.#from.resume();
    this.#pump();
  }

  /** Nothing more is passed on. */
  finish(): void {
    if (this.isDone) return;
    this.isDone = true;
    this.#queue = [];
    this.#to.end();
  }

  #take(chunk: Uint8Array | null): void {
    if (this.isDone) return;
    this.#queue.push({ dueAt: performance.now() + this.delayMs, chunk });
    this.#pump();
  }

  #pump(): void {
    clearTimeout(this.#timer);
    while (!this.#stalled && this.#queue.length > 0) {
      const { dueAt, chunk } = this.#queue[0]!;
      const waitMs = dueAt - performance.now();
      if (waitMs > 0 && this.delayMs > 0) {
        this.#timer = setTimeout(() => this.#pump(), waitMs);
        return;
      }
      this.#queue.shift();
      if (chunk === null) this.finish();
      else this.#pass(chunk);
    }
  }

  #pass(chunk: Uint8Array): void {
    if (this.#to.destroyed) return;
    if (this.left !== null && chunk.length >= this.left) {
      this.stall();
      this.#to.write(chunk.subarray(0, this.left), () => this.#cut());
      return;
    }
    if (this.left !== null) this.left -= chunk.length;
    if (!this.#to.write(chunk)) this.#from.pause();
  }
}
