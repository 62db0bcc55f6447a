// Own accounts over REST: from the first account to signing out everywhere.
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { Caller, createPerson, createTestServer, expectProblem, type TestServer } from "../helpers/server.ts";

const PASSWORD = "चिया र समोसा 1";

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer({ environment: { SIGNUP: "invite" } });
});
afterAll(() => server.close());

async function signIn(username: string, password: string): Promise<Caller> {
  const caller = new Caller(server);
  expect((await caller.post("/api/sessions", { username, password })).status).toBe(201);
  return caller;
}

it("goes from the first account through an invitation to a second one", async () => {
  const owner = new Caller(server);
  expect((await owner.get("/api/config")).body).toMatchObject({ mode: "accounts", signup: "invite", needsOwner: true });
  const first = await owner.post("/api/accounts", {
    username: "Sita",
    name: " Sita  ",
    password: PASSWORD,
    locale: "ne",
  });
  expect(first.status).toBe(201);
  expect(first.body.me).toMatchObject({
    username: "sita",
    name: "Sita",
    role: "owner",
    locale: "ne",
    externalId: null,
  });
  expect(first.headers.get("set-cookie")).toMatch(
    /^chautari_session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
  );
  expect((await owner.get("/api/config")).body.needsOwner).toBe(false);

  const second = new Caller(server);
  const account = { username: "ram", name: "Ram", password: PASSWORD };
  expectProblem(await second.post("/api/accounts", account), 403, "signup_closed");
  const invite = (await owner.post("/api/invites", {})).body.code;
  const wrong = await second.post("/api/accounts", { ...account, invite: "x".repeat(43) });
  expectProblem(wrong, 403, "invite_invalid");
  expectProblem(await second.post("/api/accounts", { ...account, username: "SITA", invite }), 409, "username_taken");
  expect((await second.post("/api/accounts", { ...account, invite })).body.me).toMatchObject({ role: "member" });
  const third = await new Caller(server).post("/api/accounts", { ...account, username: "gita", invite });
  expectProblem(third, 403, "invite_invalid");
  expectProblem(await second.post("/api/invites", {}), 403, "forbidden");
});

it("refuses a wrong password and an unknown user alike", async () => {
  const caller = new Caller(server);
  const wrong = await caller.post("/api/sessions", { username: "sita", password: "wrong password" });
  const unknown = await caller.post("/api/sessions", { username: "nobody", password: "wrong password" });
  expectProblem(wrong, 401, "invalid_credentials");
  const alike = ({ requestId: _, ...rest }: { requestId: string }) => rest;
  expect(alike(unknown.body)).toEqual(alike(wrong.body));
  expect([...unknown.headers.keys()].sort()).toEqual([...wrong.headers.keys()].sort());
});

it("signs in and out, here and everywhere", async () => {
  const phone = await signIn("sita", PASSWORD);
  const laptop = await signIn("sita", PASSWORD);
  const tablet = await signIn("SITA", PASSWORD);
  const { sessions } = (await phone.get("/api/sessions")).body;
  expect(sessions.filter((session: { current: boolean }) => session.current)).toHaveLength(1);

  const cookie = laptop.cookie;
  expect((await laptop.delete("/api/sessions/current")).headers.get("set-cookie")).toMatch(
    /^chautari_session=;.*Max-Age=0/,
  );
  laptop.cookie = cookie;
  expectProblem(await laptop.get("/api/me"), 401, "unauthenticated");

  const other = (await tablet.get("/api/sessions")).body.sessions.find((one: { current: boolean }) => one.current).id;
  expect((await phone.delete(`/api/sessions/${other}`)).status).toBe(204);
  expectProblem(await tablet.get("/api/me"), 401, "unauthenticated");
  const stranger = await createPerson(server, "Stranger");
  const mine = (await phone.get("/api/sessions")).body.sessions.find((one: { current: boolean }) => one.current).id;
  expectProblem(await stranger.delete(`/api/sessions/${mine}`), 404, "not_found");

  const again = await signIn("sita", PASSWORD);
  expect((await phone.delete("/api/sessions")).status).toBe(204);
  expectProblem(await again.get("/api/me"), 401, "unauthenticated");
});

it("changes name and password; the other sessions end", async () => {
  const phone = await signIn("sita", PASSWORD);
  const laptop = await signIn("sita", PASSWORD);
  expect((await phone.patch("/api/me", { name: "सीता" })).body.me.name).toBe("सीता");
  const wrong = await phone.put("/api/me/password", { current: "wrong password", next: "another password" });
  expectProblem(wrong, 401, "invalid_credentials");
  expect((await phone.put("/api/me/password", { current: PASSWORD, next: "another password" })).status).toBe(204);
  expectProblem(await laptop.get("/api/me"), 401, "unauthenticated");
  expect((await phone.get("/api/me")).body.me.name).toBe("सीता");
  await signIn("sita", "another password");
});

it("gives the session a short-lived token that ends with it, and cannot prolong itself", async () => {
  const phone = await createPerson(server, "Gita");
  const { token, expiresAt } = (await phone.post("/api/token")).body;
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(15 * 60_000);
  const api = new Caller(server);
  api.headers = { authorization: `Bearer ${token}` };
  expect((await api.get("/api/me")).body.me.id).toBe(phone.me.id);
  expectProblem(await api.post("/api/token"), 403, "forbidden");
  await phone.delete("/api/sessions/current");
  expectProblem(await api.get("/api/me"), 401, "unauthenticated");
});

it("signs in once by a link", async () => {
  const person = await createPerson(server, "Hari");
  const { code } = await server.accounts!.createSignInLink(person.me.id);
  const browser = new Caller(server);
  expect((await browser.post("/api/sessions/link", { code })).body.me.id).toBe(person.me.id);
  expect((await browser.get("/api/me")).body.me.name).toBe("Hari");
  expectProblem(await new Caller(server).post("/api/sessions/link", { code }), 401, "unauthenticated");
});

describe("limits", () => {
  it("slows down who guesses the password of one account, wherever from", async () => {
    // Time stands still: a slow machine gives nobody more tries.
    const start = Date.now();
    const server = await createTestServer({ now: () => start });
    onTestFinished(() => server.close());
    const hari = (await createPerson(server, "Guessed")).me.username;
    const answers = [];
    for (let tries = 0; tries < 12; tries++) {
      const headers = { "x-forwarded-for": `10.0.0.${tries}` };
      const body = { username: hari, password: `guess number ${tries}` };
      answers.push(await new Caller(server).post("/api/sessions", body, { headers }));
    }
    expect(answers.slice(0, 10).map((answer) => answer.status)).toEqual(Array(10).fill(401));
    expectProblem(answers[11]!, 429, "rate_limited");
    expect(Number(answers[11]!.headers.get("retry-after"))).toBeGreaterThan(0);
  });

  it("slows down who asks too often", async () => {
    const start = Date.now();
    const slow = await createTestServer({ restPerMinute: 60, now: () => start });
    try {
      const person = await createPerson(slow, "Eager");
      const statuses = [];
      for (let count = 0; count < 210; count++) statuses.push((await person.get("/api/me")).status);
      expect(statuses.slice(0, 150).every((status) => status === 200)).toBe(true);
      expect(statuses.at(-1)).toBe(429);
    } finally {
      await slow.close();
    }
  });
});
