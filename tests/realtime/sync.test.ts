// Resuming: what was missed, once, then what is new; from the ring and from the store; and what cannot be resumed is said.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SYNC_MAX_BYTES, SYNC_MAX_CHANGES, SYNC_MAX_CURSORS } from "../../protocol/limits.ts";
import type { Cursor, Message } from "../../protocol/models.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { append, createGroup, createPeople } from "../helpers/people.ts";
import { createPerson, createTestServer, type Person, type TestServer } from "../helpers/server.ts";
import type { TestSocket } from "../helpers/socket.ts";
import {
  connect,
  messagesHeard,
  ok,
  pair,
  refusal,
  say,
  send,
  settled,
  START,
  sync,
  syncOne,
  three,
} from "../helpers/talk.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
/** Where people talk. */
let server: TestServer;
/** Another on the same database, which has seen nothing of it: what it answers comes from the store. */
let fresh: TestServer;
const limits = { commandsPerMinute: 1_000_000, connectionsPerPerson: 1000 };
beforeAll(async () => {
  database = await createTestDatabase();
  server = await createTestServer({ database, limits });
  fresh = await createTestServer({ database, limits });
});
afterAll(async () => {
  await Promise.all([server.close(), fresh.close()]);
  await database.close();
});

/** What the conversation holds, as its row and its messages say. */
async function held(person: Person, id: string): Promise<{ messages: Message[]; cursor: Cursor }> {
  const { conversation, page } = (await person.get(`/api/messages/conversations/${id}`)).body;
  let { messages, hasBefore } = page;
  while (hasBefore) {
    const path = `/api/messages/conversations/${id}/messages?limit=100&before=${messages[0].seq}`;
    const older = (await person.get(path)).body;
    messages = [...older.messages, ...messages];
    hasBefore = older.hasBefore;
  }
  return { messages, cursor: { seq: conversation.lastSeq, version: conversation.lastVersion } };
}

const edit = (conversationId: string, seq: number, body: string) =>
  ({ command: "message:edit", conversationId, seq, body }) as const;
const remove = (conversationId: string, seq: number) => ({ command: "message:delete", conversationId, seq }) as const;

/** What a client keeps of one conversation, by the rules that docs/writing-a-client.md gives. */
class Replica {
  readonly messages = new Map<number, Message>();
  cursor: Cursor = START;

  /** False: something was missed. */
  take(message: Message): boolean {
    this.#upsert(message);
    if (message.version > this.cursor.version + 1) return false;
    const { seq, version } = this.cursor;
    this.cursor = {
      seq: message.seq === seq + 1 ? message.seq : seq,
      version: Math.max(version, message.version),
    };
    return message.seq <= this.cursor.seq;
  }

  /** Asks until there is no more. Gives every message that came. */
  async resume(socket: TestSocket, id: string): Promise<Message[]> {
    const came: Message[] = [];
    for (;;) {
      const { state, cursor, messages } = await syncOne(socket, id, this.cursor);
      expect(["current", "changed", "more"]).toContain(state);
      for (const message of messages) this.#upsert(message);
      came.push(...messages);
      this.cursor = cursor!;
      if (state !== "more") return came;
    }
  }

  inOrder(): Message[] {
    return [...this.messages.values()].sort((a, b) => a.seq - b.seq);
  }

  #upsert(message: Message): void {
    if ((this.messages.get(message.seq)?.version ?? 0) < message.version) this.messages.set(message.seq, message);
  }
}

