// Hiding one's presence over REST, in both modes. (That nobody is told of it then, tests/realtime proves.)
import { SignJWT } from "jose";
import { expect, it } from "vitest";
import { Caller, createPerson, createTestServer, expectProblem } from "../helpers/server.ts";

const SECRET = "a secret of the site, 32 bytes or more";

it.each(["accounts", "host"])("is the person's own to set, and Me says so, in %s mode", async (mode) => {
  const host = { JWT_SECRET: SECRET, JWT_ISSUER: "bazaar", JWT_AUDIENCE: "chautari" };
  const server = await createTestServer({ environment: mode === "host" ? host : {} });
  try {
    const caller = mode === "host" ? new Caller(server) : await createPerson(server, "Sita");
    if (mode === "host") {
      const token = await new SignJWT({ sub: "42", name: "Sita" }).setProtectedHeader({ alg: "HS256" })
        .setIssuer("bazaar").setAudience("chautari").setExpirationTime("5m").sign(new TextEncoder().encode(SECRET));
      caller.headers = { authorization: `Bearer ${token}` };
    }
    const me = async () => (await caller.get("/api/me")).body.me;
    expect((await me()).hidesPresence).toBe(false);
    const { body } = await caller.put("/api/me/presence", { hidden: true });
    expect(body.me).toEqual({ ...await me(), hidesPresence: true });
    expectProblem(await caller.put("/api/me/presence", {}), 422, "invalid");
    expectProblem(await new Caller(server).put("/api/me/presence", { hidden: true }), 401, "unauthenticated");
    await caller.put("/api/me/presence", { hidden: false });
    expect((await me()).hidesPresence).toBe(false);
  } finally {
    await server.close();
  }
});
