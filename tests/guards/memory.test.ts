// Memory that grows beyond its limit: the slowest readers go first, idle ones stay, and nobody new comes in.
import { afterAll, beforeAll, expect, it } from "vitest";
import { defaultMaxBytes, MemoryGuard } from "../../server/guards/memory.ts";
import { createLog } from "../../server/log.ts";
import { createPerson, createTestServer, type TestServer } from "../helpers/server.ts";
import { connect } from "../helpers/talk.ts";

const MEGABYTE = 2 ** 20;

it("cuts the slowest readers until enough is freed, and leaves those who have nothing waiting", () => {
  const closed: string[] = [];
  const reader = (name: string, backlogBytes: number) => ({
    backlogBytes,
    close: (reason: string) => void closed.push(`${name} ${reason}`),
  });
  const readers = [reader("idle", 0), reader("slow", 2 * MEGABYTE), reader("slowest", 3 * MEGABYTE)];
  let usedBytes = 104 * MEGABYTE;
  const entries: string[] = [];
  const guard = new MemoryGuard({
    maxBytes: 100 * MEGABYTE,
    connections: () => readers,
    log: createLog({ level: "info", format: "text", write: (entry) => entries.push(entry) }),
    usedBytes: () => usedBytes,
  });
  guard.look();
  expect([closed, guard.isHigh]).toEqual([["slowest slow", "slow slow"], true]);
  usedBytes = 102 * MEGABYTE;
  guard.look();
  expect(closed.slice(2)).toEqual(["slowest slow"]);
  usedBytes = 100 * MEGABYTE;
  guard.look();
  expect([closed.length, guard.isHigh]).toEqual([3, false]);
  expect(entries).toHaveLength(3);
  guard.stop();
});

it("takes four fifths of what there is where no limit is set", () => {
  expect(defaultMaxBytes()).toBeGreaterThan(64 * MEGABYTE);
});

let server: TestServer;
beforeAll(async () => {
  // less than any process of ours takes
  server = await createTestServer({ environment: { MAX_MEMORY_MB: "64" } });
});
afterAll(() => server.close());

it("refuses new sockets as retryable while memory is above the limit; REST goes on", async () => {
  const sita = await createPerson(server, "Sita");
  const refusal = () => connect(server, sita).then((socket) => socket.close(), (error) => String(error.message));
  await expect.poll(refusal, { timeout: 20_000 }).toMatch(/^503 .*"code":"unavailable".*"retryable":true/);
  expect((await sita.get("/api/me")).status).toBe(200);
});