describe.each([["the ring", () => server], ["the store", () => fresh]])("from %s", (_, node) => {
  it("[R2] [R4] gives each missed change once, as it is now, and the cursor at which the client then is", async () => {
    const { ram, id, a, b } = await pair(server);
    for (const body of ["one", "two", "three"]) await say(a, id, body);
    const cursor = { seq: 3, version: 3 };
    b.close();
    await say(a, id, "four");
    await ok(a, edit(id, 4, "4"));
    await ok(a, edit(id, 1, "1"));
    await ok(a, edit(id, 1, "I"));
    await ok(a, remove(id, 2));
    await say(a, id, "five");
    const again = await connect(node(), ram);
    const synced = await syncOne(again, id, cursor);
    expect(synced).toMatchObject({ state: "changed", cursor: { seq: 5, version: 9 } });
    const seen = synced.messages.map(({ seq, version, body }) => [seq, version, body]);
    expect(seen.sort()).toEqual([[1, 7, "I"], [2, 8, null], [4, 5, "4"], [5, 9, "five"]]);
    expect(await syncOne(again, id, synced.cursor!)).toMatchObject({
      state: "current",
      messages: [],
      cursor: synced.cursor,
    });
    const whole = await syncOne(again, id, START);
    expect(whole.messages.toSorted((x, y) => x.seq - y.seq)).toEqual((await held(ram, id)).messages);
  });

  it("[E2] never gives a text that was edited or deleted, whatever the cursor", async () => {
    const { ram, id, a } = await pair(server);
    await say(a, id, "secret one");
    await say(a, id, "secret two");
    await ok(a, edit(id, 1, "harmless"));
    await ok(a, remove(id, 2));
    const again = await connect(node(), ram);
    for (let seq = 0; seq <= 2; seq++) {
      for (let version = 0; version <= 4; version++) {
        const synced = await syncOne(again, id, { seq, version });
        expect(JSON.stringify(synced)).not.toContain("secret");
        const beyond = (await held(ram, id)).messages.filter((one) => one.seq > seq || one.version > version);
        expect(synced.messages.toSorted((x, y) => x.seq - y.seq)).toEqual(beyond);
      }
    }
  });

  it("[R9] gives somebody who joined later nothing of before, not even what is edited or deleted now", async () => {
    const { sita, id, a } = await three(server);
    const late = await createPerson(server, "Late");
    await say(a, id, "before one");
    await say(a, id, "before two");
    await ok(a, { command: "participant:add", conversationId: id, participants: [{ id: late.me.id }] });
    const live = await connect(server, late);
    await ok(a, edit(id, 2, "before, edited"));
    await ok(a, remove(id, 3));
    const last = await say(a, id, "after");
    await live.message("after");
    expect(messagesHeard(live, id).map((one) => one.seq)).toEqual([5]);
    const synced = await syncOne(await connect(node(), late), id, START);
    expect(synced.messages.map((one) => one.seq)).toEqual([4, 5]);
    expect(synced.cursor).toEqual({ seq: 5, version: last.version });
    expect((await held(sita, id)).messages).toHaveLength(5);
  });

  it("[R5] says `reset` for a cursor that is ahead of the data", async () => {
    const { ram, id, a } = await pair(server);
    await say(a, id, "one");
    const again = await connect(node(), ram);
    for (const cursor of [{ seq: 2, version: 2 }, { seq: 1, version: 2 }, { seq: 2, version: 1 }]) {
      const synced = await syncOne(again, id, cursor);
      expect(synced).toEqual({ conversationId: id, state: "reset", cursor: null, messages: [], positions: [] });
    }
    const huge = { seq: Number.MAX_SAFE_INTEGER, version: Number.MAX_SAFE_INTEGER };
    expect((await syncOne(again, id, huge)).state).toBe("reset");
  });

  it("[R6] gives big messages in answers of bounded size, each message once, and a cursor of half an answer resumes", async () => {
    const { ram, id, a } = await pair(server);
    const body = (turn: number) => `${turn} `.padEnd(4000, "नमस्ते ");
    for (let turn = 0; turn < 60; turn++) await say(a, id, body(turn));
    for (const seq of [3, 1, 40]) await ok(a, edit(id, seq, `edited ${body(seq)}`.slice(0, 4000)));
    await ok(a, remove(id, 2));
    const again = await connect(node(), ram);
    const replica = new Replica();
    const came = await replica.resume(again, id);
    const { messages, cursor } = await held(ram, id);
    expect(came.map((one) => one.seq).toSorted((x, y) => x - y)).toEqual(messages.map((one) => one.seq));
    expect(replica.inOrder()).toEqual(messages);
    expect(replica.cursor).toEqual(cursor);
    const answers = again.frames.map((frame) => new TextEncoder().encode(frame).length);
    expect(answers.length).toBeGreaterThan(3);
    expect(Math.max(...answers)).toBeLessThan(SYNC_MAX_BYTES * 1.5);
  });

  it("[R6] a cursor of half an answer stays good while messages that it does not have yet are changed, or have been", async () => {
    const { ram, id, a } = await pair(server);
    const text = "x".repeat(4000);
    for (let turn = 0; turn < 50; turn++) await say(a, id, `${turn} ${text}`.slice(0, 4000));
    const socket = await connect(node(), ram);
    const replica = new Replica();
    const first = await syncOne(socket, id, START);
    expect(first.state).toBe("more");
    for (const message of first.messages) replica.messages.set(message.seq, message);
    replica.cursor = first.cursor!;
    await ok(a, edit(id, 49, "late edit of what was not given yet"));
    await ok(a, edit(id, 1, "late edit of what was given"));
    await ok(a, remove(id, 50));
    // The other node learns of it as from a restart: nothing there has been told.
    const next = node() === server ? socket : await connect(await restarted(), ram);
    await replica.resume(next, id);
    expect(replica.inOrder()).toEqual((await held(ram, id)).messages);
  });
});

