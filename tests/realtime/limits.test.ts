// Limits: each is answered with a clear error before anything is closed, and nobody else notices.
import { connect as connectTcp } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLOSE } from "../../protocol/close_codes.ts";
import { createPerson, createTestServer, type TestServer } from "../helpers/server.ts";
import { connect, ok, pair, say } from "../helpers/talk.ts";

const status = { command: "user:status", status: "online" } as const;

describe("commands", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await createTestServer();
  });
  afterAll(() => server.close());

  it("[L1] are counted per person over all sockets; the refusal says how long to wait, and others are not held up", async () => {
    const { sita, a, b } = await pair(server);
    const second = await connect(server, sita);
    const replies = await Promise.all(Array.from({ length: 240 }, (_, turn) => (turn % 2 ? a : second).ask(status)));
    const limited = replies.filter((reply) => reply.error?.code === "rate_limited");
    expect(limited.length).toBeGreaterThan(10);
    expect(limited[0]!.error).toMatchObject({ retryable: true, retryAfter: expect.any(Number) });
    expect(limited[0]!.error!.retryAfter).toBeGreaterThan(0);
    await ok(b, status);
  });

  it("[L1] who goes on far beyond is closed with `rateLimited`, and may come back", async () => {
    const person = await createPerson(server, "Flood");
    const socket = await connect(server, person);
    for (let turn = 0; turn < 900; turn++) void socket.ask(status);
    expect(await socket.closed).toEqual({ code: CLOSE.rateLimited.code, reason: CLOSE.rateLimited.reason });
    const refusals = socket.items.filter((item) => "error" in item && item.error.code === "rate_limited");
    expect(refusals.length).toBeGreaterThan(500);
    expect((await (await connect(server, person)).event("welcome")).userId).toBe(person.me.id);
  });
});

describe("connections", () => {
  it("[C8] of one person are as many as allowed, however many come at once; a place that is free again can be had", async () => {
    const server = await createTestServer({ limits: { connectionsPerPerson: 4 } });
    try {
      const person = await createPerson(server, "Many");
      const opened = await Promise.allSettled(Array.from({ length: 24 }, () => connect(server, person)));
      const sockets = opened.flatMap((one) => one.status === "fulfilled" ? [one.value] : []);
      const refused = opened.flatMap((one) => one.status === "rejected" ? [one.reason.status] : []);
      expect([sockets.length, new Set(refused)]).toEqual([4, new Set([429])]);
      await connect(server, await createPerson(server, "Other"));
      sockets[0]!.ws.close();
      await sockets[0]!.closed;
      await connect(server, person);
    } finally {
      await server.close();
    }
  });

  it("[C8] of one address are as many as allowed, whoever asks, and before anybody is looked up", async () => {
    const server = await createTestServer({ limits: { connectionsPerAddress: 2 } });
    try {
      const { a, b, sita } = await pair(server);
      await expect(connect(server, sita)).rejects.toMatchObject({ status: 429 });
      await expect(connect(server, sita, { cookie: null })).rejects.toMatchObject({ status: 429 });
      await ok(a, status);
      b.ws.close();
      await b.closed;
      await connect(server, sita);
    } finally {
      await server.close();
    }
  });
});

describe("requests that never end", () => {
  /** Writes to the server and waits until it hangs up; gives what it said. */
  const untilCut = (port: number, written: string) =>
    new Promise<string>((resolve) => {
      let said = "";
      const socket = connectTcp(port, "127.0.0.1", () => socket.write(written));
      socket.on("data", (data) => said += data.toString());
      socket.on("error", () => {});
      socket.on("close", () => resolve(said));
    });

  it("[L2] are cut off in the head and in the body; an open socket, which ends no sooner, is not", async () => {
    const server = await createTestServer({ timings: { headMs: 150, requestMs: 300 } });
    try {
      const { id, a, b } = await pair(server);
      const post = "POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n";
      const [head, body] = await Promise.all([
        untilCut(server.port, "GET /api/config HTTP/1.1\r\nHost: x\r\n"),
        untilCut(server.port, `${post}\r\n{"username":`),
      ]);
      for (const said of [head, body]) expect(said === "" || said.startsWith("HTTP/1.1 408")).toBe(true);
      await say(a, id, "still here");
      await b.message("still here");
    } finally {
      await server.close();
    }
  });
});
