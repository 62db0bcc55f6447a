// What the database holds at the end of a run, and what must be true of it, of each client, and of all that was delivered.
import { isDeepStrictEqual } from "node:util";
import type { Message, SystemNote } from "../../protocol/models.ts";
import { isBehind, unreadOf } from "../../client/state/replica_conversation.ts";
import type { Delivery, Gap } from "./audit.ts";
import type { ModelClient } from "./client.ts";
import { show } from "./ledger.ts";
import type { SitePerson } from "./site.ts";
import type { World } from "./world.ts";

interface Participant {
  userId: string;
  isActive: boolean;
  visibleAfterSeq: number;
  lastReadSeq: number;
  lastDeliveredSeq: number;
}

/** A conversation's messages as they are stored. */
interface Log {
  id: string;
  kind: "direct" | "group";
  lastSeq: number;
  lastVersion: number;
  messages: Message[];
}

interface Stored extends Log {
  participants: Participant[];
  /** As REST gives it to each active participant. */
  seenBy: Map<string, { messages: Message[]; unreadCount: number }>;
}

export interface Truth {
  stored: Stored[];
  /** Nothing was committed since it was read. */
  isCurrent(): Promise<boolean>;
  check(): void;
}

export async function readTruth(world: World): Promise<Truth> {
  const stored = await Promise.all(world.conversations.map((id) => readStored(world, id)));
  return {
    stored,
    async isCurrent() {
      const rows = await world.site.sql<{ id: string; lastVersion: number }[]>`
        select id, last_version as "lastVersion" from conversations where id = any (${world.conversations}::uuid[])`;
      return stored.every(({ id, lastVersion }) => rows.find((row) => row.id === id)!.lastVersion === lastVersion);
    },
    check() {
      for (const one of stored) checkLog(world, one);
      checkAcknowledged(world, stored);
      checkDeliveries(world, stored);
    },
  };
}

async function readStored(world: World, id: string): Promise<Stored> {
  const { sql } = world.site;
  const [row] = await sql<{ kind: "direct" | "group"; lastSeq: number; lastVersion: number }[]>`
    select kind, last_seq as "lastSeq", last_version as "lastVersion" from conversations where id = ${id}`;
  const messages = await sql<Message[]>`
    select conversation_id as "conversationId", seq, version, kind, sender_id as "senderId", client_id as "clientId", body, system,
      deleted_at as "deletedAt" from messages where conversation_id = ${id} order by seq`;
  const participants = await sql<Participant[]>`
    select user_id as "userId", left_at is null and removed_at is null as "isActive",
      visible_after_seq as "visibleAfterSeq", last_read_seq as "lastReadSeq", last_delivered_seq as "lastDeliveredSeq"
    from participants where conversation_id = ${id}`;
  const seenBy: Stored["seenBy"] = new Map();
  for (const person of world.people) {
    if (participants.some(({ userId, isActive }) => isActive && userId === person.userId)) {
      seenBy.set(person.userId, await readOver(world, person, id));
    }
  }
  return { id, ...row!, messages: [...messages], participants: [...participants], seenBy };
}

async function readOver(world: World, person: SitePerson, id: string) {
  const messages: Message[] = [];
  for (let before = "";;) {
    const { body } = await world.site.get(person, `conversations/${id}/messages?limit=100${before}`);
    messages.unshift(...body.messages);
    if (!body.hasBefore) break;
    before = `&before=${messages[0]!.seq}`;
  }
  const { body } = await world.site.get(person, `conversations/${id}`);
  return { messages, unreadCount: body.conversation.unreadCount };
}