/** The node that answers from the store, started anew. */
async function restarted(): Promise<TestServer> {
  await fresh.close();
  return fresh = await createTestServer({ database, limits });
}

it("[R6] an answer for many large groups is bounded too: each message comes once, one's own position always", async () => {
  const sita = await createPerson(server, "Sita");
  const others = await createPeople(database.sql, ...Array.from({ length: 99 }, (_, index) => `Member ${index}`));
  const ids = await Promise.all(
    Array.from({ length: 40 }, () => createGroup(database.sql, others[0]!, sita.me.id, ...others)),
  );
  await server.store.messages.append(ids.map((id) => append(id, others[0]!, "न".repeat(4000))));
  const socket = await connect(server, sita);
  const cursors = new Map(ids.map((id): [string, Cursor] => [id, { seq: 1, version: 1 }]));
  const given = new Map<string, number[]>(ids.map((id) => [id, []]));
  for (let asked = ids; asked.length > 0;) {
    const { conversations } = await sync(socket, Object.fromEntries(asked.map((id) => [id, cursors.get(id)!])));
    const seqs = conversations.flatMap((one) => one.messages.map((message) => message.seq));
    expect(seqs.length, "each answer goes on").toBeGreaterThan(0);
    for (const { conversationId, cursor, messages, positions } of conversations) {
      cursors.set(conversationId, cursor!);
      given.get(conversationId)!.push(...messages.map((message) => message.seq));
      expect(positions).toContainEqual({ userId: sita.me.id, lastReadSeq: 0, lastDeliveredSeq: 0 });
      expect([1, 100]).toContain(positions.length);
    }
    asked = conversations.filter(({ state }) => state === "more").map(({ conversationId }) => conversationId);
  }
  expect([...given.values()]).toEqual(ids.map(() => [2]));
  const quiet = await sync(socket, Object.fromEntries(cursors));
  expect(new Set(quiet.conversations.map(({ state }) => state))).toEqual(new Set(["current"]));
  expect(quiet.conversations.filter(({ positions }) => positions.length === 100).length).toBeGreaterThan(10);
  const answers = socket.frames.map((frame) => new TextEncoder().encode(frame).length);
  expect(answers.length).toBeGreaterThan(3);
  expect(Math.max(...answers)).toBeLessThan(SYNC_MAX_BYTES * 1.5);
});

