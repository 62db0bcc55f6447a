// The OpenAPI document: every route of the API is in it, every entry of it is a route. (That real answers fit it, each HTTP test checks.)
import { afterAll, beforeAll, expect, it } from "vitest";
import { Caller, createTestServer, type TestServer } from "../helpers/server.ts";

let servers: TestServer[];
beforeAll(async () => {
  const host = { JWT_SECRET: "x".repeat(32), JWT_ISSUER: "site", JWT_AUDIENCE: "chautari" };
  servers = [await createTestServer(), await createTestServer({ environment: host })];
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

it.each([["accounts", 0], ["host", 1]])("tells of every route and of nothing else, in %s mode", async (_, index) => {
  const server = servers[index]!;
  const { body: document } = await new Caller(server).get("/api/openapi.json");
  expect(document.openapi).toBe("3.1.0");
  const told = Object.entries(document.paths).flatMap(([path, entry]) =>
    Object.keys(entry as object).map((method) => `${method.toUpperCase()} ${path}`)
  );
  const routes = server.app.routes
    .filter(({ method, path }) => method !== "ALL" && path.startsWith("/api/") && path !== "/api/openapi.json")
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
  expect(new Set(told)).toEqual(new Set(routes));
  expect(told.length).toBeGreaterThan(18);
});

it("names every problem by its code, and how to sign in", async () => {
  const { body: document } = await new Caller(servers[0]!).get("/api/openapi.json");
  expect(document.security).toEqual([{ session: [] }, { bearer: [] }]);
  for (
    const entry of Object.values<Record<string, { responses: Record<string, object>; summary?: string }>>(
      document.paths,
    )
  ) {
    for (const { responses, summary } of Object.values(entry)) {
      expect(summary).toBeTruthy();
      expect(responses["422"]).toHaveProperty(["content", "application/problem+json"]);
    }
  }
});
