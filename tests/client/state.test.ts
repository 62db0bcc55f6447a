// The reducer: whatever order answers and events come in, the views see what the server has, each message once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CommandResult } from "../../protocol/commands.ts";
import type { Event } from "../../protocol/frames.ts";
import type { Message } from "../../protocol/models.ts";
import type { SyncedConversation } from "../../protocol/sync.ts";
import { inOrder } from "../../client/state/conversations.ts";
import { Failure } from "../../client/state/failure.ts";
import { pagesDue, syncsDue } from "../../client/state/replica.ts";
import { conversationPath, detailsPath, listPath, parseRoute } from "../../client/state/route.ts";
import { routePath } from "../../client/state/route_path.ts";
import type { Change, Kept, State } from "../../client/state/state.ts";
import { unreadTotal } from "../../client/state/unread_total.ts";
import {
  after,
  CONFIG,
  conversation,
  entry,
  EPOCH,
  ME,
  me,
  message,
  messages,
  opened,
  OTHER,
  page,
  ROOM,
  signedIn,
  user,
} from "./samples.ts";

const OTHER_EPOCH = "00000000-0000-4000-8000-0000000000ff";
const events = (...events: Event[]): Change => ({ type: "events", events });
const arrived = (...messages: Message[]): Change =>
  events(...messages.map((message): Event => ({ event: "message", message })));
const welcome = (epoch = EPOCH): Change => events({ event: "welcome", epoch, userId: ME });
const at = (conversationId: string | null): Change => ({
  type: "route",
  route: parseRoute(conversationId === null ? listPath("en") : conversationPath("en", conversationId)),
});
const thread = (state: State) => state.threads[ROOM]!;
const seqs = (state: State) => thread(state).messages.map(({ seq }) => seq);
const row = (state: State) => state.conversations[ROOM]!;
const pending = (clientId: string, body = "hello") => ({
  clientId,
  conversationId: ROOM,
  body,
  createdAt: "2025-03-04T06:00:00.000Z",
  failed: null,
});

/** Asks what is due first, and gets this answer. */
function synced(
  state: State,
  one: Partial<SyncedConversation> | null,
  more: Partial<CommandResult<"sync">> = {},
): State {
  const [sync] = syncsDue(state.replica);
  const answer: CommandResult<"sync"> = {
    epoch: EPOCH,
    reset: false,
    conversations: one === null
      ? []
      : [{ conversationId: ROOM, state: "changed", cursor: null, messages: [], positions: [], ...one }],
    list: null,
    listComplete: true,
    ...more,
  };
  return after(state, { type: "syncAsked", sync: sync! }, { type: "synced", sync: sync!, answer });
}

