// The socket and the outbox: replies by ref, back up after a loss, one message however often it had to be sent.
import { beforeEach, describe, expect, it } from "vitest";
import type { Message } from "../../protocol/models.ts";
import { backoffMs, type Clock } from "../../client/net/clock.ts";
import { Outbox } from "../../client/net/outbox.ts";
import { createRest } from "../../client/net/rest.ts";
import { Socket } from "../../client/net/socket.ts";
import { Failure } from "../../client/state/failure.ts";
import type { Pending } from "../../client/state/outbox.ts";
import { createStore } from "../../client/state/store.ts";
import { CONFIG, EPOCH, ME, message, ROOM, user } from "./samples.ts";

/** A clock that goes when the test says so. */
class TestClock implements Clock {
  #now = 0;
  #timers: { at: number; then: () => void }[] = [];
  random = () => 1;
  after(ms: number, then: () => void): () => void {
    const timer = { at: this.#now + ms, then };
    this.#timers.push(timer);
    return () => this.#timers = this.#timers.filter((one) => one !== timer);
  }
  go(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { then } of due) then();
  }
}

/** The far end of a socket, in the test's hands. */
class FarEnd {
  static all: FarEnd[] = [];
  static get last(): FarEnd {
    return FarEnd.all.at(-1)!;
  }
  sent: Record<string, unknown>[] = [];
  isClosed = false;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(readonly url: string, readonly protocols: string[]) {
    FarEnd.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.isClosed = true;
  }
  says(...items: unknown[]): void {
    this.onmessage?.({ data: JSON.stringify(items) });
  }
  welcomes(): void {
    this.says({ event: "welcome", epoch: EPOCH, userId: ME });
  }
  ends(code = 1006): void {
    this.onclose?.({ code });
  }
}

const turn = () => new Promise<void>((resolve) => setTimeout(resolve));

function connect() {
  const clock = new TestClock();
  const log: string[] = [];
  const socket = new Socket({
    url: "ws://test/api/messages/socket",
    clock,
    onEvent: ({ event }) => log.push(event),
    onState: (state) => log.push(state),
    onRefused: () => log.push("refused"),
    WebSocket: FarEnd as unknown as typeof WebSocket,
  });
  socket.start();
  return { socket, clock, log };
}

beforeEach(() => {
  FarEnd.all = [];
});

describe("the socket", () => {
  const fields = { conversationId: ROOM, clientId: "c", body: "hi" };

  it("is open from the welcome on, under our subprotocol", () => {
    const { socket } = connect();
    expect(FarEnd.last.protocols).toEqual(["chautari.v1"]);
    expect(socket.isOpen).toBe(false);
    FarEnd.last.welcomes();
    expect(socket.isOpen).toBe(true);
  });

  it("gives each request its own reply, whatever their order", async () => {
    const { socket } = connect();
    FarEnd.last.welcomes();
    const one = socket.request("message:send", fields);
    const two = socket.request("message:send", fields);
    const [first, second] = FarEnd.last.sent;
    FarEnd.last.says({ ref: second!.ref, ok: { message: 2 } }, {
      ref: first!.ref,
      error: { code: "recipient_left", message: "", retryable: false },
    });
    expect(await two).toEqual({ message: 2 });
    await expect(one).rejects.toMatchObject({ code: "recipient_left", retryable: false });
  });

  it("fails what waits as offline when the connection ends, and comes back by itself", async () => {
    const { socket, clock, log } = connect();
    FarEnd.last.welcomes();
    const waiting = socket.request("message:send", fields);
    FarEnd.last.ends();
    await expect(waiting).rejects.toMatchObject({ code: "offline", retryable: true });
    await expect(socket.request("message:send", fields)).rejects.toMatchObject({ code: "offline" });
    expect(FarEnd.all).toHaveLength(1);
    clock.go(500);
    expect(FarEnd.all).toHaveLength(2);
    FarEnd.last.welcomes();
    expect(log).toEqual(["connecting", "open", "welcome", "down", "connecting", "open", "welcome"]);
  });

  it("waits longer after each attempt that fails, and not at all when woken", () => {
    const { socket, clock, log } = connect();
    for (const ms of [500, 1000, 2000]) {
      FarEnd.last.ends();
      const before = FarEnd.all.length;
      clock.go(ms - 1);
      expect(FarEnd.all).toHaveLength(before);
      clock.go(1);
      expect(FarEnd.all).toHaveLength(before + 1);
    }
    expect(log.filter((entry) => entry === "refused")).toHaveLength(3);
    FarEnd.last.ends();
    socket.wake();
    expect(FarEnd.all).toHaveLength(5);
    // The pause that was cut short must not bring a second one.
    clock.go(4000);
    expect(FarEnd.all).toHaveLength(5);
  });

  it("takes a connection that answers nothing for dead", async () => {
    const { socket, clock } = connect();
    FarEnd.last.welcomes();
    const waiting = socket.request("message:send", fields);
    clock.go(15_000);
    await expect(waiting).rejects.toMatchObject({ code: "offline" });
    expect(FarEnd.last.isClosed).toBe(true);
    clock.go(500);
    expect(FarEnd.all).toHaveLength(2);
  });

  it("stays down once stopped, and hears nothing more of the old connection", () => {
    const { socket, clock, log } = connect();
    FarEnd.last.welcomes();
    socket.stop();
    FarEnd.last.says({ event: "conversation", conversationId: ROOM });
    FarEnd.last.ends();
    clock.go(60_000);
    expect(FarEnd.all).toHaveLength(1);
    expect(log.at(-1)).toBe("down");
  });

  it("spreads the returns of many pages", () => {
    expect([backoffMs(0, 0), backoffMs(0, 1), backoffMs(3, 1), backoffMs(99, 1), backoffMs(99, 0)])
      .toEqual([250, 500, 4000, 30_000, 15_000]);
  });
});

