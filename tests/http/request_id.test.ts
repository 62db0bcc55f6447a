// Each request has a name that its answer and its log lines carry; a trusted proxy may give it.
import { expect, it } from "vitest";
import { createTestServer } from "../helpers/server.ts";

it("takes the name that a trusted proxy gave, and makes a new one for anybody else", async () => {
  const trusting = await createTestServer({ environment: { TRUST_PROXY: "1" } });
  const open = await createTestServer();
  const ask = async (server: typeof open, given: string) => {
    const response = await server.app.request("/api/me", { headers: { "x-request-id": given } });
    expect((await response.json()).requestId).toBe(response.headers.get("x-request-id"));
    return response.headers.get("x-request-id")!;
  };
  const uuid = /^[0-9a-f-]{36}$/;
  try {
    expect(await ask(trusting, "proxy-1234:5")).toBe("proxy-1234:5");
    for (const bad of ["short", "x".repeat(65), 'a"b{}<script>']) expect(await ask(trusting, bad)).toMatch(uuid);
    expect(await ask(open, "proxy-1234:5")).toMatch(uuid);
  } finally {
    await Promise.all([trusting.close(), open.close()]);
  }
});
