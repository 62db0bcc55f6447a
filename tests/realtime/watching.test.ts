// Watching, with answers of rooms and of the store that come when the test says so.
import { describe, expect, it } from "vitest";
import { CommandError } from "../../protocol/errors.ts";
import type { Position } from "../../protocol/models.ts";
import { Connection } from "../../server/realtime/connection.ts";
import { Flusher } from "../../server/realtime/flusher.ts";
import { Hub } from "../../server/realtime/hub.ts";
import { Watching } from "../../server/realtime/watching.ts";
import type { RoomRegistry } from "../../server/room/registry.ts";
import type { KeptPresence } from "../../server/store/presence.ts";

function setUp() {
  const flusher = new Flusher();
  const hub = new Hub(flusher, Date.now);
  /** What rooms answer, by conversation; each has two people: the asker, and one of the conversation's own name. */
  const rooms = new Map<string, PromiseWithResolvers<Position[]>>();
  const room = (id: string) => rooms.get(id) ?? rooms.set(id, Promise.withResolvers()).get(id)!;
  const found: PromiseWithResolvers<KeptPresence[]>[] = [];
  const watching = new Watching({
    hub,
    rooms: {
      get: (id: string) => ({ positionsFor: () => room(id).promise, typingFor: () => [] }),
    } as unknown as RoomRegistry,
    store: {
      find: () => found[found.push(Promise.withResolvers()) - 1]!.promise,
      seen: () => Promise.resolve(),
      setHidden: () => Promise.resolve(),
    },
    now: Date.now,
    graceMs: 0,
    background: () => {},
  });
  const connect = (userId: string) => {
    const sent: string[] = [];
    const principal = { userId, role: "member", sessionId: null, expiresAt: Infinity, via: "cookie" } as const;
    const wire = { send: (text: string) => sent.push(text), close: () => {}, bufferedBytes: 0 };
    const connection = new Connection(principal, wire, () => Promise.resolve({ json: "{}" }), flusher, () => 0);
    hub.add(connection);
    return { connection, sent };
  };
  const answer = (id: string) =>
    room(id).resolve(["me", id].map((userId) => ({ userId, lastReadSeq: 0, lastDeliveredSeq: 0 })));
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const kept = (userId: string, hidden = false) => [{ userId, hidden, lastSeenAt: null }];
  return { watching, hub, flusher, connect, room, answer, found, settle, kept };
}

describe("watching", () => {
  it("[T1] what was asked for last is what is shown, though an earlier question is answered later", async () => {
    const { watching, flusher, connect, answer, found, settle, kept } = setUp();
    const { connection, sent } = connect("me");
    const early = watching.watch(connection, ["early"]);
    const late = watching.watch(connection, ["late"]);
    answer("late");
    await settle();
    found[0]!.resolve(kept("late"));
    await late;
    answer("early");
    await settle();
    found[1]!.resolve(kept("early"));
    await early;
    for (const userId of ["early", "late"]) watching.connected(connect(userId).connection);
    await flusher.flushed();
    expect(sent.map((frame) => JSON.parse(frame))).toEqual([
      [{ event: "presence", userId: "late", presence: "online", lastSeenAt: null }],
    ]);
  });

  it("[T4] shows nothing of a person before it is known whether they hide", async () => {
    const { watching, flusher, connect, answer, found, settle, kept } = setUp();
    const { connection, sent } = connect("me");
    const watched = watching.watch(connection, ["shy"]);
    answer("shy");
    await settle();
    watching.connected(connect("shy").connection);
    found[0]!.resolve(kept("shy", true));
    expect((await watched)[0]!.presence).toEqual([{ userId: "shy", presence: "offline", lastSeenAt: null }]);
    await flusher.flushed();
    expect(sent).toEqual([]);
  });

  it("[S7] says that it cannot be asked now, instead of leaving out what is the asker's", async () => {
    const { watching, connect, room } = setUp();
    const { connection } = connect("me");
    room("gone").reject(new CommandError("not_found"));
    expect(await watching.watch(connection, ["gone"])).toEqual([]);
    room("broken").reject(new CommandError("unavailable"));
    await expect(watching.watch(connection, ["broken"])).rejects.toMatchObject({ code: "unavailable" });
  });
});
