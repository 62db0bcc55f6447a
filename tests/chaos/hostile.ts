// Attacks on the real program: each must leave it standing, its memory bounded and honest people's messages quick.
import { uuidv7 } from "../../protocol/uuid.ts";
import { MESSAGE_MAX_CHARS } from "../../protocol/limits.ts";
import { openSocket, type TestSocket } from "../helpers/socket.ts";
import { HonestPeople } from "./honest.ts";
import { broken, nonsense } from "./malformed.ts";
import { Random } from "./random.ts";
import { frame, RawSocket, upgradeRequest } from "./raw_socket.ts";
import { Site, type Visitor } from "./site.ts";

const SAMPLE_MS = 50;
const CALM_MS = 2_000;
const MIB = 1024 * 1024;
/** People that attack; each may hold so and so many connections. */
const ATTACKERS = 10;
const FRAMES_PER_CONNECTION = 50;
const FLOOD_WRITERS = 12;
const FLOOD_READERS = 8;
/** As many bytes as a message can have: each of its characters takes four in UTF-8. */
const LARGEST_BODY = "🌳".repeat(MESSAGE_MAX_CHARS);

/** How much of each attack. */
export interface Scale {
  fragmentMiB: number;
  floodMessages: number;
  halfOpen: number;
  malformedFrames: number;
}

export const FULL: Scale = { fragmentMiB: 256, floodMessages: 2_000, halfOpen: 2_000, malformedFrames: 100_000 };

export interface Report {
  name: string;
  /** How many frames, messages or requests the attack was made of. */
  tried: number;
  /** Most that the server's own memory grew by. */
  growthMiB: number;
  p99BeforeMs: number;
  p99DuringMs: number;
  /** Messages of honest people that the second figure is of. */
  honestMessages: number;
  /** What should not have happened. */
  faults: string[];
}

export function reportLine(
  { name, tried, growthMiB, p99BeforeMs, p99DuringMs, honestMessages, faults }: Report,
): string {
  return `${name}: ${tried} tried, memory +${growthMiB.toFixed(1)} MiB, others' p99 ${p99BeforeMs.toFixed(1)} → ` +
    `${p99DuringMs.toFixed(1)} ms (${honestMessages} messages), ${faults.length} faults`;
}

/** What an attack did: how much, and what came of it that should not have. */
type Outcome = Pick<Report, "tried" | "faults">;

export class Siege {
  readonly #site: Site;
  readonly #honest: HonestPeople;
  readonly #attackers: Visitor[];
  readonly #random: Random;

  private constructor(site: Site, honest: HonestPeople, attackers: Visitor[], seed: number) {
    this.#site = site;
    this.#honest = honest;
    this.#attackers = attackers;
    this.#random = new Random(seed);
  }

  /** Starts the program with honest people on it. */
  static async begin(seed: number): Promise<Siege> {
    const site = await Site.start();
    const honest = await HonestPeople.start(site);
    const names = Array.from({ length: ATTACKERS }, (_, index) => `attacker-${index}`);
    return new Siege(site, honest, await Promise.all(names.map((name) => site.visitor(name))), seed);
  }

  async end(): Promise<void> {
    await this.#honest.stop();
    await this.#site.stop();
  }

