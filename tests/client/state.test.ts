// The reducer: whatever order pages and events come in, the state is what the server has, each message once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message } from "../../protocol/models.ts";
import { isBehind, lastSeq } from "../../client/state/thread.ts";
import { type Change, type State } from "../../client/state/state.ts";
import { Failure } from "../../client/state/failure.ts";
import { unreadTotal } from "../../client/state/conversations.ts";
import {
  after,
  CONFIG,
  conversation,
  EPOCH,
  ME,
  message,
  messages,
  opened,
  OTHER,
  page,
  ROOM,
  signedIn,
  user,
} from "./samples.ts";

const arrived = (message: Message): Change => ({ type: "message", message });
const thread = (state: State) => state.threads[ROOM]!;
const seqs = (state: State) => thread(state).messages.map(({ seq }) => seq);
const pending = (clientId: string, body = "hello") => ({
  clientId,
  conversationId: ROOM,
  body,
  createdAt: "2025-03-04T06:00:00.000Z",
  failed: null,
});

describe("messages of an open conversation", () => {
  it("appends the next, ignores a repeat, takes a higher version in place", () => {
    const state = after(
      opened(1, 3),
      arrived(message(4)),
      arrived(message(4)),
      arrived(message(2, { version: 5, body: "edited" })),
      arrived(message(2, { version: 2, body: "older" })),
    );
    expect(seqs(state)).toEqual([1, 2, 3, 4]);
    expect(thread(state).messages[1]!.body).toBe("edited");
  });

  it("shows nothing behind a hole, and knows that it is behind", () => {
    const state = after(opened(1, 3), arrived(message(6)));
    expect(seqs(state)).toEqual([1, 2, 3]);
    expect(isBehind(thread(state))).toBe(true);
    const whole = after(state, { type: "newerLoaded", conversationId: ROOM, page: page(4, 6) });
    expect(seqs(whole)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(isBehind(thread(whole))).toBe(false);
  });

  it("takes in what came while the first page was on its way, and knows what is missing", () => {
    const state = after(
      signedIn(),
      { type: "threadLoading", conversationId: ROOM },
      arrived(message(7)),
      arrived(message(4)),
      arrived(message(5)),
      { type: "threadLoaded", conversation: conversation(3), page: page(1, 3) },
    );
    expect(seqs(state)).toEqual([1, 2, 3, 4, 5]);
    expect(isBehind(thread(state))).toBe(true);
  });

  it("does not let a page undo a change that it was read before", () => {
    const edited = (seq: number) => arrived(message(seq, { version: 99, body: "edited" }));
    const bodies = (state: State) =>
      thread(state).messages.filter(({ body }) => body === "edited").map(({ seq }) => seq);
    const newer = { type: "newerLoaded", conversationId: ROOM, page: page(11, 16) } as const;
    expect(bodies(after(opened(5, 10), edited(15), newer))).toEqual([15]);
    const older = { type: "olderLoaded", conversationId: ROOM, page: page(1, 4) } as const;
    expect(bodies(after(opened(5, 10), edited(2), older))).toEqual([2]);
    const first = { type: "threadLoaded", conversation: conversation(3), page: page(1, 3) } as const;
    expect(bodies(after(signedIn(), { type: "threadLoading", conversationId: ROOM }, edited(2), first))).toEqual([2]);
  });

  it("finds the hole in a conversation that was empty", () => {
    const empty = after(signedIn(), { type: "threadLoaded", conversation: conversation(0), page: page(1, 0) });
    expect(seqs(after(empty, arrived(message(3))))).toEqual([]);
    expect(isBehind(thread(after(empty, arrived(message(3)))))).toBe(true);
    expect(seqs(after(empty, arrived(message(1))))).toEqual([1]);
  });

  it("asks no further once the server says that nothing comes after", () => {
    const state = after(opened(1, 3), arrived(message(9)), {
      type: "newerLoaded",
      conversationId: ROOM,
      page: page(4, 3),
    });
    expect(isBehind(thread(state))).toBe(false);
  });

  it("is stale after a new connection, and again when one begins during the fetch", () => {
    const welcome: Change = { type: "welcome", epoch: EPOCH };
    const stale = after(opened(1, 3), welcome);
    expect(isBehind(thread(stale))).toBe(true);
    const asked = after(stale, { type: "newerLoading", conversationId: ROOM });
    const answer: Change = { type: "newerLoaded", conversationId: ROOM, page: page(4, 3) };
    expect(isBehind(thread(after(asked, answer)))).toBe(false);
    expect(isBehind(thread(after(asked, welcome, answer)))).toBe(true);
  });

  it("forgets everything when the epoch is another", () => {
    const state = after(opened(1, 3), { type: "welcome", epoch: EPOCH }, { type: "welcome", epoch: OTHER });
    expect(state.threads).toEqual({});
    expect(state.conversations).toEqual({});
  });

  it("puts an older page before the first message", () => {
    const state = after(opened(51, 60), { type: "olderLoaded", conversationId: ROOM, page: page(1, 50) });
    expect(seqs(state)).toEqual(messages(1, 60).map(({ seq }) => seq));
    expect(thread(state).hasBefore).toBe(false);
  });

  it("holds an unbroken stretch with the latest versions, whatever comes in whatever order", () => {
    const latest = (seq: number) => message(seq, { version: seq + 100, body: "latest" });
    const event = fc.record({ seq: fc.integer({ min: 1, max: 40 }), isLatest: fc.boolean() });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state = opened(5, 20);
        for (const { seq, isLatest } of events) state = after(state, arrived(isLatest ? latest(seq) : message(seq)));
        for (let rounds = 0; isBehind(thread(state)) && rounds < 50; rounds++) {
          const from = lastSeq(thread(state)) + 1;
          // Read before any of the events: the worst a slow answer can be.
          const answer = page(from, Math.min(from + 6, 40), { hasAfter: from + 6 < 40 });
          state = after(state, { type: "newerLoading", conversationId: ROOM }, {
            type: "newerLoaded",
            conversationId: ROOM,
            page: answer,
          });
        }
        const held = seqs(state);
        expect(held).toEqual(held.map((_, index) => held[0]! + index));
        expect(isBehind(thread(state))).toBe(false);
        for (const { seq, isLatest } of events) {
          expect(held.at(-1)).toBeGreaterThanOrEqual(seq);
          const shown = thread(state).messages.find((one) => one.seq === seq);
          if (isLatest && shown) expect(shown.body).toBe("latest");
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("the list", () => {
  it("counts unread messages of others, none for one's own", () => {
    const state = after(opened(1, 3), arrived(message(4)), arrived(message(5)));
    expect(state.conversations[ROOM]).toMatchObject({ unreadCount: 2, lastSeq: 5, lastMessage: { seq: 5 } });
    expect(after(state, arrived(message(6, { senderId: ME }))).conversations[ROOM]!.unreadCount).toBe(0);
  });

  it("takes reading on another device, and never goes back", () => {
    const read = (lastReadSeq: number): Change => ({ type: "read", conversationId: ROOM, userId: ME, lastReadSeq });
    const state = after(opened(1, 3), arrived(message(4)), arrived(message(5)), read(4), read(2));
    expect(state.conversations[ROOM]).toMatchObject({ unreadCount: 1, my: { lastReadSeq: 4 } });
  });

  it("keeps what an event has told when an older answer comes after it", () => {
    const state = after(opened(1, 3), arrived(message(4)), { type: "conversation", conversation: conversation(3) });
    expect(state.conversations[ROOM]!.lastSeq).toBe(4);
  });

  it("drops what should be on a fresh first page and is not", () => {
    const other = conversation(1, { id: OTHER });
    const loaded = after(signedIn(), { type: "listLoaded", conversations: [conversation(3), other], nextCursor: null });
    const fresh: Change = { type: "listLoaded", conversations: [other], nextCursor: null };
    expect(Object.keys(after(loaded, fresh).conversations)).toEqual([OTHER]);
  });

  it("keeps what lies beyond a fresh first page", () => {
    const old = conversation(1, { id: OTHER });
    const loaded = after(signedIn(), { type: "listLoaded", conversations: [conversation(3), old], nextCursor: null });
    const fresh: Change = { type: "listLoaded", conversations: [conversation(3)], nextCursor: "c" };
    expect(Object.keys(after(loaded, fresh).conversations).sort()).toEqual([OTHER, ROOM].sort());
  });

  it("leaves muted and archived conversations out of the total", () => {
    const my = { role: "member" as const, lastReadSeq: 0, archived: false, mutedUntil: null };
    const total = unreadTotal({
      a: conversation(3, { unreadCount: 3, my }),
      b: conversation(3, { unreadCount: 5, my: { ...my, archived: true } }),
      c: conversation(3, { unreadCount: 7, my: { ...my, mutedUntil: "2030-01-01T00:00:00.000Z" } }),
      d: conversation(3, { unreadCount: 11, my: { ...my, mutedUntil: "2020-01-01T00:00:00.000Z" } }),
    }, "2025-03-04T06:00:00.000Z");
    expect(total).toBe(14);
  });

  it("draws the line where reading begins, anew each time a conversation is opened", () => {
    const at = (conversationId: string | null): Change => ({
      type: "route",
      route: { lang: "en", page: conversationId === null ? "list" : "conversation", conversationId },
    });
    const state = after(opened(1, 3), at(ROOM), at(null), arrived(message(4)), at(ROOM));
    expect(thread(state).unreadAfter).toBe(3);
    const read: Change = { type: "read", conversationId: ROOM, userId: ME, lastReadSeq: 4 };
    expect(thread(after(state, read, at(null), at(ROOM))).unreadAfter).toBeNull();
  });
});

describe("the outbox", () => {
  const own = message(4, { senderId: ME });

  it("lets go of what has arrived, by a reply, an event or a page", () => {
    const queued = after(opened(1, 3), { type: "queued", pending: pending(own.clientId!) });
    expect(queued.outbox).toHaveLength(1);
    const byPage: Change = {
      type: "newerLoaded",
      conversationId: ROOM,
      page: { messages: [own], people: [], hasBefore: true, hasAfter: false },
    };
    expect(after(queued, arrived(own)).outbox).toEqual([]);
    expect(after(queued, byPage).outbox).toEqual([]);
  });

  it("keeps one's own when somebody else uses the same client id", () => {
    const queued = after(opened(1, 3), { type: "queued", pending: pending(own.clientId!) });
    expect(after(queued, arrived(message(4, { senderId: OTHER }))).outbox).toHaveLength(1);
  });

  it("marks what was refused, and takes it back for another try under the same id", () => {
    const state = after(
      opened(1, 3),
      { type: "queued", pending: pending("a") },
      { type: "refused", clientId: "a", code: "recipient_left" },
    );
    expect(state.outbox[0]!.failed).toBe("recipient_left");
    expect(after(state, { type: "retried", clientId: "a" }).outbox[0]).toMatchObject({ clientId: "a", failed: null });
    expect(after(state, { type: "discarded", clientId: "a" }).outbox).toEqual([]);
  });

  it("survives a session that ran out, not a sign-out, and is nobody else's", () => {
    const queued = after(opened(1, 3), { type: "queued", pending: pending("a") });
    const back = (id: string): Change => ({
      type: "signedIn",
      config: CONFIG,
      me: { ...user(id), externalId: null, locale: null, role: "member" },
    });
    const out = (byChoice: boolean): Change => ({ type: "signedOut", config: CONFIG, byChoice });
    expect(after(queued, out(false), back(ME)).outbox).toHaveLength(1);
    expect(after(queued, out(false), back(OTHER))).toMatchObject({ outbox: [], conversations: {} });
    expect(after(queued, out(true), back(ME)).outbox).toEqual([]);
  });
});

describe("failures of loading", () => {
  it("do not take away what is already shown", () => {
    const failed: Change = { type: "threadFailed", conversationId: ROOM, failure: new Failure("offline") };
    expect(thread(after(opened(1, 3), failed)).status).toBe("ready");
    expect(thread(after(signedIn(), failed)).status).toBe("failed");
  });
});
