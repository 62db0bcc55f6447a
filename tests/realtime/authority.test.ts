// Authority over time: what ends, ends on open sockets too, and nothing is delivered after.
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLOSE } from "../../protocol/close_codes.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { Caller, createPerson, createTestServer, type TestServer } from "../helpers/server.ts";
import { openSocket, type TestSocket } from "../helpers/socket.ts";
import { connect, messagesHeard, ok, pair, refusal, say, send, START, syncOne, three, watch } from "../helpers/talk.ts";

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

const expectCut = async (socket: TestSocket) =>
  expect(await socket.closed).toEqual({ code: CLOSE.unauthenticated.code, reason: CLOSE.unauthenticated.reason });

describe("participation", () => {
  it("[A1] is asked at each command: every one about a conversation of others is refused like one that does not exist", async () => {
    const { id, a } = await three(server);
    const { a: stranger } = await pair(server);
    const someone = (await a.event("welcome")).userId;
    const commands = (conversationId: string) => [
      send(conversationId, "x"),
      { command: "message:edit", conversationId, seq: 1, body: "x" },
      { command: "message:delete", conversationId, seq: 1 },
      { command: "message:read", conversationId, seq: 1 },
      { command: "message:delivered", positions: [{ conversationId, seq: 1 }] },
      { command: "typing:start", conversationId },
      { command: "typing:stop", conversationId },
      { command: "conversation:rename", conversationId, title: "x" },
      { command: "conversation:leave", conversationId },
      { command: "participant:add", conversationId, participants: [{ id: someone }] },
      { command: "participant:remove", conversationId, userId: someone },
      { command: "participant:role", conversationId, userId: someone, role: "admin" },
    ];
    const answers = async (conversationId: string) =>
      await Promise.all(commands(conversationId).map(async (one) => (await stranger.ask(one)).error));
    const [there, nowhere] = [await answers(id), await answers(uuidv7())];
    expect(there).toEqual(nowhere);
    expect(new Set(there.map((error) => error?.code))).toEqual(new Set(["not_found"]));
    expect(await watch(stranger, id, uuidv7())).toEqual([]);
  });

  it("[A1] so is the role: an admin who is one no more may no longer do what admins do", async () => {
    const { sita, ram, gita, id, a, b } = await three(server);
    const role = (userId: string, role: string) => ({ command: "participant:role", conversationId: id, userId, role });
    expect(await refusal(b, { command: "conversation:rename", conversationId: id, title: "Mine" })).toBe("forbidden");
    await ok(a, role(ram.me.id, "admin"));
    await ok(b, { command: "conversation:rename", conversationId: id, title: "Ours" });
    await ok(b, role(sita.me.id, "member"));
    expect(await refusal(a, { command: "participant:remove", conversationId: id, userId: gita.me.id })).toBe(
      "forbidden",
    );
  });

  it("[A3] who is removed is told, hears nothing more on any socket, and gets what a stranger gets", async () => {
    const { sita, ram, id, a, b, c } = await three(server);
    const tablet = await connect(server, ram);
    await Promise.all([b, tablet].map((socket) => watch(socket, id)));
    await say(a, id, "before");
    await ok(a, { command: "participant:remove", conversationId: id, userId: ram.me.id });
    await Promise.all([b, tablet].map((socket) => socket.event("conversation:left")));
    const heard = [b, tablet].map((socket) => socket.events.length);

    const { seq } = await say(a, id, "after");
    await ok(a, { command: "message:edit", conversationId: id, seq: 2, body: "edited after" });
    await ok(c, { command: "typing:start", conversationId: id });
    await ok(c, { command: "message:read", conversationId: id, seq });
    await ok(c, { command: "user:status", status: "away" });
    await ok(a, { command: "conversation:rename", conversationId: id, title: "Without Ram" });
    await c.event("positions");
    expect(await watch(b, id)).toEqual([]);
    const other = (await sita.open(ram)).id;
    await say(a, other, "marker");
    await Promise.all([b, tablet].map((socket) => socket.message("marker")));
    expect([b, tablet].map((socket, index) => socket.events.slice(heard[index]).map((event) => event.event)))
      .toEqual([["message"], ["message"]]);

    expect(await refusal(b, send(id, "let me in"))).toBe("not_found");
    expect(await refusal(b, { command: "message:edit", conversationId: id, seq: 1, body: "x" })).toBe("not_found");
    const [gone, nowhere] = await Promise.all([syncOne(b, id, START), syncOne(b, uuidv7(), START)]);
    expect({ ...gone, conversationId: "" }).toEqual({ ...nowhere, conversationId: "" });
    expect((await ram.get(`/api/messages/conversations/${id}`)).status).toBe(404);
  });

  it("[A3] who leaves hears nothing more; who comes back hears again, from then on", async () => {
    const { ram, id, a, b } = await three(server);
    await ok(b, { command: "conversation:leave", conversationId: id });
    await b.event("conversation:left");
    await say(a, id, "while away");
    await ok(a, { command: "participant:add", conversationId: id, participants: [{ id: ram.me.id }] });
    await say(a, id, "back");
    await b.message("back");
    expect(messagesHeard(b, id).map((one) => one.body ?? one.system?.type)).toEqual(["added", "back"]);
    expect((await syncOne(b, id, START)).messages.map((one) => one.body ?? one.system?.type)).toEqual([
      "added",
      "back",
    ]);
  });
});

