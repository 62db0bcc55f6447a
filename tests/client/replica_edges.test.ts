// The replica at its edges: what is only opened, kept or left, what comes twice, and pages and answers with nothing in them.
import { describe, expect, it } from "vitest";
import type { CommandResult } from "../../protocol/commands.ts";
import type { Event } from "../../protocol/frames.ts";
import { SYNC_MAX_CURSORS } from "../../protocol/limits.ts";
import type { Message } from "../../protocol/models.ts";
import type { SyncedConversation } from "../../protocol/sync.ts";
import {
  emptyReplica,
  pagesDue,
  type Replica,
  syncsDue,
  withDetail,
  withDoubt,
  withEvent,
  withKept,
  withMessages,
  withOlder,
  withOpened,
  withPositionsOf,
  withSync,
  withSyncAsked,
  withWelcome,
} from "../../client/state/replica.ts";
import { emptyHeld, unreadOf, withPositions } from "../../client/state/replica_conversation.ts";
import { conversation, EPOCH, ME, message, messages, OTHER, page, ROOM } from "./samples.ts";

const ELSEWHERE = "00000000-0000-4000-8000-0000000000bb";
const held = (replica: Replica) => replica.conversations[ROOM]!;
const seqs = (replica: Replica) => held(replica).messages.map(({ seq }) => seq);
const aside = (replica: Replica) => held(replica).aside.map(({ seq }) => seq);
const hear = (replica: Replica, ...heard: Message[]) =>
  heard.map((message): Event => ({ event: "message", message })).reduce(withEvent, replica);
const told = (conversationId: string): Event => ({ event: "conversation", conversationId });

function answered(replica: Replica, one: Partial<SyncedConversation>): Replica {
  const [sync] = syncsDue(replica);
  const conversations = [{
    conversationId: ROOM,
    state: "changed" as const,
    cursor: null,
    messages: [],
    positions: [],
    ...one,
  }];
  const answer: CommandResult<"sync"> = { epoch: EPOCH, reset: false, conversations, list: null, listComplete: true };
  return withSync(withSyncAsked(replica, sync!), sync!, answer);
}

const known = withEvent(withWelcome(emptyReplica(ME), EPOCH), told(ROOM));
const upTo = (last: number, first = 1) =>
  answered(known, { cursor: { seq: last, version: last }, messages: messages(first, last) });
/** 100 messages, of which the newest 50 are held. */
const paged = withDetail(answered(withDoubt(upTo(3)), { state: "reset" }), {
  conversation: conversation(100),
  page: page(51, 100),
});

describe("what is past", () => {
  it("[R9] is not heard again where it is not ours, up to the cursor's very last", () => {
    const late = answered(known, { cursor: { seq: 7, version: 9 }, messages: messages(5, 7) });
    expect(seqs(hear(late, message(2), message(3, { version: 9 })))).toEqual([5, 6, 7]);
    const nothing = answered(known, { cursor: { seq: 7, version: 9 } });
    expect(seqs(hear(nothing, message(7)))).toEqual([]);
  });

  it("is not what lies beyond the seq of half an answer, nor what was never held", () => {
    const half = answered(withDoubt(upTo(3)), {
      state: "more",
      cursor: { seq: 4, version: 9 },
      messages: [message(4)],
    });
    expect(seqs(hear(half, message(6)))).toEqual([1, 2, 3, 4, 6]);
    expect(aside(hear(paged, message(10, { version: 90, body: "edited" })))).toEqual([10]);
  });
});