describe("messages of an open conversation", () => {
  it("appends the next, ignores a repeat, takes a higher version in place", () => {
    const state = after(
      opened(1, 3),
      arrived(message(4), message(4)),
      arrived(message(2, { version: 5, body: "edited" }), message(2, { version: 2, body: "older" })),
    );
    expect(seqs(state)).toEqual([1, 2, 3, 4]);
    expect(thread(state).messages[1]!.body).toBe("edited");
  });

  it("[R10] shows nothing behind a hole, and asks for what is missing", () => {
    const state = after(opened(1, 3), welcome(), arrived(message(6)));
    expect(seqs(state)).toEqual([1, 2, 3]);
    expect(syncsDue(state.replica)[0]!.cursors).toEqual([{ conversationId: ROOM, seq: 3, version: 3 }]);
    const whole = synced(state, { cursor: { seq: 6, version: 6 }, messages: messages(4, 6) });
    expect(seqs(whole)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(row(whole)).toMatchObject({ lastSeq: 6, unreadCount: 3 });
  });

  it("holds only what was opened: of the others the list is enough", () => {
    const state = after(signedIn(), { type: "conversation", conversation: conversation(3) }, arrived(message(4)));
    expect([state.replica.conversations, state.threads]).toEqual([{}, {}]);
    expect(row(state).lastMessage!.seq).toBe(4);
  });

  it("is loading until its page is there, and takes in what came meanwhile", () => {
    const asked = after(signedIn(), { type: "opened", conversationId: ROOM }, arrived(message(4), message(7)));
    expect([thread(asked).status, pagesDue(asked.replica)]).toEqual(["loading", [ROOM]]);
    const state = after(asked, { type: "detail", conversation: conversation(3), page: page(1, 3) });
    expect([thread(state).status, seqs(state)]).toEqual(["ready", [1, 2, 3, 4]]);
    expect(syncsDue(state.replica)[0]!.cursors).toHaveLength(1);
  });

  it("[R5] keeps what is shown after a reset, until the newest page stands in for it", () => {
    const reset = synced(after(opened(1, 3), welcome()), { state: "reset" });
    expect([seqs(reset), pagesDue(reset.replica)]).toEqual([[1, 2, 3], [ROOM]]);
    const state = after(reset, { type: "detail", conversation: conversation(100), page: page(51, 100) });
    expect([seqs(state)[0], thread(state).hasBefore]).toEqual([51, true]);
  });

  it("[C4] forgets everything when the epoch is another, but not what is to be sent", () => {
    const state = after(opened(1, 3), { type: "queued", pending: pending("a") }, welcome(), welcome(OTHER_EPOCH));
    expect([state.threads, state.conversations, state.list.status]).toEqual([{}, {}, "loading"]);
    expect(state.outbox).toHaveLength(1);
  });

  it("puts an older page before the first message", () => {
    const state = after(
      opened(51, 60),
      { type: "olderLoading", conversationId: ROOM },
      { type: "olderLoaded", conversationId: ROOM, page: page(1, 50) },
    );
    expect(seqs(state)).toEqual(messages(1, 60).map(({ seq }) => seq));
    expect(thread(state)).toMatchObject({ hasBefore: false, older: "idle" });
  });

  it("[R9] hides nothing behind the answer to what one wrote in an earlier time in the group", () => {
    const detail: Change = { type: "detail", conversation: conversation(7), page: page(5, 7, { hasBefore: false }) };
    const back = after(signedIn(), { type: "opened", conversationId: ROOM }, detail);
    const state = after(back, { type: "answered", message: message(2, { senderId: ME }) });
    expect(seqs(state)).toEqual([5, 6, 7]);
  });

  it("[R7] lets go of a conversation that is ours no more", () => {
    const gone = synced(after(opened(1, 3), welcome()), { state: "gone" });
    const left = after(opened(1, 3), events({ event: "conversation:left", conversationId: ROOM }));
    for (const state of [gone, left]) {
      expect([state.threads, state.positions, state.conversations, state.replica.conversations]).toEqual([
        {},
        {},
        {},
        {},
      ]);
    }
  });

  it("leaves out of a burst what the messages before it in the burst have made past", () => {
    const burst = [message(4), message(3, { version: 4, body: "from an earlier time" })];
    const oneByOne = burst.reduce((state, message) => after(state, arrived(message)), opened(1, 3));
    expect(after(opened(1, 3), arrived(...burst))).toEqual(oneByOne);
    expect(thread(oneByOne).messages.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
  });

  it("looks the same whether a burst comes as one frame or as many", () => {
    const any = fc.record({ seq: fc.integer({ min: 1, max: 12 }), version: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 30 }), (some) => {
        const all = some.map(({ seq, version }) => message(seq, { version, body: `${version}` }));
        const oneByOne = all.reduce((state, message) => after(state, arrived(message)), opened(1, 3));
        expect(after(opened(1, 3), arrived(...all))).toEqual(oneByOne);
      }),
    );
  });
});

describe("what is kept on the device", () => {
  const held = opened(1, 3).replica.conversations[ROOM]!;
  const kept: Kept = {
    epoch: EPOCH,
    conversations: { [ROOM]: conversation(3) },
    people: { [OTHER]: user(OTHER) },
    drafts: { [ROOM]: "half a thought" },
    pending: [pending("a")],
  };
  const back = () => after(signedIn(), { type: "kept", kept }, { type: "keptThread", held });

  it("is shown at once, and asked about from where it ends", () => {
    const state = back();
    expect([thread(state).status, seqs(state)]).toEqual(["ready", [1, 2, 3]]);
    expect([state.list.status, state.drafts[ROOM], state.outbox.length]).toEqual(["ready", "half a thought", 1]);
    const asked = syncsDue(after(state, welcome()).replica)[0]!;
    expect(asked).toMatchObject({ epoch: EPOCH, list: true, cursors: [{ conversationId: ROOM, seq: 3, version: 3 }] });
  });

  it("gives the list its first page when the server tells it", () => {
    const state = after(back(), {
      type: "listLoaded",
      list: "list",
      conversations: [conversation(3)],
      nextCursor: "c",
    });
    expect(state.list).toMatchObject({ status: "ready", nextCursor: "c" });
  });

  it("never stands in for what has come since", () => {
    const newer = after(opened(1, 9), { type: "kept", kept }, { type: "keptThread", held });
    expect([seqs(newer).at(-1), row(newer).lastSeq]).toEqual([9, 9]);
  });

  it("[C4] means nothing when the data is another", () => {
    expect(after(back(), welcome(OTHER_EPOCH))).toMatchObject({ threads: {}, conversations: {} });
  });

  it("draws the line where reading begins once it is known what is new", () => {
    const open = after(back(), at(ROOM), welcome());
    expect(thread(open).unreadAfter).toBeNull();
    const state = synced(open, { cursor: { seq: 5, version: 5 }, messages: messages(4, 5) });
    expect(thread(state).unreadAfter).toBe(3);
  });
});