/** A client holds exactly what there is for its person. Positions come for certain only with a sync [P4]. */
export function compare(world: World, { stored }: Truth, client: ModelClient, { positions }: { positions: boolean }) {
  const { userId } = client.desk.person;
  const report = (what: string) => world.ledger.report(`${positions ? "at the end" : "live"}: ${userId}: ${what}`);
  for (const { id, lastSeq, lastVersion, participants, seenBy } of stored) {
    const held = client.replica.conversations[id];
    const seen = seenBy.get(userId);
    if (!seen) {
      if (held) report(`holds ${id}, and is no participant: ${show(held)}`);
      continue;
    }
    // A direct conversation in which nothing was said is not shown to the other person yet.
    if (!held && lastSeq === 0) continue;
    if (!held || held.cursor === null || isBehind(held)) {
      report(`is behind in ${id}: ${show(held)}`);
      continue;
    }
    // Nobody is told of changes to what was said before their time: a version of those shows only with a sync.
    const isAtVersion = positions ? held.cursor.version === lastVersion : held.cursor.version <= lastVersion;
    if (held.cursor.seq !== lastSeq || !isAtVersion) {
      report(`is at ${show(held.cursor)} in ${id}, which is at ${lastSeq}, ${lastVersion}`);
    }
    const expected = seen.messages.filter((message) => message.seq >= held.firstSeq);
    if (!isDeepStrictEqual([...held.messages], expected)) {
      const wrong = expected.find((message, index) => !isDeepStrictEqual(message, held.messages[index]));
      report(
        `holds other messages in ${id}: expected ${show(wrong)}, has ${
          show(held.messages.find((message) => message.seq === wrong?.seq))
        }; ${held.messages.map(({ seq }) => seq)} for ${expected.map(({ seq }) => seq)}`,
      );
    }
    if (!positions) continue;
    for (const { userId: other, isActive, lastReadSeq, lastDeliveredSeq } of participants) {
      const known = held.positions[other];
      // What is read is delivered [P1].
      const delivered = Math.max(lastReadSeq, lastDeliveredSeq);
      if (!isActive || known?.lastReadSeq === lastReadSeq && known.lastDeliveredSeq === delivered) continue;
      report(`[P3] ${id}: has ${show(known)}, stored is ${show({ other, lastReadSeq, lastDeliveredSeq })}`);
    }
    const me = participants.find((one) => one.userId === userId)!;
    const unread = lastSeq - Math.max(me.lastReadSeq, me.visibleAfterSeq);
    const counts = [unreadOf(held, userId), held.entry?.unreadCount, seen.unreadCount];
    if (counts.some((count) => count !== unread)) report(`[P2] ${id}: unread ${counts}, a recount says ${unread}`);
  }
}

/** [S2] [S3] The log has no gap and no double, and each author's messages stand in the order they were written. */
export function checkLog({ ledger }: Pick<World, "ledger">, { id, lastSeq, lastVersion, messages }: Log): void {
  const seqs = messages.map(({ seq }) => seq);
  if (seqs.length !== lastSeq || seqs.some((seq, index) => seq !== index + 1)) {
    ledger.report(`[S2] ${id} ends at ${lastSeq} and has ${seqs}`);
  }
  const versions = new Set(messages.map(({ version }) => version));
  if (versions.size !== messages.length || Math.max(0, ...versions) !== lastVersion) {
    ledger.report(`${id} is at version ${lastVersion} and has ${[...versions]}`);
  }
  const order = new Map<string, number>();
  for (const message of messages) {
    if (message.kind === "system") continue;
    const sent = ledger.sent.get(message.clientId!);
    if (!sent || sent.senderId !== message.senderId || sent.conversationId !== id) {
      ledger.report(`[S4] nobody sent ${show(message)}`);
      continue;
    }
    const device = sent.device ?? sent.senderId;
    if (sent.order <= (order.get(device) ?? 0)) ledger.report(`[S3] out of order: ${show(message)}`);
    order.set(device, sent.order);
    const isDone = message.body === null ? sent.deleteAsked : sent.texts.has(message.body);
    if (!isDone) ledger.report(`nobody asked for ${show(message)}`);
  }
}

