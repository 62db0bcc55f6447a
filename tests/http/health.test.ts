// /healthz and /readyz: alive, and able to commit; nothing else is told, and nobody has to prove anything.
import { expect, it } from "vitest";
import { createReadiness, type NotReady } from "../../server/guards/readiness.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { createTestServer } from "../helpers/server.ts";

it("says that the process is alive and that it can commit", async () => {
  const server = await createTestServer();
  try {
    for (const [path, body] of [["/healthz", { alive: true }], ["/readyz", { ready: true }]] as const) {
      const response = await fetch(`${server.url}${path}`);
      expect([path, response.status, await response.json()]).toEqual([path, 200, body]);
      expect(response.headers.get("cache-control")).toBe("no-store");
    }
  } finally {
    await server.close();
  }
});

it("is not ready where PostgreSQL takes no commit; alive all the same", async () => {
  const database = await createTestDatabase();
  const server = await createTestServer({ database });
  try {
    await server.sql.end({ timeout: 5 });
    const ready = await server.app.request("/readyz");
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reason: "database" }]);
    expect((await server.app.request("/healthz")).status).toBe(200);
  } finally {
    await server.close();
    await database.close();
  }
});

it("commits once for all who ask within a second, and waits for no commit longer than two", async () => {
  const clock = { now: 0 };
  let commits = 0;
  let commit = () => Promise.resolve();
  const ask = createReadiness({
    isDraining: () => false,
    isLow: () => false,
    commit: () => (commits++, commit()),
    now: () => clock.now,
  });
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([null, null, null]);
  expect(commits).toBe(1);
  clock.now = 1_000;
  commit = () => Promise.reject(new Error("no"));
  expect([await ask(), commits]).toEqual<[NotReady, number]>(["database", 2]);
  clock.now = 2_000;
  commit = () => new Promise(() => {});
  expect(await ask()).toBe("database");
});