describe("the list", () => {
  it("counts unread messages of others, none for one's own", () => {
    const state = after(opened(1, 3), arrived(message(4), message(5)));
    expect(row(state)).toMatchObject({ unreadCount: 2, lastSeq: 5, lastMessage: { seq: 5 } });
    expect(row(after(state, arrived(message(6, { senderId: ME })))).unreadCount).toBe(0);
    // Who only renames a group has not read it [P2].
    const note = message(6, { senderId: ME, kind: "system", body: null, system: { type: "renamed", title: "x" } });
    expect(row(after(state, arrived(note))).unreadCount).toBe(3);
  });

  it("[P1] takes reading on another device, and never goes back", () => {
    const read = (lastReadSeq: number) =>
      events({
        event: "positions",
        conversationId: ROOM,
        positions: [{ userId: ME, lastReadSeq, lastDeliveredSeq: 0 }],
      });
    const state = after(opened(1, 3), arrived(message(4), message(5)), read(4), read(2));
    expect(row(state)).toMatchObject({ unreadCount: 1, my: { lastReadSeq: 4 } });
    expect(state.positions[ROOM]![ME]).toMatchObject({ lastReadSeq: 4, lastDeliveredSeq: 4 });
  });

  it("[P1] is not taken back by the answer to what one wrote before that", () => {
    const read = { userId: ME, lastReadSeq: 6, lastDeliveredSeq: 6 };
    const ahead = after(opened(1, 3), events({ event: "positions", conversationId: ROOM, positions: [read] }));
    const state = after(ahead, { type: "answered", message: message(4, { senderId: ME }) }, arrived(message(5)));
    expect(row(state)).toMatchObject({ lastSeq: 5, unreadCount: 0, my: { lastReadSeq: 6 } });
    expect(row(after(state, arrived(message(6), message(7)))).unreadCount).toBe(1);
  });

  it("keeps the messages that an older answer does not know, and takes the rest of it", () => {
    const renamed = conversation(3, { title: "renamed" });
    const state = after(opened(1, 3), arrived(message(4)), { type: "conversation", conversation: renamed });
    expect(row(state)).toMatchObject({ lastSeq: 4, unreadCount: 1, title: "renamed" });
  });

  it("drops what should be on a fresh first page and is not", () => {
    const other = conversation(1, { id: OTHER });
    const whole = (...conversations: typeof other[]): Change => ({
      type: "listLoaded",
      list: "list",
      conversations,
      nextCursor: null,
    });
    const loaded = after(signedIn(), whole(conversation(3), other));
    expect(Object.keys(after(loaded, whole(other)).conversations)).toEqual([OTHER]);
  });

  it("keeps what lies beyond a fresh first page, and what is archived", () => {
    const old = conversation(1, { id: OTHER });
    const both = { list: "list" as const, conversations: [conversation(3), old], nextCursor: null };
    const first: Change = { type: "listLoaded", ...both };
    const fresh: Change = { type: "listLoaded", list: "list", conversations: [conversation(3)], nextCursor: "c" };
    expect(Object.keys(after(signedIn(), first, fresh).conversations).sort()).toEqual([OTHER, ROOM].sort());
    const archived: Change = { type: "my", conversationId: OTHER, my: { archived: true } };
    const whole: Change = { ...first, conversations: [conversation(3)], nextCursor: null };
    expect(Object.keys(after(signedIn(), first, archived, whole).conversations)).toContain(OTHER);
  });

  it("[R8] takes the lines of a sync, unless an event knew better", () => {
    const my = { archived: true, markedUnread: true };
    const lines = { list: [entry(5, { title: "renamed", unreadCount: 2, lastReadSeq: 3, ...my })] };
    const state = synced(after(opened(1, 3), welcome()), null, lines);
    expect(row(state)).toMatchObject({ title: "renamed", lastSeq: 5, unreadCount: 2, my });
    const overtaken = synced(after(opened(1, 3), welcome(), arrived(message(4))), null, { list: [entry(3)] });
    expect(row(overtaken)).toMatchObject({ lastSeq: 4, unreadCount: 1 });
  });

  it("loses its mark by reading, and by what one writes", () => {
    const marked = after(opened(1, 3), { type: "my", conversationId: ROOM, my: { markedUnread: true } });
    const ways: Change[] = [
      { type: "read", conversationId: ROOM, lastReadSeq: 3 },
      arrived(message(4, { senderId: ME })),
    ];
    expect(row(marked).my.markedUnread).toBe(true);
    for (const way of ways) expect(row(after(marked, way)).my.markedUnread).toBe(false);
    expect(row(after(marked, arrived(message(4)))).my.markedUnread).toBe(true);
  });

  it("brings an archived conversation back with a message, unless it is muted", () => {
    const my = { archived: true, mutedUntil: null };
    const archived = after(opened(1, 3), { type: "my", conversationId: ROOM, my });
    expect(inOrder(archived.conversations, true)).toHaveLength(1);
    expect(inOrder(after(archived, arrived(message(4))).conversations)).toHaveLength(1);
    const muted = after(archived, { type: "my", conversationId: ROOM, my: { mutedUntil: "2030-01-01T00:00:00.000Z" } });
    expect(inOrder(after(muted, arrived(message(4))).conversations, true)).toHaveLength(1);
  });

  it("leaves muted and archived conversations out of the total", () => {
    const my = { role: "member" as const, lastReadSeq: 0, archived: false, mutedUntil: null, markedUnread: false };
    const total = unreadTotal({
      a: conversation(3, { unreadCount: 3, my }),
      b: conversation(3, { unreadCount: 5, my: { ...my, archived: true } }),
      c: conversation(3, { unreadCount: 7, my: { ...my, mutedUntil: "2030-01-01T00:00:00.000Z" } }),
      d: conversation(3, { unreadCount: 11, my: { ...my, mutedUntil: "2020-01-01T00:00:00.000Z" } }),
    }, "2025-03-04T06:00:00.000Z");
    expect(total).toBe(14);
  });

  it("draws the line where reading begins, anew each time a conversation is opened", () => {
    const state = after(opened(1, 3), at(ROOM), at(null), arrived(message(4)), at(ROOM));
    expect(thread(state).unreadAfter).toBe(3);
    const read: Change = { type: "read", conversationId: ROOM, lastReadSeq: 4 };
    expect(thread(after(state, read, at(null), at(ROOM))).unreadAfter).toBeNull();
    // Its details beside it are no new opening.
    const details: Change = { type: "route", route: parseRoute(detailsPath("en", ROOM)) };
    expect(thread(after(state, read, details)).unreadAfter).toBe(3);
  });
});