describe("while it flows", () => {
  it("[R1] a connection gets every event of the person's conversations from the welcome on", async () => {
    const { ram, id, a } = await pair(server);
    const flow = Promise.all(Array.from({ length: 60 }, (_, turn) => say(a, id, String(turn))));
    const ears = await connect(server, ram);
    await flow;
    await settled(ears);
    const seqs = messagesHeard(ears, id).map((one) => one.seq);
    const first = seqs[0] ?? 61;
    expect(seqs).toEqual(Array.from({ length: 61 - first }, (_, index) => first + index));
    const missed = await syncOne(ears, id, START);
    expect(missed.messages).toHaveLength(60);
  });

  it(
    "[R3] what comes while a sync is answered follows the answer, without what the answer holds: nothing twice, nothing lost",
    async () => {
      const { ram, id, a, b } = await pair(server);
      await say(b, id, "first");
      const flow = (async () => {
        for (let turn = 0; turn < 150; turn++) {
          await Promise.all([say(a, id, `a${turn}`), say(b, id, `b${turn}`), ok(b, edit(id, 1, `edit ${turn}`))]);
        }
      })();
      let flowing = true;
      flow.finally(() => flowing = false);
      let rounds = 0;
      let cutovers = 0;
      while (flowing) {
        rounds++;
        const socket = await connect(server, ram);
        const synced = await syncOne(socket, id, START);
        expect(synced.state).toBe("changed");
        const at = socket.items.findIndex((item) => "ref" in item);
        await settled(socket);
        const after = socket.items.slice(at + 1).flatMap((item) =>
          "event" in item && item.event === "message" ? [item.message.version] : []
        );
        cutovers += after.length;
        const reached = synced.cursor!.version;
        expect(after).toEqual(after.map((_, index) => reached + 1 + index));
        socket.close();
      }
      await flow;
      expect(rounds).toBeGreaterThan(3);
      expect(cutovers).toBeGreaterThan(0);
    },
    60_000,
  );

  it("[R3] a sync that fails lets go what it held back", async () => {
    const { id, a, b } = await pair(server);
    expect(await refusal(b, { command: "sync", epoch: null, cursors: [{ conversationId: id, seq: -1, version: 0 }] }))
      .toBe("invalid");
    const epoch = crypto.randomUUID();
    await sync(b, { [id]: START }, { epoch });
    await sync(b, { [id]: { seq: 9, version: 9 } });
    await say(a, id, "heard");
    await b.message("heard");
  });

  it("[R3] several syncs at once each hold the events back until the last of them is answered", async () => {
    const { id, a, b } = await pair(server);
    const flow = Promise.all(Array.from({ length: 100 }, (_, turn) => say(a, id, String(turn))));
    const answers = await Promise.all(Array.from({ length: 10 }, () => syncOne(b, id, START)));
    await flow;
    await settled(b);
    const seqs = messagesHeard(b, id).map((one) => one.seq);
    expect(new Set(seqs).size).toBe(seqs.length);
    expect(seqs).toEqual(seqs.toSorted((x, y) => x - y));
    const lowest = Math.min(...answers.map((one) => one.cursor!.seq));
    const known = new Set([...seqs, ...answers.flatMap((one) => one.messages.map((message) => message.seq))]);
    for (let seq = lowest; seq <= 100; seq++) expect(known.has(seq)).toBe(true);
  });

  it.each([1, 2, 3])(
    "[R2] [R10] clients that drop their sockets at random and resume by cursor end with exactly the log (seed %i)",
    async (seed) => {
      const random = randomFrom(seed);
      const { sita, ram, gita, id, a, b, c } = await three(server);
      const writers = [a, b, c].map(async (socket) => {
        const own: number[] = [];
        for (let turn = 0; turn < 60; turn++) {
          const choice = random();
          const seq = own[Math.floor(random() * own.length)];
          if (choice < 0.7 || seq === undefined) own.push((await say(socket, id, `said ${turn}`)).seq);
          else if (choice < 0.9) await socket.ask(edit(id, seq, `edited ${turn}`));
          else await socket.ask(remove(id, seq));
        }
      });
      let writing = true;
      const written = Promise.all(writers).finally(() => writing = false);
      const readers = [sita, ram, gita].map(async (person) => {
        const replica = new Replica();
        for (let last = false;; last = !writing) {
          const socket = await connect(server, person);
          const given: Message[] = await replica.resume(socket, id);
          // Live for a while: some events are applied, then the socket is gone in the middle.
          const patience = Math.floor(random() * 12);
          const answeredAt = socket.items.findLastIndex((item) => "ref" in item);
          for (let turn = 0; turn < patience && writing; turn++) await settled(socket);
          // What came between the welcome and the answer is in the answer too.
          for (const item of socket.items.slice(answeredAt + 1)) {
            if (!("event" in item) || item.event !== "message") continue;
            given.push(item.message);
            expect(replica.take(item.message), `a gap before version ${item.message.version}`).toBe(true);
          }
          const changes = given.map((one) => `${one.seq}@${one.version}`);
          expect(new Set(changes).size, "nothing comes twice on one connection").toBe(changes.length);
          socket.close();
          if (last) return replica;
        }
      });
      await written;
      const { messages, cursor } = await held(sita, id);
      for (const replica of await Promise.all(readers)) {
        expect(replica.inOrder()).toEqual(messages);
        expect(replica.cursor).toEqual(cursor);
      }
      expect(messages.map((one) => one.seq)).toEqual(messages.map((_, index) => index + 1));
    },
    60_000,
  );

  it("[R10] one that missed an event sees it by the next version", async () => {
    const { id, a, b } = await pair(server);
    for (const body of ["1", "2", "3"]) await say(a, id, body);
    await b.message("3");
    const [first, , third] = messagesHeard(b, id) as [Message, Message, Message];
    const replica = new Replica();
    expect(replica.take(first)).toBe(true);
    expect(replica.take(third)).toBe(false);
    await replica.resume(b, id);
    expect(replica.inOrder().map((message) => message.body)).toEqual(["1", "2", "3"]);
    expect((await syncOne(b, id, replica.cursor)).state).toBe("current");
  });

  it("[R7] who is removed while the sync is under way gets the end of it in one way or the other, and then nothing", async () => {
    const { ram, id, a, b } = await three(server);
    for (let turn = 0; turn < 40; turn++) await say(a, id, "x".repeat(4000));
    const fromStore = await syncOne(b, id, START);
    expect(fromStore.state).toBe("more");
    const asked = Array.from({ length: 6 }, () => syncOne(b, id, START));
    const removed = ok(a, { command: "participant:remove", conversationId: id, userId: ram.me.id });
    const more = Array.from({ length: 6 }, () => syncOne(b, id, START));
    await Promise.all([removed, b.event("conversation:left")]);
    await say(a, id, "not for Ram");
    for (const synced of await Promise.all([...asked, ...more])) {
      expect(["more", "gone"]).toContain(synced.state);
      expect(JSON.stringify(synced)).not.toContain("not for Ram");
    }
    expect((await syncOne(b, id, START)).state).toBe("gone");
    await settled(b);
    expect(JSON.stringify(b.events)).not.toContain("not for Ram");
  });
});