  /** Messages that never end, in large pieces, in single bytes, in empty ones, and one frame byte by byte. */
  fragments(mebibytes: number): Promise<Report> {
    return this.#measure("unfinished messages", async () => {
      const large = frame({ payload: "x".repeat(16_384), opcode: 0, fin: false });
      const small = repeat(frame({ payload: "x", opcode: 0, fin: false }), 2_000);
      const empty = repeat(frame({ opcode: 0, fin: false }), 2_000);
      const pieces: [name: string, piece: Uint8Array, count: number][] = [
        ["large", large, mebibytes * 64],
        ["small", small, mebibytes * 8],
        ["empty", empty, mebibytes * 8],
      ];
      let tried = 0;
      const faults = await Promise.all(pieces.map(async ([name, piece, count]) => {
        const socket = await this.#upgrade();
        await socket.write(frame({ payload: "x", fin: false }));
        for (let sent = 0; sent < count && socket.isOpen; sent++, tried++) await socket.write(piece);
        const cut = await within(socket.ended, 5_000);
        socket.destroy();
        return cut ? [] : [`a message of ${name} pieces without an end was not cut`];
      }));
      await this.#drip();
      return { tried, faults: faults.flat() };
    });
  }

  /** Frames that arrive byte by byte, on as many connections as a person may have, and never whole. */
  async #drip(): Promise<void> {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => this.#upgrade()));
    for (const socket of sockets) await socket.write(frame({ declaredBytes: 60_000 }));
    for (let bytes = 0; bytes < 3_000; bytes++) {
      for (const socket of sockets) await socket.write("x");
      if (bytes % 20 === 0) await pause(1);
    }
    for (const socket of sockets) socket.destroy();
  }

  /** Somebody in a busy group who never reads: is cut off, and the others get everything. */
  slowReader(messages: number): Promise<Report> {
    const writers = Promise.all(
      Array.from({ length: FLOOD_WRITERS }, (_, index) => this.#site.visitor(`writer-${uuidv7()}-${index}`)),
    );
    return this.#measure("a reader that never reads", async () => {
      const [lazy, ...people] = await Promise.all([this.#site.visitor("lazy"), ...await writers]);
      const group = await this.#site.createGroup(people[0]!, "A busy group", [lazy, ...people.slice(1)]);
      const reader = await RawSocket.upgrade(this.#site.url, lazy.token);
      reader.stopReading();
      const sockets = await Promise.all(people.map(({ token }) => this.#open(token)));
      const perWriter = Math.ceil(messages / sockets.length);
      await Promise.all(sockets.map((socket) => flood(socket, group, perWriter)));
      const total = perWriter * sockets.length;
      const complete = await Promise.all(
        sockets.slice(0, FLOOD_READERS).map((socket) => within(receivedAll(socket, total), 10_000)),
      );
      const faults = complete.filter((all) => !all).map(() => "another reader of the group did not get everything");
      const cutUnread = await until(() => this.#isCut(reader), 5_000);
      if (!cutUnread) faults.push("the reader that never reads is not cut off within 5 s");
      reader.readOn();
      if (!await within(reader.ended, 5_000)) faults.push("the reader that read on too late was not cut off");
      for (const socket of sockets) socket.close();
      return { tried: total, faults };
    });
  }

  /** Requests that never become whole, at every point where they can stop. Resolves before they are cut off: see `cutOff`. */
  async halfOpen(
    count: number,
  ): Promise<{ report: Report; cutOff: (headMs: number, bodyMs: number) => Promise<string[]> }> {
    const heads: RawSocket[] = [];
    const bodies: RawSocket[] = [];
    let openedAt = 0;
    const report = await this.#measure("half-open requests", async () => {
      const { token } = this.#attackers[0]!;
      const host = new URL(this.#site.url).host;
      const headOnly = ["", "GE", "GET /api/me HT", `GET /api/me HTTP/1.1\r\nHost: ${host}\r\nX-Fill: `];
      const body = `POST /api/sessions HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\n` +
        `Authorization: Bearer ${token}\r\nContent-Length: 60000\r\n\r\n{"username":`;
      openedAt = performance.now();
      for (let opened = 0; opened < count; opened++) {
        const socket = await RawSocket.open(this.#site.url);
        const shape = opened % (headOnly.length + 2);
        const text = headOnly[shape] ??
          (shape === headOnly.length ? upgradeRequest(this.#site.url, token, { finished: false }) : body);
        (text === body ? bodies : heads).push(socket);
        if (text !== "") socket.write(text);
      }
      await pause(CALM_MS);
      const refused = [...heads, ...bodies].filter(({ isOpen }) => !isOpen).length;
      const { status } = await this.#site.ask(token, "GET", "/api/me");
      const faults = status === 200 ? [] : [`beside them a request is answered ${status}`];
      if (refused === count) faults.push("all were cut at once: nothing was tried");
      return { tried: count, faults };
    });
    const cutOff = async (headMs: number, bodyMs: number) => {
      const open = async (sockets: RawSocket[], ms: number, what: string) => {
        const left = Math.max(0, openedAt + ms - performance.now());
        await within(Promise.all(sockets.map(({ ended }) => ended)), left);
        const stillOpen = sockets.filter(({ isOpen }) => isOpen).length;
        for (const socket of sockets) socket.destroy();
        return stillOpen === 0 ? [] : [`${stillOpen} of ${sockets.length} without ${what} are open after ${ms} ms`];
      };
      return (await Promise.all([open(heads, headMs, "a head"), open(bodies, bodyMs, "a body")])).flat();
    };
    return { report, cutOff };
  }

  /** Nonsense, answered or not, and frames that break the rules, over many connections. */
  malformed(frames: number): Promise<Report> {
    return this.#measure("malformed frames", async () => {
      let left = Math.ceil(frames / FRAMES_PER_CONNECTION);
      const connections = left;
      const faults: string[] = [];
      const attack = async () => {
        while (left-- > 0) {
          const socket = await this.#upgrade();
          for (let sent = 1; sent < FRAMES_PER_CONNECTION; sent++) await socket.write(nonsense(this.#random));
          const last = broken(this.#random);
          await socket.write(last);
          if (!await within(socket.ended, 10_000)) faults.push(`not closed after the frame ${hex(last)}`);
          socket.destroy();
        }
      };
      await Promise.all(Array.from({ length: ATTACKERS }, attack));
      return { tried: connections * FRAMES_PER_CONNECTION, faults };
    });
  }

  async #measure(name: string, attack: () => Promise<Outcome>): Promise<Report> {
    const calmFrom = Date.now();
    await pause(CALM_MS);
    const logged = this.#site.output.length;
    const troubles = this.#honest.troubles.length;
    const baseline = await memoryMiB(this.#site.pid);
    let peak = baseline;
    const sampling = setInterval(() => {
      memoryMiB(this.#site.pid).then((now) => peak = Math.max(peak, now), () => {});
    }, SAMPLE_MS);
    const from = Date.now();
    const { tried, faults } = await attack().finally(() => clearInterval(sampling));
    // what was sent in the last moments is counted when it has arrived
    await pause(SAMPLE_MS);
    peak = Math.max(peak, await memoryMiB(this.#site.pid));
    const errors = this.#site.output.slice(logged).filter((line) => / error |Uncaught|panicked/.test(line));
    const before = this.#honest.p99(calmFrom, from);
    const during = this.#honest.p99(from, Date.now());
    return {
      name,
      tried,
      growthMiB: peak - baseline,
      p99BeforeMs: before.ms,
      p99DuringMs: during.ms,
      honestMessages: during.count,
      faults: [
        ...faults,
        ...errors,
        ...this.#honest.troubles.slice(troubles).map((line) => `an honest person's socket: ${line}`),
      ],
    };
  }

  #upgrade(): Promise<RawSocket> {
    return RawSocket.upgrade(this.#site.url, this.#random.pick(this.#attackers).token);
  }

  #open(token: string): Promise<TestSocket> {
    return openSocket(this.#site.url, { headers: { authorization: `Bearer ${token}` } });
  }

  /** Whether the server has let go of a connection, though its peer cannot have heard of it (proc_net_tcp(5)). */
  async #isCut(socket: RawSocket): Promise<boolean> {
    if (!socket.isOpen) return true;
    const ends = [Number(new URL(this.#site.url).port), socket.localPort].map((port) =>
      `:${port.toString(16).toUpperCase().padStart(4, "0")}`
    );
    const lines = (await Deno.readTextFile("/proc/net/tcp")).split("\n").map((line) => line.trim().split(/\s+/));
    const own = lines.find(([, local, remote]) => local?.endsWith(ends[0]!) && remote?.endsWith(ends[1]!));
    const established = "01";
    return own?.[3] !== established;
  }
}

/** What the process alone holds in memory: its heap and buffers, not the program's own text (proc_pid_smaps(5)). */
async function memoryMiB(pid: number): Promise<number> {
  const text = await Deno.readTextFile(`/proc/${pid}/smaps_rollup`);
  return Number(/^Anonymous: +(\d+) kB$/m.exec(text)![1]) / 1024;
}

/** Sends as fast as the command limit lets it. */
async function flood(socket: TestSocket, conversationId: string, count: number): Promise<void> {
  for (let sent = 0; sent < count;) {
    const clientId = uuidv7();
    const { error } = await socket.ask({ command: "message:send", conversationId, clientId, body: LARGEST_BODY });
    if (error === undefined) sent++;
    else if (error.retryable) await pause((error.retryAfter ?? 0) * 1000);
    else throw new Error(JSON.stringify(error));
  }
}

async function receivedAll(socket: TestSocket, count: number): Promise<void> {
  await until(() => socket.events.filter(({ event }) => event === "message").length >= count, 10_000);
}

function repeat(bytes: Uint8Array, count: number): Uint8Array {
  const repeated = new Uint8Array(bytes.length * count);
  for (let at = 0; at < count; at++) repeated.set(bytes, at * bytes.length);
  return repeated;
}

const hex = (bytes: Uint8Array) =>
  [...bytes.subarray(0, 20)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = Promise.withResolvers<boolean>();
  const late = setTimeout(() => timer.resolve(false), ms);
  try {
    return await Promise.race([promise.then(() => true), timer.promise]);
  } finally {
    clearTimeout(late);
  }
}

/** Looks again and again, since what is looked at is another process's. */
async function until(holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  const begun = performance.now();
  while (!await holds()) {
    if (performance.now() - begun > ms) return false;
    await pause(SAMPLE_MS);
  }
  return true;
}
