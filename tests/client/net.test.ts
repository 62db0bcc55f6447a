// The socket and the outbox: replies by ref, back up after a loss, one message however often it had to be sent.
import { beforeEach, describe, expect, it } from "vitest";
import type { Message } from "../../protocol/models.ts";
import { backoffMs } from "../../client/net/clock.ts";
import { Outbox } from "../../client/net/outbox.ts";
import { createRest } from "../../client/net/rest.ts";
import { Socket } from "../../client/net/socket.ts";
import type { News } from "../../client/net/tabs.ts";
import { Failure } from "../../client/state/failure.ts";
import type { Pending } from "../../client/state/outbox.ts";
import { parseRoute } from "../../client/state/route.ts";
import { createStore } from "../../client/state/store.ts";
import { TestClock } from "./clock.ts";
import { CONFIG, EPOCH, ME, me, message, ROOM } from "./samples.ts";

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
    onEvents: (events) => log.push(...events.map(({ event }) => event)),
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

  it("tells a burst of frames as one, and what came before a reply before it", () => {
    const { socket, clock, log } = connect();
    FarEnd.last.welcomes();
    clock.go(100);
    const event = { event: "conversation", conversationId: ROOM };
    log.length = 0;
    FarEnd.last.says(event, event);
    expect(log).toEqual(["conversation", "conversation"]);
    FarEnd.last.says(event);
    FarEnd.last.says(event);
    expect(log).toHaveLength(2);
    clock.go(16);
    expect(log).toHaveLength(4);
    socket.request("sync", { epoch: null, cursors: [], list: false }, () => log.push("reply"));
    FarEnd.last.says(event, { ref: FarEnd.last.sent[0]!.ref, ok: {} }, event);
    expect(log.slice(4)).toEqual(["conversation", "reply"]);
    // What was heard before the connection ended is told all the same.
    FarEnd.last.ends();
    expect(log.slice(6, 8)).toEqual(["conversation", "down"]);
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
    const store = createStore(parseRoute("/en/messages"), 0);
    store.apply({ type: "signedIn", config: CONFIG, me: me() });
    const kept = new Map<string, Message>();
    const stored = new Map<string, Pending>();
    const attempts: string[] = [];
    const plan: (Failure | "answer lost")[] = [];
    const outbox = new Outbox({
      store,
      clock,
      storage: {
        putPending: (pending) => {
          stored.set(pending.clientId, pending);
          return Promise.resolve();
        },
        allPending: () => Promise.resolve([...stored.values()]),
      },
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
    const pendingOf = (body: string, conversationId = ROOM): Pending => ({
      clientId: `id of ${body}`,
      conversationId,
      body,
      createdAt: "",
      failed: null,
    });
    const write = (...bodies: string[]) => Promise.all(bodies.map((body) => outbox.add(pendingOf(body))));
    const waiting = () => store.outbox.value.map(({ body, failed }) => failed ? `${body}: ${failed}` : body);
    return { clock, store, outbox, kept, stored, attempts, plan, pendingOf, write, waiting };
  }

  it("sends in order, one after the other", async () => {
    const { write, attempts, waiting } = sending();
    await write("one", "two", "three");
    await turn();
    expect(attempts).toEqual(["one", "two", "three"]);
    expect(waiting()).toEqual([]);
  });

  it("repeats under the same client id when an answer is lost: one message", async () => {
    const { write, clock, plan, kept, attempts, waiting } = sending();
    plan.push("answer lost", "answer lost");
    await write("one", "two");
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
    const { write, plan, waiting, stored } = sending();
    plan.push(new Failure("recipient_left"));
    await write("one", "two");
    await turn();
    expect(waiting()).toEqual(["one: recipient_left"]);
    expect(stored.get("id of one")!.failed).toBe("recipient_left");
  });

  it("does not hold up one conversation for another", async () => {
    const { outbox, pendingOf, plan, waiting } = sending();
    plan.push(new Failure("offline"));
    await outbox.add(pendingOf("one", "a"));
    await turn();
    await outbox.add(pendingOf("two", "b"));
    await turn();
    expect(waiting()).toEqual(["one"]);
  });

  it("shows nothing as written before it is kept, unless the disk takes too long", async () => {
    const { clock, outbox, pendingOf, store, waiting } = sending();
    let disk = Promise.withResolvers<void>();
    const slow = new Outbox({
      store,
      clock,
      storage: { putPending: () => disk.promise, allPending: () => Promise.resolve([]) },
      deliver: () => Promise.reject(new Failure("offline")),
      onUnauthenticated: () => {},
    });
    slow.add(pendingOf("one"));
    await turn();
    expect(waiting()).toEqual([]);
    disk.resolve();
    await turn();
    expect(waiting()).toEqual(["one"]);
    disk = Promise.withResolvers<void>();
    slow.add(pendingOf("two"));
    await turn();
    clock.go(250);
    await turn();
    expect(waiting()).toEqual(["one", "two"]);
    outbox.discard("id of one");
    expect(waiting()).toEqual(["two"]);
  });

  it("leaves the sending to the tab whose turn it is, and takes over what that one left behind", async () => {
    const { outbox, pendingOf, stored, attempts, waiting } = sending();
    const told: string[] = [];
    const tabs = { isSender: false, tell: ({ type }: { type: string }) => told.push(type) };
    outbox.shareWith(tabs);
    await outbox.add(pendingOf("one"));
    stored.set("id of two", pendingOf("two"));
    await turn();
    expect([attempts, told]).toEqual([[], ["queued"]]);
    tabs.isSender = true;
    await outbox.takeOver();
    await turn();
    expect(attempts).toEqual(["one", "two"]);
    expect(told).toEqual(["queued", "arrived", "arrived"]);
    expect(waiting()).toEqual([]);
  });

  it("[S4] has the tab that sends look again for what still waits here, on each new connection", async () => {
    const { outbox, pendingOf, plan, waiting, write, store } = sending();
    plan.push(new Failure("recipient_left"));
    await write("refused");
    await turn();
    const sender = sending();
    let news = Promise.resolve();
    const hears = (other: Outbox) => (one: News) => void (news = news.then(() => other.hear(one)));
    outbox.shareWith({ isSender: false, tell: hears(sender.outbox) });
    sender.outbox.shareWith({ isSender: true, tell: hears(outbox) });
    // It arrived while nobody told this tab.
    store.apply({ type: "queued", pending: pendingOf("one") });
    outbox.flush();
    await turn();
    expect(waiting()).toEqual(["refused: recipient_left"]);
    expect(sender.attempts).toEqual(["one"]);
  });

  it("hears of what the other tabs write, send and drop", async () => {
    const { outbox, pendingOf, waiting } = sending();
    outbox.shareWith({ isSender: false, tell: () => {} });
    for (const body of ["one", "two", "three"]) outbox.hear({ type: "queued", pending: pendingOf(body) });
    outbox.hear({ type: "arrived", message: message(1, { senderId: ME, clientId: "id of one" }) });
    outbox.hear({ type: "refused", clientId: "id of two", code: "recipient_left" });
    outbox.hear({ type: "discarded", clientId: "id of three" });
    await turn();
    expect(waiting()).toEqual(["two: recipient_left"]);
  });

  it("waits as long as the server asks", async () => {
    const { write, clock, plan, attempts } = sending();
    plan.push(new Failure("rate_limited", { retryable: true, retryAfter: 7 }));
    await write("one");
    await turn();
    clock.go(6999);
    expect(attempts).toEqual(["one"]);
    clock.go(1);
    expect(attempts).toEqual(["one", "one"]);
  });

  it("keeps everything when the session has ended", async () => {
    const { write, plan, attempts, waiting } = sending();
    plan.push(new Failure("unauthenticated"));
    await write("one");
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