describe("an answer", () => {
  it("with nothing in it leaves what is beyond its cursor, and only that", () => {
    const heard = hear(known, message(6, { version: 8 }), message(7, { version: 9 }), message(8, { version: 10 }));
    expect(seqs(answered(heard, { cursor: { seq: 7, version: 9 } }))).toEqual([8]);
  });

  it("begins with its first message, of which something newer may have been heard", () => {
    const heard = hear(known, message(5, { version: 9, body: "edited" }));
    const back = answered(heard, { cursor: { seq: 7, version: 8 }, messages: messages(5, 7) });
    expect(held(back).messages[0]).toMatchObject({ seq: 5, body: "edited" });
  });

  it("about what was left meanwhile brings nothing back", () => {
    const asked = withDoubt(upTo(3));
    const [sync] = syncsDue(asked);
    const left = withEvent(asked, { event: "conversation:left", conversationId: ROOM });
    const one = { conversationId: ROOM, state: "changed" as const, cursor: { seq: 4, version: 4 }, positions: [] };
    const answer = { epoch: EPOCH, reset: false, list: null, listComplete: true };
    const back = withSync(left, sync!, { ...answer, conversations: [{ ...one, messages: messages(4, 4) }] });
    expect(back.conversations).toEqual({});
  });
});

describe("a page", () => {
  it("that has nothing before it says that all that is ours is here", () => {
    const reset = answered(withDoubt(upTo(3)), { state: "reset" });
    const whole = withDetail(reset, { conversation: conversation(7), page: page(5, 7, { hasBefore: false }) });
    expect([held(whole).firstSeq, seqs(whole)]).toEqual([0, [5, 6, 7]]);
    const empty = withDetail(reset, { conversation: conversation(7), page: page(1, 0, { hasBefore: true }) });
    expect(held(empty).firstSeq).toBe(0);
  });

  it("with nothing in it leaves what was heard beyond the conversation that came with it, and only that", () => {
    const reset = answered(withDoubt(upTo(3)), { state: "reset" });
    const heard = hear(reset, message(6), message(7), message(8));
    const page0 = page(1, 0, { hasBefore: false });
    expect(seqs(withDetail(heard, { conversation: conversation(7), page: page0 }))).toEqual([8]);
  });

  it("of older messages with nothing in it ends the search, and takes nothing away", () => {
    const ended = withOlder(paged, ROOM, page(1, 0, { hasBefore: false }));
    expect(held(ended).firstSeq).toBe(0);
    expect(seqs(ended)).toEqual(seqs(paged));
  });

  it("that nobody waits for changes nothing", () => {
    const detail = { conversation: conversation(9), page: page(1, 9) };
    const current = upTo(3);
    expect(withDetail(current, detail)).toBe(current);
    expect(withDetail(withoutAny(), detail).conversations).toEqual({});
    expect(withOlder(withoutAny(), ROOM, page(1, 3)).conversations).toEqual({});
  });
});

const withoutAny = () => withWelcome(emptyReplica(ME), EPOCH);

describe("positions", () => {
  const at = (userId: string, seq: number) => ({ userId, lastReadSeq: seq, lastDeliveredSeq: seq });

  it("[P2] nothing is unread while it is not known how far somebody has read, nor where they are further", () => {
    expect(unreadOf(held(upTo(3)), ME)).toBe(0);
    expect(unreadOf(held(withPositionsOf(upTo(3), ROOM, [at(ME, 9)])), ME)).toBe(0);
    expect(unreadOf(held(withPositionsOf(upTo(3), ROOM, [at(ME, 1)])), ME)).toBe(2);
  });

  it("[P1] what is read is delivered, whoever tells it", () => {
    const told = withPositionsOf(upTo(3), ROOM, [{ userId: OTHER, lastReadSeq: 2, lastDeliveredSeq: 0 }]);
    expect(held(told).positions[OTHER]).toEqual(at(OTHER, 2));
    const more = withPositionsOf(told, ROOM, [{ userId: OTHER, lastReadSeq: 0, lastDeliveredSeq: 3 }]);
    expect(held(more).positions[OTHER]).toEqual({ userId: OTHER, lastReadSeq: 2, lastDeliveredSeq: 3 });
  });

  it("[P2] who changes the conversation has read it where nothing was unread to them, and only there", () => {
    const note = message(4, { kind: "system", senderId: ME, clientId: null, body: null, system: { type: "left" } });
    const read = (seq: number) => held(hear(withPositionsOf(upTo(3), ROOM, [at(ME, seq)]), note)).positions[ME];
    expect(read(3)).toEqual(at(ME, 4));
    expect(read(2)).toEqual(at(ME, 2));
  });

  it("of nobody change nothing, and those of a conversation that is not held neither", () => {
    const empty = emptyHeld(ROOM);
    expect(withPositions(empty, [])).toBe(empty);
    expect(withPositionsOf(withoutAny(), ROOM, [at(ME, 1)]).conversations).toEqual({});
  });
});

