// A room: the live actor of one conversation. It alone writes messages there; it commits, then replies and broadcasts.
import { CommandError, type ErrorCode } from "../../protocol/errors.ts";
import type { Event } from "../../protocol/frames.ts";
import { SYNC_MAX_CHANGES, TYPING_TTL_MS } from "../../protocol/limits.ts";
import type { Cursor, Message, Position } from "../../protocol/models.ts";
import { tally } from "../metrics.ts";
import type { Append, Revision } from "../store/messages.ts";
import type { Member, MembershipChange } from "../store/participants.ts";
import type { RoomStore } from "../store/store.ts";
import { Backfill } from "./backfill.ts";
import type { CommitResult, Committer } from "./committer.ts";
import { Mailbox } from "./mailbox.ts";
import { type Moved, Positions } from "./positions.ts";
import { Recovery } from "./recovery.ts";
import { type Change, Ring } from "./ring.ts";
import { type Audience, Batch, type Subscriber } from "./subscriber.ts";
import { Typing } from "./typing.ts";

const BATCH_MAX_MESSAGES = 500;
/** After so many receivers a broadcast lets other rooms have their turn. */
const SLICE_SUBSCRIBERS = 500;
const POSITIONS_MAX_PEOPLE = 100;

interface Pending {
  append: Append;
  resolve: (sent: Change) => void;
  reject: (error: CommandError) => void;
}

export interface RoomOptions {
  store: RoomStore;
  committer: Committer;
  audience: Audience;
  /** Shared by the rooms of a node; one of its own when not given. */
  recovery?: Recovery;
  /** Told of what the room could not do; never sees a message's text. */
  onError: (what: string, error: unknown) => void;
  /** How long typing lasts that is not renewed; TYPING_TTL_MS when not given. */
  typingTtlMs?: number;
}

/** What a participant missed. `reset`: too much to give, or the cursor is from a past that is not ours. */
export type Missed =
  | { state: "gone" | "reset" }
  | { state: "changed"; changes: Message[]; last: Cursor; positions: Position[] };

export class Room {
  readonly id: string;
  readonly #options: RoomOptions;
  readonly #mailbox = new Mailbox();
  readonly #positions: Positions;
  readonly #typing: Typing;
  readonly #backfill: Backfill;
  readonly #recovery: Recovery;
  #pending: Pending[] = [];
  /** Active participants as of the last turn; null until the first turn, and again after an uncertain commit. */
  #members: Map<string, Member> | null = null;
  /** Those of before an uncertain commit, until it is known who is left. */
  #membersBefore = new Map<string, Member>();
  /** What was broadcast last, and what before it; null until the first turn. */
  #last: Cursor | null = null;
  #ring = new Ring({ seq: 0, version: 0 });
  /** Some have been handed what was broadcast last, others not yet. */
  #isHanding = false;