describe("the outbox", () => {
  /** A server that keeps messages by client id, and can lose its answers. */
  function sending() {
    const clock = new TestClock();
    const store = createStore({ lang: "en", page: "list", conversationId: null }, 0);
    store.apply({
      type: "signedIn",
      config: CONFIG,
      me: { ...user(ME), externalId: null, locale: null, role: "member" },
    });
    const kept = new Map<string, Message>();
    const attempts: string[] = [];
    const plan: (Failure | "answer lost")[] = [];
    const outbox = new Outbox({
      store,
      clock,
      deliver: async ({ clientId, body }: Pending) => {
        attempts.push(body);
        const next = plan.shift();
        if (next instanceof Failure) throw next;
        const known = kept.get(clientId) ?? message(kept.size + 1, { senderId: ME, clientId, body });
        kept.set(clientId, known);
        await Promise.resolve();
        if (next === "answer lost") throw new Failure("offline");
        return known;
      },
      onUnauthenticated: () => attempts.push("unauthenticated"),
    });
    const write = (body: string, conversationId = ROOM) => {
      const pending = { clientId: `id of ${body}`, conversationId, body, createdAt: "", failed: null };
      store.apply({ type: "queued", pending });
      outbox.flush();
    };
    const waiting = () => store.outbox.value.map(({ body, failed }) => failed ? `${body}: ${failed}` : body);
    return { clock, store, outbox, kept, attempts, plan, write, waiting };
  }

  it("sends in order, one after the other", async () => {
    const { write, attempts, waiting } = sending();
    write("one");
    write("two");
    write("three");
    expect(attempts).toEqual(["one"]);
    await turn();
    expect(attempts).toEqual(["one", "two", "three"]);
    expect(waiting()).toEqual([]);
  });

  it("repeats under the same client id when an answer is lost: one message", async () => {
    const { write, clock, plan, kept, attempts, waiting } = sending();
    plan.push("answer lost", "answer lost");
    write("one");
    write("two");
    await turn();
    expect(waiting()).toEqual(["one", "two"]);
    clock.go(500);
    await turn();
    clock.go(1000);
    await turn();
    expect(waiting()).toEqual([]);
    expect(attempts).toEqual(["one", "one", "one", "two"]);
    expect([...kept.values()].map(({ body }) => body)).toEqual(["one", "two"]);
  });

  it("sets aside what is refused and goes on with the rest", async () => {
    const { write, plan, waiting } = sending();
    plan.push(new Failure("recipient_left"));
    write("one");
    write("two");
    await turn();
    expect(waiting()).toEqual(["one: recipient_left"]);
  });

  it("does not hold up one conversation for another", () => {
    const { write, attempts } = sending();
    write("one", "a");
    write("two", "b");
    expect(attempts).toEqual(["one", "two"]);
  });

  it("waits as long as the server asks", async () => {
    const { write, clock, plan, attempts } = sending();
    plan.push(new Failure("rate_limited", { retryable: true, retryAfter: 7 }));
    write("one");
    await turn();
    clock.go(6999);
    expect(attempts).toEqual(["one"]);
    clock.go(1);
    expect(attempts).toEqual(["one", "one"]);
  });

  it("keeps everything when the session has ended", async () => {
    const { write, plan, attempts, waiting } = sending();
    plan.push(new Failure("unauthenticated"));
    write("one");
    await turn();
    expect(attempts).toEqual(["one", "unauthenticated"]);
    expect(waiting()).toEqual(["one"]);
  });
});

describe("REST", () => {
  const rest = (response: Response | Error) =>
    createRest(() => response instanceof Error ? Promise.reject(response) : Promise.resolve(response));

  it("reads problem+json", async () => {
    const body = JSON.stringify({
      code: "invalid",
      retryable: false,
      problems: [{ pointer: "/body/name", detail: "x" }],
    });
    const headers = { "content-type": "application/problem+json", "retry-after": "3" };
    await expect(rest(new Response(body, { status: 422, headers })).me())
      .rejects.toMatchObject({ code: "invalid", retryable: false, retryAfter: 3, fields: ["name"] });
  });

  it("says offline for no answer, unavailable for a proxy's own page", async () => {
    await expect(rest(new TypeError("failed")).me()).rejects.toMatchObject({ code: "offline", retryable: true });
    await expect(rest(new Response("<html>", { status: 502 })).me())
      .rejects.toMatchObject({ code: "unavailable", retryable: true });
  });
});
