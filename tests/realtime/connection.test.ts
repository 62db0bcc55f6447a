// Connections: frames, the welcome, and the bound on what waits for a slow reader.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CLOSE } from "../../protocol/close_codes.ts";
import type { Principal } from "../../server/auth/principal.ts";
import { Connection, type Wire } from "../../server/realtime/connection.ts";
import type { Dispatch } from "../../server/realtime/dispatch.ts";
import { Flusher } from "../../server/realtime/flusher.ts";
import { Batch } from "../../server/room/subscriber.ts";
import { createTestServer, type TestServer } from "../helpers/server.ts";
import { connect, messagesHeard, pair, say, send, settled, sync, three, watch } from "../helpers/talk.ts";

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ limits: { commandsPerMinute: 1_000_000 } });
});
afterAll(() => server.close());

describe("frames", () => {
  it("[C3] every frame is a list, and what one flush holds comes in one: events and replies, oldest first", async () => {
    const { id, a, b } = await pair(server);
    const replies = ["one", "two", "three"].map((body) => a.ask(send(id, body)));
    await Promise.all(replies);
    for (const frame of [...a.frames, ...b.frames]) expect(JSON.parse(frame)).toBeInstanceOf(Array);
    const seqs = a.items.flatMap((item) => "event" in item && item.event === "message" ? [item.message.seq] : []);
    expect(seqs).toEqual([1, 2, 3]);
    await b.message("three");
    expect(b.frames.length).toBeLessThanOrEqual(4);
  });

  it("[C3] a reply carries the ref of its command, whatever the order", async () => {
    const { id, a } = await pair(server);
    a.ws.send(JSON.stringify({ ref: '"quoted" ref', ...send(id, "x") }));
    a.ws.send(JSON.stringify({ ref: "other", command: "nonsense" }));
    const [sent, refused] = await Promise.all([a.reply('"quoted" ref'), a.reply("other")]);
    expect(sent.ok.message.body).toBe("x");
    expect(refused.error!.code).toBe("invalid");
  });

  it("[C4] the welcome comes first on every connection, before anything else that happens", async () => {
    const { sita, id, b } = await pair(server);
    const busy = Promise.all(Array.from({ length: 30 }, (_, turn) => say(b, id, `busy ${turn}`)));
    const late = await Promise.all(Array.from({ length: 5 }, () => connect(server, sita)));
    await busy;
    await Promise.all(late.map((socket) => settled(socket)));
    for (const socket of late) expect(socket.items[0]).toMatchObject({ event: "welcome", userId: sita.me.id });
  });

  it("[C4] another epoch voids the cursors: nothing is answered from them", async () => {
    const { id, a } = await pair(server);
    await say(a, id, "here");
    const answer = await sync(a, { [id]: { seq: 0, version: 0 } }, { epoch: crypto.randomUUID() });
    expect(answer).toMatchObject({ reset: true, conversations: [] });
    expect(answer.epoch).toBe((await a.event("welcome")).epoch);
  });
});

describe("[C6] close codes", () => {
  it("[C6] each says whether to come back, once, in the range that RFC 6455 leaves to applications or its own", () => {
    const reasons = Object.values(CLOSE);
    expect(new Set(reasons.map((one) => one.code)).size).toBe(reasons.length);
    for (const { code, reason } of reasons) {
      expect(code === 1001 || code === 1009 || (code >= 4000 && code <= 4999)).toBe(true);
      expect(new TextEncoder().encode(reason).length).toBeLessThanOrEqual(123);
    }
    expect(reasons.filter((one) => one.reconnect).map((one) => one.code).sort()).toEqual([1001, 4000, 4429]);
  });

  it("[C6] a server that stops says so", async () => {
    const stopping = await createTestServer();
    const { a } = await pair(stopping);
    await stopping.close();
    expect((await a.closed).code).toBe(CLOSE.goingAway.code);
  });
});

