// The answer of `sync` by itself: what fits, up to which cursor, and what is held and let go around it.
import { expect, it } from "vitest";
import { SYNC_MAX_BYTES, SYNC_MAX_LIST } from "../../protocol/limits.ts";
import type { Cursor, Message, Position } from "../../protocol/models.ts";
import type { SyncedListEntry } from "../../protocol/sync.ts";
import type { Connection } from "../../server/realtime/connection.ts";
import { Sync, type SyncOptions } from "../../server/realtime/sync.ts";
import type { Missed } from "../../server/room/room.ts";

const EPOCH = "00000000-0000-4000-8000-0000000000ee";
const ME = "me";
const message = (seq: number, version: number, body: string | null = "") => ({ seq, version, body }) as Message;
const position = (userId: string): Position => ({ userId, lastReadSeq: 0, lastDeliveredSeq: 0 });
const changed = (changes: Message[], last: Cursor, positions: Position[] = []): Missed => ({
  state: "changed",
  changes,
  last,
  positions,
});

/** Rooms of which each gives what it is told to, and a connection that writes down what happens to it. */
function world(rooms: Record<string, Missed | Error>, list: string[] = []) {
  const steps: string[] = [];
  const left = new Set<string>();
  const asked: { limit: number; ids: string[] }[] = [];
  const options = {
    epoch: EPOCH,
    rooms: {
      get: (id: string) => ({
        missedSince: () => {
          steps.push(`asked ${id}`);
          const missed = rooms[id]!;
          return missed instanceof Error ? Promise.reject(missed) : Promise.resolve(missed);
        },
      }),
    } as unknown as SyncOptions["rooms"],
    conversations: {
      lists: (ids: string[], limit: number) => {
        asked.push({ ids, limit });
        const lines = list.slice(0, limit).map((conversationId) => ({ conversationId }) as SyncedListEntry);
        return Promise.resolve(new Map(ids.map((id) => [id, lines])));
      },
    },
    hub: { leaving: () => ({ left, end: () => void steps.push("end") }) },
  };
  const connection = {
    userId: ME,
    hold: (ids: string[]) => steps.push(`hold ${ids}`),
    release: (reached: Map<string, number>) => steps.push(`release ${JSON.stringify([...reached])}`),
  } as unknown as Connection;
  const sync = new Sync(options);
  const ask = (cursors: Record<string, Cursor>, more: { epoch?: string | null; list?: boolean } = {}) =>
    sync.answer(connection, {
      ref: "1",
      command: "sync",
      epoch: EPOCH,
      list: false,
      cursors: Object.entries(cursors).map(([conversationId, cursor]) => ({ conversationId, ...cursor })),
      ...more,
    });
  return { ask, steps, left, asked, sync, connection };
}

const AT = (seq: number, version: number): Cursor => ({ seq, version });
async function conversationsOf(rooms: Record<string, Missed>, cursors: Record<string, Cursor>) {
  const { conversations } = JSON.parse((await world(rooms).ask(cursors)).json);
  return conversations as { state: string; cursor: Cursor | null; messages: Message[]; positions: Position[] }[];
}
const places = (messages: Message[]) => messages.map(({ seq, version }) => `${seq}@${version}`);
/** About a twentieth of an answer: 21 fit, 22 do not. */
const BIG = "x".repeat(4000);

it("[R2] gives what changed by version, then what is new by seq", async () => {
  const changes = [message(5, 10), message(1, 9), message(3, 12), message(2, 8), message(4, 11)];
  const [one] = await conversationsOf({ a: changed(changes, AT(5, 12)) }, { a: AT(3, 3) });
  expect(one).toMatchObject({ state: "changed", cursor: AT(5, 12) });
  expect(places(one!.messages)).toEqual(["2@8", "1@9", "3@12", "4@11", "5@10"]);
});

