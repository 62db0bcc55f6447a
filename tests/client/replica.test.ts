// The replica and the shared outbox, without a network: never past a gap, never undone, never sent twice at a time.
import { describe, expect, it } from "vitest";
import type { CommandResult } from "../../protocol/commands.ts";
import type { Event } from "../../protocol/frames.ts";
import { SYNC_MAX_CURSORS } from "../../protocol/limits.ts";
import type { Message } from "../../protocol/models.ts";
import type { SyncedConversation, SyncedListEntry } from "../../protocol/sync.ts";
import {
  emptyReplica,
  pagesDue,
  type Replica,
  syncsDue,
  withDetail,
  withDoubt,
  withEvent,
  withOlder,
  withReadAnswer,
  withSync,
  withSyncAsked,
  withWelcome,
} from "../../client/state/replica.ts";
import { unreadOf, withoutHoles } from "../../client/state/replica_conversation.ts";
import {
  emptyOutbox,
  sendsDue,
  withArrived,
  withoutSender,
  withQueued,
  withRefused,
  withReturned,
  withSender,
  withSent,
} from "../../client/state/replica_outbox.ts";
import { conversation, EPOCH, ME, message, messages, OTHER, page, ROOM } from "./samples.ts";

const OTHER_EPOCH = "00000000-0000-4000-8000-0000000000ff";
const arrived = (message: Message): Event => ({ event: "message", message });
const held = (replica: Replica) => replica.conversations[ROOM]!;
const seqs = (replica: Replica) => held(replica).messages.map(({ seq }) => seq);
const hear = (replica: Replica, ...heard: Message[]) => heard.map(arrived).reduce(withEvent, replica);

function answered(replica: Replica, one: Partial<SyncedConversation>, list: SyncedListEntry[] = []): Replica {
  const [sync] = syncsDue(replica);
  const conversations = [{
    conversationId: ROOM,
    state: "changed" as const,
    cursor: null,
    messages: [],
    positions: [],
    ...one,
  }];
  const answer: CommandResult<"sync"> = { epoch: EPOCH, reset: false, conversations, list, listComplete: true };
  return withSync(withSyncAsked(replica, sync!), sync!, answer);
}

/** Connected, with messages 1…`last` of ROOM. */
function current(last: number): Replica {
  const known = withEvent(withWelcome(emptyReplica(ME), EPOCH), { event: "conversation", conversationId: ROOM });
  return answered(known, { cursor: { seq: last, version: last }, messages: messages(1, last) });
}