describe("what is held", () => {
  it("is what was opened, once its page is there, and is not asked about before", () => {
    const opened = withOpened(withSyncAsked(withoutAny(), syncsDue(withoutAny())[0]!), ROOM);
    expect([pagesDue(opened), syncsDue(opened)]).toEqual([[ROOM], []]);
    expect(withOpened(opened, ROOM)).toBe(opened);
    const shown = withDetail(opened, { conversation: conversation(3), page: page(1, 3) });
    expect(pagesDue(shown)).toEqual([]);
    expect(seqs(withOpened(shown, ROOM))).toEqual([1, 2, 3]);
  });

  it("is what this device kept, in doubt, unless something came that is certain", () => {
    const kept = { ...held(upTo(3)), checked: true };
    const taken = withKept(withOpened(emptyReplica(ME), ROOM), kept);
    expect(seqs(withKept(emptyReplica(ME), kept))).toEqual([1, 2, 3]);
    expect(syncsDue(taken)[0]!.cursors).toEqual([{ conversationId: ROOM, seq: 3, version: 3 }]);
    expect(seqs(withWelcome(taken, EPOCH))).toEqual([1, 2, 3]);
    const newer = upTo(5);
    expect(withKept(newer, kept)).toBe(newer);
  });

  it("is everything that is heard of, or what was opened only", () => {
    const few = withOpened(withWelcome(emptyReplica(ME, "opened"), EPOCH), ROOM);
    expect(withEvent(few, told(ELSEWHERE))).toBe(few);
    const elsewhere = message(1, { conversationId: ELSEWHERE });
    expect(Object.keys(hear(few, elsewhere).conversations)).toEqual([ROOM]);
    expect(seqs(hear(few, message(1)))).toEqual([1]);
    expect(Object.keys(hear(known, elsewhere).conversations)).toEqual([ROOM, ELSEWHERE]);
  });

  it("is each in its own conversation, when several are heard of at once", () => {
    const both = withMessages(known, [message(1), message(1, { conversationId: ELSEWHERE }), message(2)]);
    expect(seqs(both)).toEqual([1, 2]);
    expect(both.conversations[ELSEWHERE]!.messages).toHaveLength(1);
  });

  it("is not typing", () => {
    expect(withEvent(known, { event: "typing", conversationId: ROOM, userId: OTHER, typing: true })).toBe(known);
  });
});

describe("what is asked", () => {
  it("is nothing where nothing is due, and no empty question after a full one", () => {
    expect(syncsDue(upTo(3))).toEqual([]);
    let full = withoutAny();
    for (let count = 0; count < SYNC_MAX_CURSORS; count++) full = withEvent(full, told(crypto.randomUUID()));
    expect(syncsDue(full).map(({ cursors, list }) => [cursors.length, list])).toEqual([[SYNC_MAX_CURSORS, true]]);
    const asked = withSyncAsked(full, syncsDue(full)[0]!);
    expect(syncsDue(asked).map(({ list }) => list)).toEqual([false]);
  });

  it("is the list only where it is due: a doubt may leave it out, and does not take it back", () => {
    const quiet = upTo(3);
    expect(withDoubt(quiet).listIsDue).toBe(true);
    expect(withDoubt(quiet, { list: false }).listIsDue).toBe(false);
    expect(withDoubt(withDoubt(quiet), { list: false }).listIsDue).toBe(true);
    expect(withDoubt(quiet, {}).listIsDue).toBe(true);
    const due = withEvent(quiet, told(ROOM));
    expect(due.listIsDue).toBe(true);
    const [sync] = syncsDue(withDoubt(quiet, { list: false }));
    expect(withSyncAsked(due, sync!).listIsDue).toBe(true);
    expect(emptyReplica(ME).listIsDue).toBe(true);
  });
});