  constructor(id: string, options: RoomOptions) {
    this.id = id;
    this.#options = options;
    this.#recovery = options.recovery ?? new Recovery();
    this.#positions = new Positions((wanted) => this.#mailbox.enter(() => this.#movePositions(wanted)), (positions) => {
      this.#tellWatchers({ event: "positions", conversationId: id, positions });
    });
    this.#typing = new Typing(options.typingTtlMs ?? TYPING_TTL_MS, (userId, typing) => {
      this.#tellWatchers({ event: "typing", conversationId: id, userId, typing }, userId);
    });
    this.#backfill = new Backfill((cursor) =>
      options.store.messages.changesSince(id, cursor, SYNC_MAX_CHANGES).catch((error) => {
        throw this.#failed("backfill", error);
      })
    );
  }

  /** Nothing waits or runs: the room may be dropped, and made again on demand. */
  get isIdle(): boolean {
    return this.#mailbox.size === 0 && this.#backfill.isIdle && this.#typing.isIdle && this.#positions.isIdle &&
      !this.#recovery.has(this);
  }

  /**
   * [S1] Appends a text message. Resolves once it is committed and handed to everyone; the same client id again gives
   * the first result. Rejects with not_found, client_id_reused, recipient_left, invalid or unavailable.
   */
  send(append: Append): Promise<Change> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ append, resolve, reject });
      // The first to wait asks for a turn; those who come before it begins go with it.
      if (this.#pending.length === 1) void this.#mailbox.enter(() => this.#flush());
    });
  }

  /** [E1] [E2] Edits a message, or deletes it (`body` null). */
  revise(revision: Omit<Revision, "conversationId">): Promise<Change> {
    return this.#mailbox.enter(async () => {
      await this.#loadFor(revision.actorId);
      const { message, changed } = await this.#unsure(() =>
        this.#options.store.messages.revise({ ...revision, conversationId: this.id })
      );
      const change = encode(message);
      if (changed) await this.#broadcast([change]);
      return change;
    });
  }

  /** Changes who is in the conversation, or its title; told to everyone by a system message. Null: nothing changed. */
  change(actorId: string, change: MembershipChange): Promise<Message | null> {
    return this.#mailbox.enter(async () => {
      // Who comes back is not here yet.
      await (change.type === "return" ? this.#load() : this.#loadFor(actorId));
      const { message, joined, gone } = await this.#unsure(() =>
        this.#options.store.participants.change(this.id, actorId, change)
      );
      if (message === null) return null;
      for (const userId of gone) this.#forget(userId);
      for (const member of joined) this.#members!.set(member.userId, member);
      const actor = this.#members!.get(actorId);
      // As the store has it: what they did is read only where nothing unread stands before it.
      if (actor?.lastReadSeq === message.seq - 1) this.#advance(actor, message.seq);
      await this.#broadcast([encode(message)]);
      await this.#announceToAll();
      return message;
    });
  }

  /** Gives a group's picture a colour, or none; no message tells of it. Throws not_found, not_a_group, forbidden. */
  setColour(actorId: string, colour: number | null): Promise<void> {
    return this.#mailbox.enter(async () => {
      await this.#loadFor(actorId);
      const changed = await this.#unsure(() => this.#options.store.participants.setColour(this.id, actorId, colour));
      if (changed) await this.#announceToAll();
    });
  }

  /** [P5] Somebody marks the conversation unread for themselves, or takes the mark away; throws not_found. */
  setMarkedUnread(userId: string, marked: boolean): Promise<void> {
    return this.#mailbox.enter(async () => {
      await this.#loadFor(userId);
      const done = await this.#unsure(() => this.#options.store.participants.setMarkedUnread(this.id, userId, marked));
      const member = this.#members?.get(userId);
      if (!done || !member) throw new CommandError("not_found");
      member.markedUnread = marked;
      this.announce(userId);
    });
  }

  /** [P1] Moves somebody's positions forward. */
  async move(userId: string, moved: Moved): Promise<Position & { unreadCount: number }> {
    const position = await this.#positions.move(userId, moved);
    if (position === undefined) throw new CommandError("not_found");
    return { ...position, unreadCount: this.#unread(position) };
  }

  /** [T2] Somebody types, or stopped; throws not_found. */
  async type(userId: string, typing: boolean): Promise<void> {
    await this.#memberOrThrow(userId);
    if (typing) this.#typing.start(userId);
    else this.#typing.stop(userId);
  }

  /** Who is in the conversation and how far each is, for a participant; throws not_found for anyone else. */
  async positionsFor(userId: string): Promise<Position[]> {
    await this.#memberOrThrow(userId);
    return this.#positionsShownTo(userId);
  }

  /** [T1] Who else types at this moment, for somebody who has the conversation open; told to participants only. */
  typingFor(userId: string): string[] {
    return this.#members?.has(userId) ? this.#typing.userIds.filter((typist) => typist !== userId) : [];
  }

  /** [R2] What a participant missed since a cursor: from the ring, or from the store by one read that all who ask share. */
  async missedSince(userId: string, cursor: Cursor): Promise<Missed> {
    if (!await this.#member(userId)) return notGiven("gone");
    const last = this.#last!;
    if (cursor.version > last.version || cursor.seq > last.seq) return notGiven("reset");
    if (last.version - cursor.version > SYNC_MAX_CHANGES || last.seq - cursor.seq > SYNC_MAX_CHANGES) {
      return notGiven("reset");
    }
    const recent = this.#ring.after(cursor);
    const found = recent !== null
      ? { messages: recent.map((change) => change.message), last, isWhole: true }
      : await this.#backfill.since(cursor);
    if (!found.isWhole) return notGiven("reset");
    await this.#handedOut(found.last.version);
    // Somebody may have left, or been removed, or come back anew, while the store was asked.
    const present = await this.#member(userId);
    if (!present) return notGiven("gone");
    // Since the cursor they were gone and came back anew: what it counts is not theirs any more [R9].
    if (cursor.version > 0 && cursor.seq < present.visibleAfterSeq) return notGiven("reset");
    tally.resumes.add(recent !== null ? "ring" : "backfill");
    return {
      state: "changed",
      changes: found.messages.filter((message) => message.seq > present.visibleAfterSeq),
      last: found.last,
      positions: this.#positionsShownTo(userId),
    };
  }

  /** Lets the connections of one person know that a conversation is new to them, or that their settings changed. */
  announce(userId: string): void {
    this.#toPerson(userId, Batch.of({ event: "conversation", conversationId: this.id }));
  }

  /** Tells everyone what a lost answer kept from them; rejects with `unavailable` while the store does not answer. */
  lookAgain(): Promise<void> {
    return this.#mailbox.enter(() => this.#load());
  }

  async #flush(): Promise<void> {
    let batch = this.#pending.splice(0, BATCH_MAX_MESSAGES);
    if (this.#pending.length > 0) void this.#mailbox.enter(() => this.#flush());
    try {
      await this.#load();
      batch = batch.filter((one) =>
        this.#members!.has(one.append.senderId) || one.reject(new CommandError("not_found"))
      );
      if (batch.length === 0) return;
      const results = await this.#options.committer.commit(batch.map((one) => one.append));
      const lost = results.find((result) => result.outcome === "unavailable");
      if (lost) {
        this.#lose();
        this.#options.onError("commit", lost.cause);
      }
      await this.#settle(batch, results);
    } catch (error) {
      const reason = error instanceof CommandError ? error : this.#failed("commit", error);
      for (const one of batch) one.reject(reason);
    }
  }

  /** [S8] Everyone is handed the new messages, their authors first; then the authors have their answers. */
  async #settle(batch: Pending[], results: CommitResult[]): Promise<void> {
    const stored: Change[] = [];
    const answers: (() => void)[] = [];
    batch.forEach(({ append, resolve, reject }, index) => {
      const result = results[index]!;
      if (!("message" in result)) {
        const code = REFUSALS[result.outcome];
        return answers.push(() => reject(new CommandError(code)));
      }
      const change = encode(result.message);
      answers.push(() => resolve(change));
      if (result.outcome === "repeat") return;
      stored.push(change);
      this.#advance(this.#members?.get(append.senderId), change.message.seq);
      this.#typing.stop(append.senderId);
    });
    const handed = stored.length > 0 && this.#members !== null ? this.#broadcast(stored) : undefined;
    for (const answer of answers) answer();
    await handed;
  }

  /**
   * Makes the room fit for a turn. After an uncertain commit, what the store holds beyond the last broadcast goes out
   * first: a commit may have succeeded while we saw an error.
   */
  async #load(): Promise<void> {
    if (this.#members !== null) return;
    const { participants, messages } = this.#options.store;
    // One that does not exist is one without anybody in it: nobody can tell the two apart, not by what they cost either.
    const state = await this.#unsure(() => participants.roomState(this.id)) ??
      { members: [], lastSeq: 0, lastVersion: 0 };
    this.#members = new Map(state.members.map((member) => [member.userId, member]));
    this.#recovery.remove(this);
    // [A3] Whom a lost answer put out hears of it now.
    for (const userId of this.#membersBefore.keys()) if (!this.#members.has(userId)) this.#forget(userId);
    this.#membersBefore = new Map();
    if (this.#last === null) {
      this.#last = { seq: state.lastSeq, version: state.lastVersion };
      this.#ring = new Ring(this.#last);
    }
    if (this.#last.version === state.lastVersion) return;
    const missed = await this.#unsure(() => messages.changesSince(this.id, this.#last!, SYNC_MAX_CHANGES));
    if (missed.isWhole) await this.#broadcast(missed.messages.toSorted((a, b) => a.version - b.version).map(encode));
    else this.#ring = new Ring(missed.last);
    if (missed.messages.some(({ kind }) => kind === "system")) await this.#announceToAll();
    // Where that was too much to hand out, each client finds the gap by the next version it sees [R10].
    this.#last = missed.last;
  }

  /** Strangers are refused before the store is asked: they take no locks, and cost as much whether there is such a room or not. */
  async #loadFor(actorId: string): Promise<void> {
    await this.#load();
    if (!this.#members!.has(actorId)) throw new CommandError("not_found");
  }

  /**
   * [R3] Resolves when everything up to this version has been handed to everyone: what an answer holds must not come once
   * more after it, from a broadcast that is still under way or that has yet to begin.
   */
  async #handedOut(version: number): Promise<void> {
    if (this.#isHanding || version > this.#last!.version) await this.#mailbox.enter(() => this.#load());
  }

  async #member(userId: string): Promise<Member | undefined> {
    if (this.#members === null) await this.lookAgain();
    return this.#members?.get(userId);
  }

  async #memberOrThrow(userId: string): Promise<Member> {
    const member = await this.#member(userId);
    if (!member) throw new CommandError("not_found");
    return member;
  }

  async #movePositions(wanted: Position[]): Promise<Position[]> {
    await this.#load();
    const known = wanted.filter(({ userId }) => this.#members!.has(userId));
    if (known.length === 0) return [];
    const moved = await this.#unsure(() => this.#options.store.participants.movePositions(this.id, known));
    return moved.map((one) => {
      const position = publicPosition(one);
      const member = this.#members?.get(one.userId);
      if (member) Object.assign(member, position);
      const event = { event: "positions" as const, conversationId: this.id, positions: [position] };
      this.#toPerson(one.userId, Batch.of(event));
      if (!one.markedUnread) this.#unmark(member);
      return position;
    });
  }

  /** Somebody has read and received what they themselves have done. */
  #advance(member: Member | undefined, seq: number): void {
    if (!member) return;
    member.lastReadSeq = member.lastDeliveredSeq = Math.max(member.lastReadSeq, seq);
    this.#unmark(member);
  }

  /** [P5] The store has taken the mark away: their devices are told, where there was one. */
  #unmark(member: Member | undefined): void {
    if (!member?.markedUnread) return;
    member.markedUnread = false;
    this.announce(member.userId);
  }

  #unread({ userId, lastReadSeq }: Position): number {
    const visibleAfterSeq = this.#members?.get(userId)?.visibleAfterSeq ?? 0;
    return Math.max(0, this.#last!.seq - Math.max(lastReadSeq, visibleAfterSeq));
  }

  #forget(userId: string): void {
    this.#members!.delete(userId);
    this.#typing.stop(userId);
    this.#options.audience.left(userId, this.id);
    this.#toPerson(userId, Batch.of({ event: "conversation:left", conversationId: this.id }));
  }

  /** What is committed is not known any more: the next turn looks first, and one comes even if nobody asks for it. */
  #lose(): void {
    this.#membersBefore = this.#members ?? this.#membersBefore;
    this.#members = null;
    // A room that has told nothing yet has nothing to tell the rest of.
    if (this.#last !== null) this.#recovery.add(this);
  }

  /** After a failure of the store the room no longer knows what is committed. */
  async #unsure<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof CommandError) throw error;
      this.#lose();
      throw this.#failed("store", error);
    }
  }

  #failed(what: string, error: unknown): CommandError {
    this.#options.onError(what, error);
    return new CommandError("unavailable");
  }

  /** Hands committed changes to everyone, in the order of their versions, and remembers them. */
  async #broadcast(changes: Change[]): Promise<void> {
    const events = changes.map(({ message, json }) => {
      this.#ring.push({ message, json });
      this.#last = { seq: Math.max(this.#last!.seq, message.seq), version: message.version };
      return { version: message.version, json: `{"event":"message","message":${json}}` };
    });
    const authors = new Set(changes.map((change) => change.message.senderId));
    await this.#toMembers(visiblePart(changes, new Batch(this.id, events)), authors);
  }

  /** A large room goes in slices, so that others are not held up; the next turn begins when all have been handed theirs. */
  async #toMembers(batchFor: (member: Member) => Batch | null, first: Set<string> = new Set()): Promise<void> {
    const { audience } = this.#options;
    const members = [...this.#members!.values()];
    const later = members.filter(({ userId }) => !first.has(userId));
    let handed = 0;
    this.#isHanding = true;
    for (const member of [...members.filter(({ userId }) => first.has(userId)), ...later]) {
      const batch = batchFor(member);
      if (batch === null) continue;
      for (const subscriber of audience.subscribersOf(member.userId)) {
        subscriber.send(batch);
        if (++handed % SLICE_SUBSCRIBERS === 0) await audience.flushed();
      }
    }
    this.#isHanding = false;
  }

  /** Lets everyone know that the conversation changed in more than its messages. */
  async #announceToAll(): Promise<void> {
    const changed = Batch.of({ event: "conversation", conversationId: this.id });
    await this.#toMembers(() => changed);
  }

  #toPerson(userId: string, batch: Batch): void {
    for (const subscriber of this.#options.audience.subscribersOf(userId)) subscriber.send(batch);
  }

  /** Of everyone in a small room; in a large one only one's own: nobody looks at a thousand ticks. */
  #positionsShownTo(userId: string): Position[] {
    const members = this.#members!;
    const shown = members.size <= POSITIONS_MAX_PEOPLE ? [...members.values()] : [members.get(userId)!];
    return shown.map(publicPosition);
  }

  /** [T1] Ephemera go to those who have the conversation open and are in it. */
  #tellWatchers(event: Event, exceptUserId?: string): void {
    const batch = Batch.of(event);
    const isMember = (subscriber: Subscriber) => this.#members?.has(subscriber.userId) ?? false;
    for (const subscriber of this.#options.audience.watchersOf(this.id)) {
      if (subscriber.userId !== exceptUserId && isMember(subscriber)) subscriber.send(batch);
    }
  }
}

function notGiven(state: "gone" | "reset"): Missed {
  tally.resumes.add(state);
  return { state };
}

function encode(message: Message): Change {
  return { message, json: JSON.stringify(message) };
}

/** [R9] A change of what was said before somebody joined is not theirs to see: they get the rest of the batch, or nothing. */
function visiblePart(changes: Change[], batch: Batch): (member: Member) => Batch | null {
  const oldest = Math.min(...changes.map(({ message }) => message.seq));
  return ({ visibleAfterSeq }) => {
    if (visibleAfterSeq < oldest) return batch;
    const events = batch.events.filter((_, index) => changes[index]!.message.seq > visibleAfterSeq);
    return events.length === 0 ? null : new Batch(batch.conversationId, events);
  };
}

function publicPosition({ userId, lastReadSeq, lastDeliveredSeq }: Position): Position {
  return { userId, lastReadSeq, lastDeliveredSeq };
}

const REFUSALS: Record<Exclude<CommitResult["outcome"], "stored" | "repeat">, ErrorCode> = {
  not_found: "not_found",
  reused: "client_id_reused",
  recipient_left: "recipient_left",
  refused: "invalid",
  unavailable: "unavailable",
};