/** [S1] What was said to be done is done, once, and nothing older stands in its place. */
export function checkAcknowledged({ ledger }: Pick<World, "ledger">, stored: Log[]): void {
  const all = Map.groupBy(stored.flatMap(({ messages }) => messages), (message) => message.clientId ?? "");
  for (const sent of ledger.sent.values()) {
    const found = all.get(sent.clientId) ?? [];
    if (found.length > 1) ledger.report(`[S4] ${found.length} times: ${show(sent)}`);
    const [message] = found;
    if (!message && (sent.acknowledged.length > 0 || !sent.isRefused)) ledger.report(`[S1] lost: ${show(sent)}`);
    for (const state of sent.acknowledged) {
      if (!message || state.version > message.version) ledger.report(`[S1] ${show(state)} is now ${show(message)}`);
      else if (state.version === message.version && state.body !== message.body) {
        ledger.report(`[E1] ${show(state)} is stored as ${show(message)}`);
      }
      if (message && state.deletedAt !== null && message.body !== null) ledger.report(`[E2] back: ${show(message)}`);
    }
  }
}

/** When somebody was in a conversation, in its versions, and from which message on it is theirs. */
interface Period {
  from: number;
  until: number;
  firstSeq: number;
}

/** [A3] [R9] Nobody was given what is from before their time or after it; nobody missed what is theirs. */
export function checkDeliveries(
  { ledger, record, people }: Pick<World, "ledger" | "record"> & { people: { userId: string }[] },
  stored: (Log & { participants: { userId: string }[] })[],
): void {
  const places = new Map(stored.map((one) => {
    const initial = new Set(one.participants.map(({ userId }) => userId));
    const periods = new Map(people.map(({ userId }) => [userId, periodsOf(userId, one, initial)]));
    const seqs = new Map(
      record.deliveries.filter((delivery) => delivery.conversationId === one.id)
        .map(({ version, seq }) => [version, seq]),
    );
    return [one.id, { periods, seqs }];
  }));
  const isTheirs = ({ userId, conversationId, seq, version }: Omit<Delivery, "via">) =>
    places.get(conversationId)!.periods.get(userId)!.some((period) =>
      version >= period.from && version < period.until && seq >= period.firstSeq
    );
  for (const delivery of record.deliveries) {
    if (!isTheirs(delivery)) ledger.report(`[R9] not theirs: ${show(delivery)}`);
  }
  for (const gap of record.gaps) {
    const missed = versionsOf(gap).find((version) => {
      const seq = places.get(gap.conversationId)!.seqs.get(version);
      return seq !== undefined && isTheirs({ ...gap, seq, version });
    });
    if (missed !== undefined) ledger.report(`[R3] version ${missed} was not given: ${show(gap)}`);
  }
}

function versionsOf({ from, to }: Gap): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** As the system messages tell it. Who comes back to a direct conversation gets what they missed. */
function periodsOf(userId: string, { kind, messages }: Log, participants: Set<string>): Period[] {
  const notes = messages.filter((message) => message.system !== null).map(({ system, senderId, seq, version }) => ({
    ...told(userId, senderId, system!),
    seq,
    version,
  }));
  const first = notes.find((note) => note.joined || note.gone);
  const periods: Period[] = [];
  if (participants.has(userId) && !first?.joined) periods.push({ from: 0, until: Infinity, firstSeq: 1 });
  for (const { joined, gone, seq, version } of notes) {
    if (gone) periods.at(-1)!.until = version;
    if (joined) {
      periods.push({ from: kind === "direct" ? 0 : version, until: Infinity, firstSeq: kind === "direct" ? 1 : seq });
    }
  }
  return periods;
}

function told(userId: string, senderId: string, note: SystemNote): { joined: boolean; gone: boolean } {
  return {
    joined: note.type === "added" && note.userIds.includes(userId) || note.type === "returned" && senderId === userId,
    gone: note.type === "removed" && note.userIds.includes(userId) || note.type === "left" && senderId === userId,
  };
}