describe("the person", () => {
  it("[A2] who is deactivated is cut on every socket at once, hears nothing after, and does not get in again", async () => {
    const { ram, id, a, b } = await pair(server);
    const tablet = await connect(server, ram);
    const begun = performance.now();
    await server.store.users.deactivate(ram.me.id, new Date());
    const sent = say(a, id, "not for Ram");
    await Promise.all([expectCut(b), expectCut(tablet), sent]);
    expect(performance.now() - begun).toBeLessThan(1000);
    await expect(connect(server, ram)).rejects.toMatchObject({ status: 401 });
  });

  it("[A2] whose session ends is cut there, before what is said next, and not on another session", async () => {
    const { sita, ram, id, a, b } = await pair(server);
    const other = await createPerson(server, "Other");
    const ears = await connect(server, other);
    await ram.delete("/api/sessions/current");
    await expectCut(b);
    await say(a, id, "not for Ram");
    expect(messagesHeard(b, id)).toEqual([]);
    const { id: still } = await sita.open(other);
    await say(a, still, "for Other");
    await ears.message("for Other");
  });

  it("[A2] whose session another process ends is cut as well", async () => {
    const { ram, b } = await pair(server);
    await server.sql`update sessions set revoked_at = now() where user_id = ${ram.me.id}`;
    await expectCut(b);
  });
});

describe("a token", () => {
  const SECRET = "a secret of the site, 32 bytes or more";
  /** Ahead of the real time by so much: a token that has a minute left may be made to have less. */
  const clock = { aheadMs: 0 };
  let site: TestServer;
  beforeAll(async () => {
    site = await createTestServer({
      environment: { JWT_SECRET: SECRET, JWT_ISSUER: "bazaar", JWT_AUDIENCE: "chautari" },
      now: () => Date.now() + clock.aheadMs,
    });
  });
  afterAll(() => site.close());

  const token = async (sub: string, expiresAt: number, secret = SECRET) =>
    await new SignJWT({ sub, name: sub }).setProtectedHeader({ alg: "HS256" }).setIssuer("bazaar")
      .setAudience("chautari").setExpirationTime(Math.floor(expiresAt / 1000)).sign(new TextEncoder().encode(secret));
  const open = (bearer: string) => openSocket(site.url, { headers: { authorization: `Bearer ${bearer}` } });
  const seconds = (count: number) => Math.floor(Date.now() / 1000 + count) * 1000;

  it("[A2] [A4] ends its sockets when its time is over; one that was renewed goes on", async () => {
    const soon = seconds(60);
    const sockets = await Promise.all([1, 2].map(async () => await open(await token("sita", soon))));
    const [renewed, left] = sockets as [TestSocket, TestSocket];
    const renew = async (socket: TestSocket, until: number) => {
      const { expiresAt } = await ok(socket, { command: "session:renew", token: await token("sita", until) });
      return Date.parse(expiresAt);
    };
    expect(await renew(left, soon)).toBe(soon);
    expect(await renew(renewed, seconds(600))).toBeGreaterThan(soon + 500_000);
    // The sockets end a little after the token's own time: the clocks of two machines differ.
    const end = soon + 5_000;
    clock.aheadMs = end - Date.now() - 200;
    try {
      const late = await open(await token("sita", soon));
      await expectCut(late);
      expect(Date.now() + clock.aheadMs).toBeGreaterThanOrEqual(end);
      await ok(renewed, { command: "user:status", status: "away" });
    } finally {
      clock.aheadMs = 0;
    }
  });

  it("[A4] of another person, of another site or expired does not renew, and the socket stays as it was", async () => {
    const socket = await open(await token("ram", seconds(300)));
    const proofs = [
      await token("gita", seconds(600)),
      await token("ram", seconds(600), "another secret that is 32 bytes long"),
      await token("ram", seconds(-600)),
      "nonsense",
    ];
    for (const proof of proofs) {
      expect(await refusal(socket, { command: "session:renew", token: proof })).toBe("unauthenticated");
    }
    await ok(socket, { command: "user:status", status: "online" });
  });

  it("[A2] whose person the site's owner has deactivated is cut, though the token is good for longer", async () => {
    const bearer = await token("maya", seconds(600));
    const caller = new Caller(site);
    caller.headers = { authorization: `Bearer ${bearer}` };
    const socket = await open(bearer);
    await site.store.users.deactivate((await caller.get("/api/me")).body.me.id, new Date());
    await expectCut(socket);
  });
});

it("[A4] a session's own access token renews a socket that came by it", async () => {
  const { sita, id } = await pair(server);
  const bearer = async () => (await sita.post("/api/token")).body;
  const first = await bearer();
  const socket = await openSocket(server.url, { headers: { authorization: `Bearer ${first.token}` } });
  const { token, expiresAt } = await bearer();
  const renewed = await ok(socket, { command: "session:renew", token });
  expect(renewed.expiresAt).toBe(expiresAt);
  await say(socket, id, "still here");
  const { a } = await pair(server);
  expect(await refusal(a, { command: "session:renew", token })).toBe("unauthenticated");
});
