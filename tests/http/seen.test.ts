// /api/seen: what the server sees of the very request that asks, behind proxies that it trusts and without.
import { afterAll, beforeAll, expect, it } from "vitest";
import { Caller, createTestServer, type TestServer } from "../helpers/server.ts";

let behindOne: TestServer;
let direct: TestServer;
beforeAll(async () => {
  [behindOne, direct] = await Promise.all([
    createTestServer({ environment: { TRUST_PROXY: "1" }, restPerMinute: 6 }),
    createTestServer(),
  ]);
});
afterAll(() => Promise.all([behindOne.close(), direct.close()]));

const FORWARDED = {
  "x-forwarded-for": "192.0.2.1, 198.51.100.7",
  "x-forwarded-proto": "https",
  origin: "https://localhost",
};

it("tells the address that a trusted proxy gave, and that the browser speaks https", async () => {
  const { status, body } = await new Caller(behindOne).get("/api/seen", { headers: FORWARDED });
  expect([status, body]).toEqual([200, { address: "198.51.100.7", https: true, forwarded: 2 }]);
});

it("believes nobody where no proxy is trusted, and tells all the same how many entries came", async () => {
  const { body } = await new Caller(direct).get("/api/seen", { headers: FORWARDED });
  expect(body).toEqual({ address: "unknown", https: false, forwarded: 2 });
  expect((await new Caller(direct).get("/api/seen")).body.forwarded).toBe(0);
});

it("is counted against the address", async () => {
  const asker = new Caller(behindOne);
  const headers = { "x-forwarded-for": "198.51.100.8" };
  const statuses = [];
  for (let asked = 0; asked < 400 && statuses.at(-1) !== 429; asked++) {
    statuses.push((await asker.get("/api/seen", { headers })).status);
  }
  expect(statuses.at(-1)).toBe(429);
});