describe("what cannot be resumed", () => {
  it("[R5] says `reset` to who is too far behind, and to who is just near enough all of it", async () => {
    const { sita, ram, id } = await pair(server);
    for (let turn = 0; turn < SYNC_MAX_CHANGES + 1; turn += 167) {
      await server.store.messages.append(
        Array.from({ length: 167 }, (_, index) => append(id, sita.me.id, `${turn + index}`)),
      );
    }
    const b = await connect(server, ram);
    expect((await syncOne(b, id, START)).state).toBe("reset");
    const near = await syncOne(b, id, { seq: 1, version: 1 });
    expect([near.state, near.messages.length]).toEqual(["changed", SYNC_MAX_CHANGES]);
  });

  it("[R5] says `reset` for all when the epoch is another, and gives the list all the same", async () => {
    const { id, a } = await pair(server);
    await say(a, id, "x");
    const answer = await sync(a, { [id]: { seq: 1, version: 1 } }, { epoch: uuidv7(), list: true });
    expect(answer).toMatchObject({ reset: true, conversations: [], list: [{ conversationId: id, lastSeq: 1 }] });
    expect(await sync(a, { [id]: { seq: 1, version: 1 } }, { epoch: null })).toMatchObject({
      reset: false,
      conversations: [{ state: "current" }],
    });
  });

  it("[R7] answers as many cursors as allowed, strangers' conversations exactly like ones that do not exist", async () => {
    const mine = await pair(server);
    const theirs = await three(server);
    await say(mine.a, mine.id, "mine");
    await say(theirs.a, theirs.id, "theirs");
    const cursors: Record<string, Cursor> = { [mine.id]: START, [theirs.id]: { seq: 1, version: 1 } };
    while (Object.keys(cursors).length < SYNC_MAX_CURSORS) cursors[uuidv7()] = { seq: 1, version: 1 };
    const { conversations } = await sync(mine.a, cursors);
    expect(conversations.map((one) => one.conversationId)).toEqual(Object.keys(cursors));
    expect(conversations[0]).toMatchObject({ state: "changed", cursor: { seq: 1, version: 1 } });
    const others = conversations.slice(1).map(({ conversationId: _, ...rest }) => JSON.stringify(rest));
    expect(new Set(others).size).toBe(1);
    expect(JSON.parse(others[0]!)).toEqual({ state: "gone", cursor: null, messages: [], positions: [] });
    cursors[uuidv7()] = START;
    const tooMany = Object.entries(cursors).map(([conversationId, cursor]) => ({ conversationId, ...cursor }));
    expect(await refusal(mine.a, { command: "sync", epoch: null, cursors: tooMany })).toBe("invalid");
  });
});