describe("the cursor of a replica", () => {
  it("[R10] goes on with each next change, in its place or in an old one", () => {
    const replica = hear(
      current(3),
      message(4),
      message(2, { version: 5, body: "edited" }),
      message(5, { version: 6 }),
    );
    expect(held(replica).cursor).toEqual({ seq: 5, version: 6 });
    expect(held(replica).messages[1]!.body).toBe("edited");
    expect(syncsDue(replica)).toEqual([]);
  });

  it("[R10] stays before a gap, keeps what came after it, and asks", () => {
    const replica = hear(current(3), message(5), message(6));
    expect(seqs(replica)).toEqual([1, 2, 3, 5, 6]);
    expect(withoutHoles(held(replica)).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(syncsDue(replica)[0]!.cursors).toEqual([{ conversationId: ROOM, seq: 3, version: 3 }]);
    const whole = answered(replica, { cursor: { seq: 6, version: 6 }, messages: messages(4, 6) });
    expect([seqs(whole), syncsDue(whole)]).toEqual([[1, 2, 3, 4, 5, 6], []]);
  });

  it("[E4] never takes an older state for a newer one, whichever way it comes", () => {
    const deleted = message(2, { version: 4, body: null, deletedAt: "2025-03-04T07:00:00.000Z" });
    const replica = answered(withDoubt(hear(current(3), deleted, message(2))), {
      cursor: { seq: 3, version: 3 },
      messages: messages(2, 3),
    });
    expect(held(replica).messages[1]!.body).toBeNull();
    expect(held(replica).cursor).toEqual({ seq: 3, version: 4 });
  });

  it("[R6] after half an answer asks for the rest; a live message does not close that gap", () => {
    const half = answered(withDoubt(current(3)), {
      state: "more",
      cursor: { seq: 4, version: 9 },
      messages: [message(4)],
    });
    const replica = hear(half, message(9, { version: 10 }));
    expect(held(replica).cursor).toEqual({ seq: 4, version: 10 });
    expect(syncsDue(replica)[0]!.cursors).toEqual([{ conversationId: ROOM, seq: 4, version: 10 }]);
  });

  it("[R5] after a reset begins anew from the newest page", () => {
    const reset = answered(withDoubt(current(3)), { state: "reset" });
    expect([held(reset).messages, pagesDue(reset), syncsDue(reset)]).toEqual([[], [ROOM], []]);
    const edited = message(2, { version: 101, body: "edited" });
    const paged = withDetail(hear(reset, edited), { conversation: conversation(100), page: page(51, 100) });
    expect(syncsDue(paged)[0]!.cursors).toEqual([{ conversationId: ROOM, seq: 100, version: 100 }]);
    expect(seqs(paged)[0]).toBe(51);
    // Changed while it was not held: the older page, read before, must not undo it.
    const whole = withOlder(paged, ROOM, page(1, 50));
    expect(held(whole).messages[1]!.body).toBe("edited");
    expect(seqs(whole)).toHaveLength(100);
  });

  it("takes no answer that builds on what was forgotten meanwhile", () => {
    const asked = withDoubt(current(3));
    const [sync] = syncsDue(asked);
    const back = withEvent(withEvent(asked, { event: "conversation:left", conversationId: ROOM }), {
      event: "conversation",
      conversationId: ROOM,
    });
    const late = { conversationId: ROOM, state: "changed" as const, cursor: { seq: 9, version: 9 }, positions: [] };
    const answer = { epoch: EPOCH, reset: false, list: null, listComplete: true };
    const replica = withSync(back, sync!, { ...answer, conversations: [{ ...late, messages: messages(4, 9) }] });
    expect(held(replica).cursor).toBeNull();
    expect(syncsDue(replica)[0]!.cursors).toEqual([{ conversationId: ROOM, seq: 0, version: 0 }]);
  });
});

/** Put out and added again unnoticed: events were lost, or there was no connection. What was said until then is not theirs. */
describe("[R9] what was heard in an earlier time in the conversation", () => {
  const mine = message(2, { senderId: ME });
  const opened = withEvent(withWelcome(emptyReplica(ME), EPOCH), { event: "conversation", conversationId: ROOM });
  const nowHeld = (replica: Replica) => ({ seqs: seqs(replica), aside: held(replica).aside.map(({ seq }) => seq) });

  it.each([
    ["before the first answer", opened],
    ["beyond a gap, where nothing was there before", current(0)],
  ])("is not kept: %s", (_, replica) => {
    const away = withWelcome(hear(replica, mine), EPOCH);
    expect(syncsDue(away)[0]!.cursors).toEqual([{ conversationId: ROOM, seq: 0, version: 0 }]);
    const back = answered(away, { cursor: { seq: 7, version: 9 }, messages: messages(5, 7) });
    expect(nowHeld(back)).toEqual({ seqs: [5, 6, 7], aside: [] });
    const nothing = answered(away, { cursor: { seq: 7, version: 9 } });
    expect(nowHeld(nothing)).toEqual({ seqs: [], aside: [] });
  });

  it("stays where the answer shows that it is theirs, and what is newer than the answer too", () => {
    const heard = hear(opened, message(6, { version: 9, body: "edited" }), message(8, { version: 10 }));
    const back = answered(heard, { cursor: { seq: 7, version: 8 }, messages: messages(5, 7) });
    expect(nowHeld(back)).toEqual({ seqs: [5, 6, 7, 8], aside: [] });
    expect(held(back).messages[1]!.body).toBe("edited");
  });

  it("is not kept when a page that has nothing before it shows where theirs begins", () => {
    const reset = hear(answered(withDoubt(current(3)), { state: "reset" }), mine);
    const edges = { hasBefore: false };
    const whole = withDetail(reset, { conversation: conversation(7), page: page(5, 7, edges) });
    expect(nowHeld(whole)).toEqual({ seqs: [5, 6, 7], aside: [] });
    const newest = withDetail(reset, { conversation: conversation(100), page: page(51, 100) });
    expect(nowHeld(withOlder(newest, ROOM, page(5, 50, edges)))).toMatchObject({ aside: [] });
    expect(seqs(withOlder(newest, ROOM, page(5, 50, edges)))[0]).toBe(5);
    const nothing = withDetail(reset, { conversation: conversation(7), page: page(1, 0, edges) });
    expect(nowHeld(nothing)).toEqual({ seqs: [], aside: [] });
  });

  it("does not come back by an older page that was asked for then", () => {
    const back = answered(opened, { cursor: { seq: 7, version: 9 }, messages: messages(5, 7) });
    expect(seqs(withOlder(back, ROOM, page(1, 3)))).toEqual([5, 6, 7]);
    const reset = answered(withDoubt(current(3)), { state: "reset" });
    const newest = withDetail(reset, { conversation: conversation(100), page: page(51, 100) });
    expect(withOlder(newest, ROOM, page(1, 30, { hasBefore: false }))).toEqual(newest);
  });
});

describe("what a replica asks", () => {
  it("[C4] a new connection puts all in doubt, another epoch forgets all", () => {
    expect(syncsDue(withWelcome(current(3), EPOCH))[0]).toMatchObject({
      epoch: EPOCH,
      list: true,
      cursors: [{ seq: 3 }],
    });
    const other = withWelcome(current(3), OTHER_EPOCH);
    expect(other.conversations).toEqual({});
    expect(syncsDue(other)).toEqual([{ command: "sync", epoch: OTHER_EPOCH, cursors: [], list: true }]);
  });

  it("comes in as many syncs as it takes, the list once", () => {
    let replica = withWelcome(emptyReplica(ME), EPOCH);
    for (let count = 0; count <= SYNC_MAX_CURSORS; count++) {
      replica = withEvent(replica, { event: "conversation", conversationId: crypto.randomUUID() });
    }
    expect(syncsDue(replica).map(({ cursors, list }) => [cursors.length, list])).toEqual([
      [SYNC_MAX_CURSORS, true],
      [1, false],
    ]);
  });

  it("[R7] [A3] keeps nothing of a conversation that is gone", () => {
    expect(answered(withDoubt(current(3)), { state: "gone" }).conversations).toEqual({});
    expect(withEvent(current(3), { event: "conversation:left", conversationId: ROOM }).conversations).toEqual({});
  });

  it("[R8] learns from the list what is new and what it is behind in", () => {
    const entry = { conversationId: ROOM, lastSeq: 7, lastVersion: 9, lastReadSeq: 5 } as SyncedListEntry;
    const replica = answered(withDoubt(current(3)), { state: "current", cursor: { seq: 3, version: 3 } }, [entry]);
    expect(syncsDue(replica)[0]!.cursors).toEqual([{ conversationId: ROOM, seq: 3, version: 3 }]);
    expect(unreadOf(held(replica), ME)).toBe(2);
  });
});

describe("positions", () => {
  const told = (lastReadSeq: number): Event => ({
    event: "positions",
    conversationId: ROOM,
    positions: [{ userId: ME, lastReadSeq, lastDeliveredSeq: lastReadSeq }],
  });

  it("[P1] only grow, whatever tells them and in whatever order", () => {
    const replica = withReadAnswer([told(2), told(1)].reduce(withEvent, current(3)), ROOM, 1);
    expect(held(replica).positions[ME]!.lastReadSeq).toBe(2);
    expect(unreadOf(held(replica), ME)).toBe(1);
  });

  it("[P2] what others say is unread, what one says oneself is read", () => {
    const heard = hear(withEvent(current(3), told(3)), message(4), message(5, { senderId: OTHER }));
    expect(unreadOf(held(heard), ME)).toBe(2);
    expect(unreadOf(held(hear(heard, message(6, { senderId: ME }))), ME)).toBe(0);
  });
});

describe("an outbox shared by tabs", () => {
  const pending = (clientId: string, conversationId = ROOM) => ({
    clientId,
    conversationId,
    body: clientId,
    createdAt: "2025-03-04T06:00:00.000Z",
    failed: null,
  });
  const due = (outbox: Parameters<typeof sendsDue>[0], tab: string) => sendsDue(outbox, tab).map((one) => one.clientId);
  const two = withSender(
    [pending("a"), pending("b"), pending("c", "elsewhere")].reduce(withQueued, emptyOutbox(ME)),
    "1",
  );

  it("sends one of each conversation at a time, by one tab", () => {
    expect([due(two, "1"), due(withSender(two, "2"), "2")]).toEqual([["a", "c"], []]);
    expect(due(withSent(two, "a"), "1")).toEqual(["c"]);
  });

  it("[S3] [S4] gives all that is unanswered to the next sender, in the same order", () => {
    const taken = withSender(withoutSender(withSent(two, "a"), "1"), "2");
    expect([due(taken, "2"), due(taken, "1")]).toEqual([["a", "c"], []]);
    expect(withoutSender(taken, "1")).toBe(taken);
  });

  it("goes on when one has arrived, however that is learned; another person's client id is not ours", () => {
    const sent = withSent(two, "a");
    expect(withArrived(sent, [message(1, { clientId: "a", senderId: OTHER })])).toBe(sent);
    expect(due(withArrived(sent, [message(1, { clientId: "a", senderId: ME })]), "1")).toEqual(["b", "c"]);
  });

  it("sends again what was refused for now, keeps what was refused for good, and goes on behind it", () => {
    expect(due(withReturned(withSent(two, "a"), "a"), "1")).toEqual(["a", "c"]);
    const refused = withRefused(withSent(two, "a"), "a", "recipient_left");
    expect(due(refused, "1")).toEqual(["b", "c"]);
    expect(refused.pending[0]).toMatchObject({ clientId: "a", failed: "recipient_left" });
  });
});
