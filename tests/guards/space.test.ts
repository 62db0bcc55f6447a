// A disk that runs full: writes are refused as retryable, reading goes on, and all is well again without a restart.
import { afterAll, beforeAll, expect, it } from "vitest";
import { createLog } from "../../server/log.ts";
import { freeBytesOf, SpaceGuard } from "../../server/guards/space.ts";
import { StoreUnavailable } from "../../server/store/errors.ts";
import { createTestServer, expectProblem, type TestServer } from "../helpers/server.ts";
import { messagesHeard, ok, pair, say, send, START, syncOne } from "../helpers/talk.ts";

const MEGABYTE = 2 ** 20;
let freeBytes = 1024 * MEGABYTE;
let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ environment: { MIN_FREE_MB: "100" }, freeBytes: () => Promise.resolve(freeBytes) });
});
afterAll(() => server.close());

const readiness = async () => (await (await server.app.request("/readyz")).json()).reason ?? null;

it("[S10] refuses writes over socket and REST below the watermark, reads meanwhile, and writes again above it", async () => {
  const { id, sita, a, b } = await pair(server);
  const first = await say(a, id, "before");
  freeBytes = 99 * MEGABYTE;
  await expect.poll(readiness, { timeout: 20_000 }).toBe("disk space");

  const { error } = await a.ask(send(id, "meanwhile"));
  expect(error).toMatchObject({ code: "unavailable", retryable: true, retryAfter: 2 });
  const path = `/api/messages/conversations/${id}`;
  expectProblem(await sita.post(`${path}/messages`, { clientId: crypto.randomUUID(), body: "x" }), 503, "unavailable");
  expectProblem(await sita.put(`${path}/mute`, { until: null }), 503, "unavailable");
  const read = await sita.get(`${path}/messages`);
  expect(read.body.messages.map((message: { body: string }) => message.body)).toEqual(["before"]);
  expect((await syncOne(b, id, START)).messages).toHaveLength(1);
  await ok(b, { command: "typing:start", conversationId: id });
  expect((await sita.post("/api/messages/socket-ticket")).status).toBe(201);

  freeBytes = 100 * MEGABYTE;
  await expect.poll(readiness, { timeout: 20_000 }).toBe(null);
  const second = await say(a, id, "after");
  await b.message("after");
  expect(messagesHeard(b, id).map(({ seq }) => seq)).toEqual([first.seq, second.seq]);
  expect(server.logged.filter((line) => /Disk space is short|disk space again/.test(line))).toHaveLength(2);
});

it("holds writes back for a second after PostgreSQL said that its own disk is full", async () => {
  const clock = { now: 0 };
  const entries: string[] = [];
  const log = createLog({ level: "info", format: "json", write: (entry) => entries.push(entry) });
  const guard = await SpaceGuard.start({ freeBytes: null, minFreeBytes: 1, now: () => clock.now, log });
  guard.failed(new StoreUnavailable("x", { cause: Object.assign(new Error("x"), { code: "08006" }) }));
  expect(guard.isLow).toBe(false);
  guard.failed(new StoreUnavailable("x", { cause: Object.assign(new Error("x"), { code: "53100" }) }));
  clock.now = 999;
  expect(() => guard.requireSpace()).toThrow(/disk space/);
  clock.now = 1_000;
  guard.requireSpace();
  expect(entries).toHaveLength(1);
  guard.stop();
});

it("knows what is free on a real file system", async () => {
  expect(await freeBytesOf(".")).toBeGreaterThan(0);
  await expect(freeBytesOf("./no such folder")).rejects.toThrow();
});