describe("the list", () => {
  it("[R8] holds a line for each of my conversations: new, archived, muted, renamed or left while away, and my place", async () => {
    const { sita, ram, gita, id, a, b } = await three(server);
    const { id: direct } = await ram.open(sita);
    const { id: left } = await sita.group("Left", ram);
    await say(a, id, "two");
    b.close();
    const { id: added } = await sita.group("New", ram);
    const unspoken = (await gita.open(ram)).id;
    await say(a, direct, "hello");
    await ok(a, { command: "conversation:rename", conversationId: id, title: "More tea" });
    const settings = (which: string, name: string) => `/api/messages/conversations/${which}/${name}`;
    await ram.put(settings(direct, "archive"), { archived: true });
    await ram.put(settings(added, "mute"), { until: "2999-01-01T00:00:00.000Z" });
    await ram.delete(`/api/messages/conversations/${left}`);
    const again = await connect(server, ram);
    await ok(again, { command: "message:read", conversationId: id, seq: 2 });
    const { list, listComplete } = await sync(again, {}, { list: true });
    expect(listComplete).toBe(true);
    const lines = new Map(list!.map((line) => [line.conversationId, line]));
    expect(new Set(lines.keys())).toEqual(new Set([id, direct, added]));
    expect(lines.get(id)).toMatchObject({
      title: "More tea",
      participantCount: 3,
      lastSeq: 3,
      lastVersion: 3,
      lastReadSeq: 2,
      unreadCount: 1,
      archived: false,
      mutedUntil: null,
    });
    expect(lines.get(direct)).toMatchObject({ title: null, archived: true, unreadCount: 1 });
    expect(lines.get(added)).toMatchObject({ title: "New", mutedUntil: "2999-01-01T00:00:00.000Z" });
    expect(lines.has(unspoken)).toBe(false);
    const { conversations } = (await ram.get("/api/messages/conversations")).body;
    for (const one of conversations) {
      expect(lines.get(one.id)).toMatchObject({ lastSeq: one.lastSeq, unreadCount: one.unreadCount });
    }
  });

  it("[R8] is there only when asked for", async () => {
    const { a } = await pair(server);
    expect((await sync(a, {})).list).toBeNull();
  });
});

it("[S4] what was sent but not acknowledged is sent again after a resume: one message, in its present state", async () => {
  const { sita, id, a, b } = await pair(server);
  const clientId = uuidv7();
  a.ws.send(JSON.stringify({ ref: "lost", ...send(id, "once", clientId) }));
  await b.message("once");
  a.close();
  await ok(await connect(server, sita), edit(id, 1, "edited elsewhere"));
  const again = await connect(server, sita);
  const { message } = await ok(again, send(id, "once", clientId));
  expect(message).toMatchObject({ seq: 1, body: "edited elsewhere", clientId });
  expect((await held(sita, id)).messages).toEqual([message]);
});

/** A sequence that its seed decides (mulberry32). */
function randomFrom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
