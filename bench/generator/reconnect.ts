// Everybody is cut and comes back at once while messages go on: how long until all have what they missed, each once.
import { Client, newRun, openAll, SeenFrames, Sender } from "./client.ts";
import { CATCH_UP, type Known } from "./catch_up.ts";
import { watchCpu } from "./cpu.ts";
import type { ReconnectJob, ReconnectResult } from "./job.ts";
import { PROTOCOLS } from "./protocols.ts";
import type { Scan } from "./scan.ts";
import { tokenOf } from "./tokens.ts";
import { Verifier } from "./verifier.ts";

const HANDSHAKES_AT_ONCE = 100;
/** Traffic before the cut and after the return. */
const TRAFFIC_MS = 1_000;
const DRAIN_MS = 10_000;

interface Room {
  conversationId: string;
  verifier: Verifier;
  seen: SeenFrames;
  sender: Sender | null;
}

/** Someone in a room, over the cut: what they have, and what waits until they have caught up. */
class Member {
  readonly known: Known;
  client: Client | null = null;
  /** What came live before the answer: applied after it, where it is newer. Null: nothing is asked. */
  #waiting: { sender: number; counter: number; number: number }[] | null = null;
  #caughtUp = Promise.withResolvers<number>();
  readonly #job: ReconnectJob;
  readonly #room: Room;
  readonly #place: number;

  constructor(job: ReconnectJob, room: Room, place: number) {
    this.#job = job;
    this.#room = room;
    this.#place = place;
    this.known = { conversationId: room.conversationId, last: 0, epoch: null };
  }

  open(person: number, token: string, failed: (why: Error) => void): Client {
    const { seen } = this.#room;
    const received = (scan: Scan) => {
      try {
        this.#received(scan);
      } catch (error) {
        failed(error as Error);
      }
    };
    return this.client = new Client({ job: this.#job, person, token, seen, received, failed });
  }

  cut(): void {
    this.client!.close();
    this.#waiting = [];
  }

  /** Resolves with how many messages it had missed. */
  catchUp(): Promise<number> {
    this.client!.write(CATCH_UP[this.#job.protocol].ask(this.known));
    return this.#caughtUp.promise;
  }

  #received({ deliveries, acknowledged, other }: Scan): void {
    for (const text of other) this.#readOther(text);
    for (let at = 0; at < deliveries.length; at += 3) {
      const [sender, counter, number] = [deliveries[at]!, deliveries[at + 1]!, deliveries[at + 2]!];
      if (this.#waiting) this.#waiting.push({ sender, counter, number });
      else this.#apply(sender, counter, number);
    }
    for (const counter of acknowledged) this.#room.verifier.acknowledged(0, counter);
  }

  #readOther(text: string): void {
    if (text.startsWith('{"event":"welcome"')) this.known.epoch = JSON.parse(text).epoch;
    if (this.#waiting === null) return;
    const missed = CATCH_UP[this.#job.protocol].read(text);
    if (missed === null) return;
    for (const { body, number } of missed) this.#apply(Number(body.slice(1, 7)), Number(body.slice(8, 16)), number);
    for (const { sender, counter, number } of this.#waiting) {
      if (number > this.known.last) this.#apply(sender, counter, number);
    }
    this.#waiting = null;
    this.#caughtUp.resolve(missed.length);
  }

  #apply(sender: number, counter: number, number: number): void {
    this.#room.verifier.delivered(this.#place, sender, counter, number);
    this.known.last = Math.max(this.known.last, number);
  }
}

export async function reconnectRun(job: ReconnectJob): Promise<ReconnectResult> {
  const { conversationIds, membersPerRoom, protocol, bodyChars, perSecond, atOnce, awayMs } = job;
  const { gapless, message } = PROTOCOLS[protocol];
  const run = newRun();
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => {});
  const rooms = conversationIds.map((conversationId): Room => ({
    conversationId,
    verifier: new Verifier(membersPerRoom, 1, gapless),
    seen: new SeenFrames(),
    sender: null,
  }));
  const members = rooms.flatMap((room) =>
    Array.from({ length: membersPerRoom }, (_, place) => new Member(job, room, place))
  );
  const tokens = members.map((_, person) => tokenOf(person, job.jwt));
  const open = (member: Member, person: number) => member.open(person, tokens[person]!, lost.reject);
  const work = async (): Promise<ReconnectResult> => {
    await openAll(members.map((member, person) => () => open(member, person)), HANDSHAKES_AT_ONCE);
    for (const [index, room] of rooms.entries()) {
      const client = members[index * membersPerRoom]!.client!;
      room.sender = new Sender(client, message(room.conversationId, 0, bodyChars), { run, room: index, sender: 0 });
    }
    const stop = sendSteadily(rooms, perSecond);
    try {
      // Everybody has something before the cut, so that there is a place to resume from.
      while (members.some((member) => member.known.last === 0)) await wait(50);
      await wait(TRAFFIC_MS);
      const away = members.map((member, person) => ({ member, person })).filter((one) =>
        one.person % membersPerRoom !== 0
      );
      for (const { member } of away) member.cut();
      await wait(awayMs);
      const used = watchCpu(job.watched);
      const begun = performance.now();
      const caughtUp: Promise<number>[] = [];
      await openAll(
        away.map(({ member, person }) => () => {
          const client = open(member, person);
          caughtUp.push(client.ready.then(() => member.catchUp()));
          return client;
        }),
        atOnce,
      );
      const missed = (await Promise.all(caughtUp)).reduce((sum, count) => sum + count, 0);
      const allBackMs = performance.now() - begun;
      const cpu = used();
      await wait(TRAFFIC_MS);
      stop();
      await drain(rooms);
      return { kind: "reconnect", allBackMs, missed, faults: faultsOf(rooms), cpu };
    } finally {
      stop();
    }
  };
  try {
    return await Promise.race([work(), lost.promise]);
  } finally {
    for (const { client } of members) client?.close();
  }
}

/** Sends in turn in each room; returns how to stop. */
function sendSteadily(rooms: Room[], perSecond: number): () => void {
  const start = performance.now();
  let next = 0;
  const timer = setInterval(() => {
    const due = ((performance.now() - start) * perSecond) / 1000;
    for (; next < due; next++) rooms[next % rooms.length]!.sender!.send(1);
  }, 5);
  return () => clearInterval(timer);
}

async function drain(rooms: Room[]): Promise<void> {
  const giveUpAt = performance.now() + DRAIN_MS;
  const isDone = ({ sender, verifier }: Room) => verifier.acknowledgedBy(0) === sender!.count && verifier.lost === 0;
  while (performance.now() < giveUpAt && !rooms.every(isDone)) await wait(20);
}

function faultsOf(rooms: Room[]): ReconnectResult["faults"] {
  const sum = (count: (room: Room) => number) => rooms.reduce((total, room) => total + count(room), 0);
  return {
    lost: sum(({ verifier }) => verifier.lost),
    doubled: sum(({ verifier }) => verifier.doubled),
    reordered: sum(({ verifier }) => verifier.reordered),
    gaps: sum(({ verifier }) => verifier.gaps),
    refused: sum(({ sender, verifier }) => sender!.count - verifier.acknowledgedBy(0)),
    firstRefusal: null,
  };
}

function wait(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