describe("the outbox", () => {
  const own = message(4, { senderId: ME });
  const queued = () => after(opened(1, 3), { type: "queued", pending: pending(own.clientId!) });

  it("lets go of what has arrived, by a reply, an event, a sync or a page", () => {
    const reset = () => synced(after(queued(), welcome()), { state: "reset" });
    const ways = [
      after(queued(), arrived(own)),
      after(queued(), { type: "answered", message: own }),
      synced(after(queued(), welcome()), { cursor: { seq: 4, version: 4 }, messages: [own] }),
      after(reset(), { type: "detail", conversation: conversation(4), page: page(1, 4, { messages: [own] }) }),
    ];
    expect(queued().outbox).toHaveLength(1);
    for (const state of ways) expect(state.outbox).toEqual([]);
  });

  it("keeps one's own when somebody else uses the same client id", () => {
    expect(after(queued(), arrived(message(4, { senderId: OTHER }))).outbox).toHaveLength(1);
  });

  it("holds what another tab tells again in its place", () => {
    const state = after(
      opened(1, 3),
      { type: "queued", pending: pending("a") },
      { type: "queued", pending: pending("b") },
      { type: "queued", pending: { ...pending("a"), failed: "recipient_left" } },
    );
    expect(state.outbox.map(({ clientId, failed }) => [clientId, failed])).toEqual([["a", "recipient_left"], [
      "b",
      null,
    ]]);
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
    const back = (id: string): Change => ({ type: "signedIn", config: CONFIG, me: me(id) });
    const out = (byChoice: boolean): Change => ({ type: "signedOut", config: CONFIG, byChoice });
    expect(after(queued(), out(false), back(ME)).outbox).toHaveLength(1);
    expect(after(queued(), out(false), back(OTHER))).toMatchObject({ outbox: [], conversations: {}, threads: {} });
    expect(after(queued(), out(true), back(ME)).outbox).toEqual([]);
  });
});