it("[R2] says `current` only where nothing at all is beyond the cursor", async () => {
  const at = async (from: Cursor, last: Cursor, changes: Message[] = []) => {
    const [one] = await conversationsOf({ a: changed(changes, last) }, { a: from });
    return [one!.state, one!.cursor];
  };
  expect(await at(AT(3, 4), AT(3, 4))).toEqual(["current", AT(3, 4)]);
  expect(await at(AT(3, 4), AT(3, 5))).toEqual(["changed", AT(3, 5)]);
  expect(await at(AT(2, 4), AT(3, 4))).toEqual(["changed", AT(3, 4)]);
  expect(await at(AT(3, 4), AT(3, 4), [message(3, 4)])).toEqual(["changed", AT(3, 4)]);
});

it("[R6] gives half of what changed up to its version, and nothing that came after what did not fit", async () => {
  const old = Array.from({ length: 22 }, (_, index) => message(index + 1, 101 + index, BIG));
  const changes = [...old, message(23, 123, null), message(25, 124)];
  const [one] = await conversationsOf({ a: changed(changes, AT(25, 124)) }, { a: AT(24, 24) });
  expect(one).toMatchObject({ state: "more", cursor: AT(24, 121) });
  expect(one!.messages).toHaveLength(21);
});

it("[R6] gives all that changed and none of what is new: the version is reached, the seq is not", async () => {
  const old = Array.from({ length: 21 }, (_, index) => message(index + 1, 101 + index, BIG));
  const changes = [...old, message(25, 130, BIG)];
  const [one] = await conversationsOf({ a: changed(changes, AT(25, 130)) }, { a: AT(24, 24) });
  expect(one).toMatchObject({ state: "more", cursor: AT(24, 130) });
  expect(one!.messages).toHaveLength(21);
});

it("[R6] gives all that changed and half of what is new: up to its seq, and every version", async () => {
  const added = Array.from({ length: 25 }, (_, index) => message(11 + index, 41 + index, BIG));
  const changes = [message(3, 40), ...added];
  const [one] = await conversationsOf({ a: changed(changes, AT(35, 70)) }, { a: AT(10, 10) });
  expect(one).toMatchObject({ state: "more", cursor: AT(31, 70) });
  expect(places(one!.messages)).toEqual(["3@40", ...added.slice(0, 21).map(({ seq, version }) => `${seq}@${version}`)]);
});

it("[R6] gives a conversation for which nothing is left `more`, from where it was", async () => {
  const full = changed(Array.from({ length: 21 }, (_, index) => message(index + 1, index + 1, BIG)), AT(21, 21));
  const rooms = {
    a: full,
    b: changed([message(5, 9, BIG)], AT(5, 9)),
    c: changed([message(2, 9, BIG)], AT(5, 9)),
  };
  const [a, b, c] = await conversationsOf(rooms, { a: AT(0, 0), b: AT(4, 8), c: AT(5, 8) });
  expect(a).toMatchObject({ state: "changed", cursor: AT(21, 21) });
  expect(b).toMatchObject({ state: "more", cursor: AT(4, 8), messages: [] });
  expect(c).toMatchObject({ state: "more", cursor: AT(5, 8), messages: [] });
});

it("[R6] counts what has no text too", async () => {
  const gone = Array.from({ length: 900 }, (_, index) => message(index + 1, 1001 + index, null));
  const [one] = await conversationsOf({ a: changed(gone, AT(900, 1900)) }, { a: AT(900, 900) });
  expect(one).toMatchObject({ state: "more" });
  expect(one!.messages).toHaveLength(Math.floor(SYNC_MAX_BYTES / 300));
});

