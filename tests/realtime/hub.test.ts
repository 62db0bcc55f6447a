// Ends of authority and of participation while an answer is being made: whoever asks gets an answer that is true when it comes.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Principal } from "../../server/auth/principal.ts";
import { createLog } from "../../server/log.ts";
import { RateLimit } from "../../server/rate_limit.ts";
import { Connection } from "../../server/realtime/connection.ts";
import { createDispatch, type DispatchOptions } from "../../server/realtime/dispatch.ts";
import { Flusher } from "../../server/realtime/flusher.ts";
import { Hub } from "../../server/realtime/hub.ts";
import { Sync } from "../../server/realtime/sync.ts";
import { Committer } from "../../server/room/committer.ts";
import { RoomRegistry } from "../../server/room/registry.ts";
import { createStore, type Store } from "../../server/store/store.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { createGroup, createPeople } from "../helpers/people.ts";

const by = (userId: string, sessionId: string | null): Principal => ({
  userId,
  role: "member",
  sessionId,
  expiresAt: Infinity,
  via: "bearer",
});

/** A connection of a person; what it was sent and whether it was closed. */
function connect(hub: Hub, flusher: Flusher, principal: Principal) {
  const seen = { sent: [] as string[], closed: false };
  const wire = { send: (text: string) => seen.sent.push(text), close: () => seen.closed = true, bufferedBytes: 0 };
  const connection = new Connection(principal, wire, () => Promise.resolve({ json: "{}" }), flusher, Date.now);
  hub.add(connection);
  return { connection, seen };
}

describe("[A2] [A4] a renewal that is checked while its proof ends", () => {
  function setUp() {
    const flusher = new Flusher();
    const hub = new Hub(flusher, Date.now);
    const { connection, seen } = connect(hub, flusher, by("sita", "old"));
    const checked = Promise.withResolvers<{ principal: Principal; expiresAt: string }>();
    const limit = () => new RateLimit({ count: 100, perMs: 1000, now: Date.now });
    const dispatch = createDispatch({
      hub,
      auth: { renew: () => checked.promise },
      limits: { person: limit(), connection: limit() },
      log: createLog({ level: "error", format: "json", write: () => {} }),
    } as unknown as DispatchOptions);
    const renewed = dispatch(connection, { ref: "1", command: "session:renew", token: "new" });
    const pass = () => checked.resolve({ principal: by("sita", "new"), expiresAt: "2031-01-01T00:00:00.000Z" });
    return { hub, connection, seen, renewed, pass };
  }

  it("is refused when the new session has ended, and the socket stays as it was", async () => {
    const { hub, connection, seen, renewed, pass } = setUp();
    hub.authorityEnded("session", "new");
    pass();
    await expect(renewed).rejects.toMatchObject({ code: "unauthenticated" });
    expect([connection.principal.sessionId, seen.closed]).toEqual(["old", false]);
    hub.authorityEnded("session", "old");
    expect(seen.closed).toBe(true);
  });

  it("is refused when the person was deactivated, and the socket is closed", async () => {
    const { hub, seen, renewed, pass } = setUp();
    hub.authorityEnded("user", "sita");
    pass();
    await expect(renewed).rejects.toMatchObject({ code: "unauthenticated" });
    expect(seen.closed).toBe(true);
  });

  it("is good when somebody else's ended, and from then on the new session counts", async () => {
    const { hub, connection, seen, renewed, pass } = setUp();
    hub.authorityEnded("session", "other");
    pass();
    expect(JSON.parse((await renewed).json)).toEqual({ expiresAt: "2031-01-01T00:00:00.000Z" });
    expect([connection.principal.sessionId, seen.closed]).toEqual(["new", false]);
    hub.authorityEnded("session", "new");
    expect(seen.closed).toBe(true);
  });
});

describe("[R8] the list of a sync", () => {
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let store: Store;
  beforeAll(async () => {
    database = await createTestDatabase();
    store = createStore(database.sql);
  });
  afterAll(() => database.close());

  it("does not hold what its reader has been told to have left, until the moment it is sent", async () => {
    const [sita, ram] = await createPeople(database.sql, "Sita", "Ram") as [string, string];
    const ids = [];
    for (let count = 0; count < 4; count++) ids.push(await createGroup(database.sql, sita, ram));
    const [first, second, third, kept] = ids as [string, string, string, string];
    const flusher = new Flusher();
    const hub = new Hub(flusher, Date.now);
    const rooms = new RoomRegistry({
      store,
      committer: new Committer(store.messages),
      audience: hub,
      onError: () => {},
    });
    const { connection, seen } = connect(hub, flusher, by(ram, null));
    const read = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const lists = async (userIds: string[], limit: number) => {
      const found = await store.conversations.lists(userIds, limit);
      read.resolve();
      await gate.promise;
      return found;
    };
    const sync = new Sync({ rooms, conversations: { lists }, hub, epoch: crypto.randomUUID() });
    const leave = (id: string) => rooms.get(id).change(ram, { type: "leave" });

    const asked = sync.answer(connection, { ref: "1", command: "sync", epoch: null, cursors: [], list: true });
    await read.promise;
    await leave(first);
    gate.resolve();
    const answer = await asked;
    await leave(second);
    await flusher.flushed();
    expect(seen.sent.join().match(/conversation:left/g)).toHaveLength(2);
    const list: { conversationId: string }[] = JSON.parse(answer.json).list;
    expect(new Set(list.map(({ conversationId }) => conversationId))).toEqual(new Set([third, kept]));
    answer.afterwards!();
    await leave(third);
    const next = await sync.answer(connection, { ref: "2", command: "sync", epoch: null, cursors: [], list: true });
    expect(JSON.parse(next.json).list).toMatchObject([{ conversationId: kept }]);
  });
});