describe("what the person changes", () => {
  const changing = (fields: Partial<Message> | null): Change => ({
    type: "changing",
    conversationId: ROOM,
    seq: 2,
    fields,
  });
  const body = (state: State) => thread(state).messages[1]!.body;

  it("is shown at once, and is as it was where it is taken back", () => {
    const state = after(opened(1, 3), changing({ body: "mine" }));
    expect(body(state)).toBe("mine");
    expect(body(after(state, arrived(message(4))))).toBe("mine");
    expect(body(after(state, changing(null)))).toBe("message 2");
    expect(after(state, changing(null)).changing).toEqual({});
  });

  it("gives way to what the server answers", () => {
    const answer = message(2, { version: 4, body: "theirs" });
    const state = after(
      opened(1, 3),
      changing({ body: "mine" }),
      { type: "answered", message: answer },
      changing(null),
    );
    expect(body(state)).toBe("theirs");
  });
});

describe("who is here", () => {
  const typing = (userId: string, typing: boolean) => events({ event: "typing", conversationId: ROOM, userId, typing });

  it("shows who types, not oneself, until they stop or say something", () => {
    const state = after(opened(1, 3), typing(OTHER, true), typing(ME, true));
    expect(state.typing).toEqual({ [ROOM]: [OTHER] });
    expect(after(state, typing(OTHER, false)).typing).toEqual({});
    expect(after(state, arrived(message(4))).typing).toEqual({});
  });

  it("is not known without a connection", () => {
    const online = { event: "presence", userId: OTHER, presence: "online", lastSeenAt: null } as const;
    const state = after(opened(1, 3), typing(OTHER, true), events(online));
    expect(state.presence[OTHER]!.presence).toBe("online");
    const down = after(state, { type: "connection", connection: "down", atMs: 7 });
    expect(down).toMatchObject({ typing: {}, presence: {}, connectingSince: 7 });
    const still = after(down, { type: "connection", connection: "connecting", atMs: 9 });
    expect(still.connectingSince).toBe(7);
    expect(after(still, { type: "connection", connection: "open", atMs: 9 }).connectingSince).toBeNull();
  });

  it("takes positions, presence and who types as a watch tells them, and forgets who typed elsewhere", () => {
    const positions = [{ userId: OTHER, lastReadSeq: 2, lastDeliveredSeq: 3 }];
    const presence = [{ userId: OTHER, presence: "away" as const, lastSeenAt: null }];
    const watched = (conversationId: string, typing: string[]): Change => ({
      type: "watched",
      answer: { watched: [{ conversationId, positions, presence, typing }] },
    });
    const state = after(opened(1, 3), watched(ROOM, [OTHER]));
    expect(state.positions[ROOM]![OTHER]).toEqual(positions[0]);
    expect(row(state).participants[1]).toMatchObject({ lastReadSeq: 2, lastDeliveredSeq: 3 });
    expect(state.typing).toEqual({ [ROOM]: [OTHER] });
    expect(after(state, watched(ROOM, [])).typing).toEqual({});
    expect(after(state, watched(OTHER, []))).toMatchObject({ typing: {}, presence: { [OTHER]: { presence: "away" } } });
  });
});

describe("failures of loading", () => {
  it("do not take away what is already shown", () => {
    const failed: Change = { type: "openFailed", conversationId: ROOM, failure: new Failure("offline") };
    expect(thread(after(opened(1, 3), failed)).status).toBe("ready");
    const shown = after(signedIn(), { type: "opened", conversationId: ROOM }, failed);
    expect(thread(shown).status).toBe("failed");
    expect(thread(after(shown, { type: "opened", conversationId: ROOM })).status).toBe("loading");
  });
});

describe("addresses", () => {
  it.each([
    ["/en/messages", { page: "list" }],
    ["/np/messages/archived", { lang: "np", page: "archived" }],
    ["/en/messages/settings", { page: "settings" }],
    ["/en/messages/new?to=x&listing=7", { page: "new", query: "?to=x&listing=7" }],
    [`/en/messages/${ROOM}`, { page: "conversation", conversationId: ROOM, panel: null }],
    [`/en/messages/${ROOM}/details`, { page: "conversation", conversationId: ROOM, panel: "details" }],
  ])("%s is a page, and back", (address, route) => {
    expect(parseRoute(address)).toMatchObject(route);
    expect(routePath(parseRoute(address))).toBe(address);
  });
});