it("[R6] [P4] gives everyone's positions, one's own alone where those do not fit, none where nothing is given", async () => {
  const crowd = [ME, ...Array.from({ length: 99 }, (_, index) => `other ${index}`)].map(position);
  const big = Array.from({ length: 20 }, (_, index) => message(index + 1, index + 1, BIG));
  const rooms: Record<string, Missed> = {
    a: changed(big, AT(20, 20), crowd),
    b: changed([], AT(1, 1), crowd),
    c: { state: "gone" },
    d: { state: "reset" },
    e: changed([], AT(1, 1), [position(ME)]),
  };
  const [a, b, c, d, e] = await conversationsOf(rooms, {
    a: AT(0, 0),
    b: AT(1, 1),
    c: AT(1, 1),
    d: AT(1, 1),
    e: AT(1, 1),
  });
  expect(a!.positions).toHaveLength(100);
  expect(b!.positions).toEqual([position(ME)]);
  expect(c).toEqual({ conversationId: "c", state: "gone", cursor: null, messages: [], positions: [] });
  expect(d).toMatchObject({ state: "reset", cursor: null, positions: [] });
  expect(e!.positions).toEqual([position(ME)]);
});

it("[R3] holds before it asks, and lets go afterwards, each up to what the answer reached", async () => {
  const { ask, steps } = world({ a: changed([message(1, 7)], AT(1, 7)), b: { state: "gone" } });
  const { afterwards } = await ask({ a: AT(0, 0), b: AT(2, 2) });
  expect(steps).toEqual(["hold a,b", "asked a", "asked b"]);
  afterwards!();
  expect(steps.slice(3)).toEqual(["end", `release [["a",7],["b",0]]`]);
});

it("[R3] lets all go where it fails", async () => {
  const { ask, steps } = world({ a: changed([], AT(1, 1)), b: new Error("the store is gone") });
  await expect(ask({ a: AT(1, 1), b: AT(1, 1) })).rejects.toThrow("the store is gone");
  expect(steps.slice(3)).toEqual(["end", `release [["a",0],["b",0]]`]);
});

it("[R2] takes the last cursor of a conversation that is named twice", async () => {
  const { sync, connection, steps } = world({ a: changed([], AT(9, 9)) });
  const cursors = [AT(1, 1), AT(9, 9)].map((cursor) => ({ conversationId: "a", ...cursor }));
  const answer = await sync.answer(connection, { ref: "1", command: "sync", epoch: null, list: false, cursors });
  expect(JSON.parse(answer.json).conversations).toMatchObject([{ state: "current", cursor: AT(9, 9) }]);
  expect(steps).toEqual(["hold a", "asked a"]);
});

it("[R5] resets all for another epoch, none for the same or where the client has none", async () => {
  const rooms = { a: changed([], AT(1, 1)) };
  const asked = async (epoch: string | null) => {
    const { epoch: ours, reset, conversations } = JSON.parse((await world(rooms).ask({ a: AT(1, 1) }, { epoch })).json);
    expect(ours).toBe(EPOCH);
    return [reset, conversations.length];
  };
  expect(await asked(EPOCH)).toEqual([false, 1]);
  expect(await asked(null)).toEqual([false, 1]);
  expect(await asked(crypto.randomUUID())).toEqual([true, 0]);
});

it("[R8] gives the list where it is asked for, without what was left while it was read, and says whether it is whole", async () => {
  const ids = Array.from({ length: SYNC_MAX_LIST + 5 }, (_, index) => `c${index}`);
  const listed = async (count: number) => {
    const { ask, left, asked } = world({}, ids.slice(0, count));
    const answer = await ask({}, { list: true });
    expect(asked).toEqual([{ ids: [ME], limit: SYNC_MAX_LIST + 1 }]);
    left.add("c1");
    const { list, listComplete } = JSON.parse(answer.json);
    return [list.map((line: SyncedListEntry) => line.conversationId), listComplete];
  };
  expect(await listed(3)).toEqual([["c0", "c2"], true]);
  expect((await listed(SYNC_MAX_LIST))[1]).toBe(true);
  expect(await listed(SYNC_MAX_LIST + 1)).toEqual([["c0", ...ids.slice(2, SYNC_MAX_LIST)], false]);
  const { ask, asked } = world({}, ids);
  expect(JSON.parse((await ask({})).json)).toMatchObject({ list: null, listComplete: true });
  expect(asked).toEqual([]);
});