describe("a slow reader", () => {
  it("[C7] is cut when too much waits for it; the others get everything, without a gap", async () => {
    const { id, a, b, c } = await three(server);
    await watch(c, id);
    c.ws.pause();
    const body = "म".repeat(4000);
    for (let turn = 0; turn < 10; turn++) await Promise.all(Array.from({ length: 120 }, () => say(a, id, body)));
    const last = await say(a, id, "last");
    await b.message("last");
    expect(messagesHeard(b, id).map((one) => one.seq)).toEqual(Array.from({ length: last.seq - 1 }, (_, i) => i + 2));
    c.ws.resume();
    // Its close frame stands behind what it has not read: it may be cut before it comes to it.
    expect([CLOSE.slow.code, 1006]).toContain((await c.closed).code);
    expect(messagesHeard(c, id).length).toBeLessThan(last.seq - 1);
  });

  const principal: Principal = { userId: "u", role: "member", sessionId: "s", expiresAt: Infinity, via: "cookie" };
  /** A connection on a wire whose buffer the test fills. */
  function onWire(dispatch: Dispatch = () => Promise.resolve({ json: "{}" })) {
    const wire = { sent: [] as string[], closed: [] as number[], bufferedBytes: 0 };
    const end: Wire = {
      send: (text) => wire.sent.push(text),
      close: (code) => wire.closed.push(code),
      get bufferedBytes() {
        return wire.bufferedBytes;
      },
    };
    const flusher = new Flusher();
    const clock = { now: 0 };
    return { wire, flusher, clock, connection: new Connection(principal, end, dispatch, flusher, () => clock.now) };
  }
  const event = () => Batch.of({ event: "conversation", conversationId: crypto.randomUUID() });

  it("[C7] is closed with `slow` over 4 MiB, and gets nothing more", async () => {
    const { wire, flusher, connection } = onWire();
    wire.bufferedBytes = 4 * 1024 * 1024;
    connection.send(event());
    await flusher.flushed();
    expect(wire.closed).toEqual([]);
    wire.bufferedBytes++;
    connection.send(event());
    connection.send(event());
    await flusher.flushed();
    connection.send(event());
    await flusher.flushed();
    expect([wire.closed, wire.sent.length]).toEqual([[CLOSE.slow.code], 2]);
  });

  it("[C7] is closed with `slow` when something has waited for 15 seconds, not when it takes what there is", () => {
    const { wire, connection, clock } = onWire();
    const checkAt = (ms: number, bufferedBytes: number) => {
      clock.now = ms;
      wire.bufferedBytes = bufferedBytes;
      connection.check();
    };
    for (const ms of [0, 10_000, 15_000]) checkAt(ms, 1);
    expect(wire.closed).toEqual([]);
    checkAt(16_000, 0);
    for (const ms of [17_000, 32_000]) checkAt(ms, 1);
    expect(wire.closed).toEqual([]);
    checkAt(32_001, 1);
    expect(wire.closed).toEqual([CLOSE.slow.code]);
  });

  it("[C5] is closed when it goes on sending what are no commands; one command between them forgives", async () => {
    const { wire, connection } = onWire();
    const command = JSON.stringify({ ref: "1", command: "user:status", status: "away" });
    const nonsense = (frames: number) => {
      for (let sent = 0; sent < frames; sent++) connection.receive("nonsense");
    };
    nonsense(19);
    connection.receive(command);
    nonsense(19);
    expect(wire.closed).toEqual([]);
    nonsense(1);
    expect(wire.closed).toEqual([CLOSE.badFrame.code]);
    await Promise.resolve();
    expect(wire.sent.join().match(/bad_request/g)).toHaveLength(39);
  });

  it("[A2] a command that comes while the socket is being closed is not run", async () => {
    const dispatch = vi.fn<Dispatch>(() => Promise.resolve({ json: "{}" }));
    const { connection } = onWire(dispatch);
    const command = JSON.stringify({ ref: "1", command: "user:status", status: "away" });
    connection.receive(command);
    connection.close("unauthenticated");
    connection.receive(command);
    await Promise.resolve();
    expect(dispatch).toHaveBeenCalledTimes(1);
  });

  it("[A2] is closed when its time is over, by the clock of the server: at the next check, or before a command", () => {
    const command = JSON.stringify({ ref: "1", command: "user:status", status: "away" });
    for (const what of ["check", "command"]) {
      const dispatch = vi.fn<Dispatch>(() => Promise.resolve({ json: "{}" }));
      const { wire, connection, clock } = onWire(dispatch);
      connection.principal = { ...principal, expiresAt: 90 * 24 * 3_600_000 };
      const act = () => what === "check" ? connection.check() : connection.receive(command);
      clock.now = connection.principal.expiresAt - 1;
      act();
      expect(wire.closed).toEqual([]);
      const before = dispatch.mock.calls.length;
      clock.now++;
      act();
      expect([wire.closed, dispatch.mock.calls.length]).toEqual([[CLOSE.unauthenticated.code], before]);
    }
  });
});
