// Presence: one person over all their connections, told only to those who share a conversation and look.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { PresenceOf } from "../../protocol/models.ts";
import { Presence } from "../../server/realtime/presence.ts";
import { createPerson, createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import type { TestSocket } from "../helpers/socket.ts";
import { connect, ok, pair, settled, three, watch } from "../helpers/talk.ts";

describe("one person", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function setUp() {
    const told: string[] = [];
    const gone: Date[] = [];
    const presence = new Presence({
      graceMs: 10_000,
      now: Date.now,
      changed: (one: PresenceOf) => told.push(one.presence),
      gone: (_, at) => gone.push(at),
    });
    return { told, gone, presence };
  }

  it("[T3] is online while any connection is, away when all that are left say so", () => {
    const { told, presence } = setUp();
    presence.connected("sita", "phone");
    presence.connected("sita", "laptop");
    presence.setStatus("sita", "phone", "away");
    expect(told).toEqual(["online"]);
    presence.setStatus("sita", "laptop", "away");
    expect(told).toEqual(["online", "away"]);
    presence.setStatus("sita", "phone", "online");
    presence.disconnected("sita", "phone");
    expect(told).toEqual(["online", "away", "online", "away"]);
    presence.setStatus("sita", "phone", "online");
    expect(presence.of("sita")).toBe("away");
  });

  it("[T3] is offline a while after the last connection closed, last seen when it did", () => {
    const { told, gone, presence } = setUp();
    presence.connected("sita", "phone");
    vi.advanceTimersByTime(60_000);
    const closedAt = new Date();
    presence.disconnected("sita", "phone");
    vi.advanceTimersByTime(9_999);
    expect([presence.of("sita"), ...told]).toEqual(["online", "online"]);
    vi.advanceTimersByTime(1);
    expect([presence.of("sita"), ...told]).toEqual(["offline", "online", "offline"]);
    expect(gone).toEqual([closedAt]);
  });

  it("[T3] whose connection flaps does not flap", () => {
    const { told, gone, presence } = setUp();
    presence.connected("sita", "0");
    for (let turn = 0; turn < 20; turn++) {
      presence.disconnected("sita", String(turn));
      vi.advanceTimersByTime(9_000);
      presence.connected("sita", String(turn + 1));
    }
    vi.advanceTimersByTime(60_000);
    expect([told, gone]).toEqual([["online"], []]);
  });
});

describe("over sockets", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await createTestServer({ timings: { presenceGraceMs: 0 } });
  });
  afterAll(() => server.close());

  const presenceOf = (socket: TestSocket, person: Person) =>
    socket.events.flatMap((event) => event.event === "presence" && event.userId === person.me.id ? [event] : []);
  const becomes = (socket: TestSocket, person: Person, presence: string) =>
    socket.event("presence", (event) => event.userId === person.me.id && event.presence === presence);
  const status = (status: "online" | "away") => ({ command: "user:status", status }) as const;

  it("[T3] two tabs are one person, away is told, and going is told with the time", async () => {
    const { sita, ram, id, a, b } = await pair(server);
    expect((await watch(b, id))[0].presence).toEqual([{ userId: sita.me.id, presence: "online", lastSeenAt: null }]);
    const tab = await connect(server, sita);
    await ok(a, status("away"));
    await ok(tab, status("away"));
    await becomes(b, sita, "away");
    tab.close();
    a.close();
    const { lastSeenAt } = await becomes(b, sita, "offline");
    expect(presenceOf(b, sita).map((one) => one.presence)).toEqual(["away", "offline"]);
    const looking = await connect(server, ram);
    expect((await watch(looking, id))[0].presence).toEqual([{ userId: sita.me.id, presence: "offline", lastSeenAt }]);
    await connect(server, sita);
    expect(await becomes(looking, sita, "online")).toMatchObject({ lastSeenAt: null });
  });

  it("[T4] is shown only to those who share a conversation, and only while they have it open", async () => {
    const { sita, id, a, b, c } = await three(server);
    const stranger = await connect(server, await createPerson(server, "Stranger"));
    expect(await watch(stranger, id)).toEqual([]);
    await watch(b, id);
    await watch(c, id);
    await watch(c);
    await ok(a, status("away"));
    await becomes(b, sita, "away");
    for (const socket of [stranger, c]) {
      await settled(socket);
      expect(presenceOf(socket, sita)).toEqual([]);
    }
  });

  it("[T4] is shown no longer to those whom a person has left, nor of those who have left", async () => {
    const { sita, ram, id, a, b, c } = await three(server);
    await Promise.all([watch(a, id), watch(b, id), watch(c, id)]);
    await ok(b, { command: "conversation:leave", conversationId: id });
    await ok(b, status("away"));
    await ok(a, status("away"));
    await becomes(c, sita, "away");
    expect(presenceOf(c, ram)).toEqual([]);
    await settled(b);
    expect(presenceOf(b, sita)).toEqual([]);
  });

  it("[T4] is not shown at all of a person who hides it, from then on, on new connections and after a restart", async () => {
    const { sita, ram, id, a, b } = await pair(server);
    await watch(b, id);
    await sita.put("/api/me/presence", { hidden: true });
    expect(await becomes(b, sita, "offline")).toMatchObject({ lastSeenAt: null });
    await ok(a, status("away"));
    const tab = await connect(server, sita);
    a.close();
    tab.close();
    await tab.closed;
    const looking = await connect(server, ram);
    const nothing = { userId: sita.me.id, presence: "offline", lastSeenAt: null };
    expect((await watch(looking, id))[0].presence).toEqual([nothing]);
    await connect(server, sita);
    await settled(looking);
    expect(presenceOf(looking, sita)).toEqual([]);
    expect(presenceOf(b, sita)).toHaveLength(1);
    await sita.put("/api/me/presence", { hidden: false });
    expect(await becomes(looking, sita, "online")).toMatchObject({ lastSeenAt: null });
  });

  it("[T1] what a connection watched last is what counts, also when it asks twice at once", async () => {
    const [one, two] = [await pair(server), await pair(server)];
    const id = (await one.sita.open(two.sita)).id;
    const watching = [[one.id], [id], []].map((conversationIds) =>
      one.a.ask({ command: "conversation:watch", conversationIds })
    );
    watching.push(one.a.ask({ command: "conversation:watch", conversationIds: [id] }));
    await Promise.all(watching);
    await ok(one.b, status("away"));
    await ok(two.a, status("away"));
    await becomes(one.a, two.sita, "away");
    expect(presenceOf(one.a, one.ram)).toEqual([]);
  });
});
