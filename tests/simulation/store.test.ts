// The store of the simulation keeps the same contract as PostgreSQL: the same calls, in the same order, have the same answers.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CommandError } from "../../protocol/errors.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import type { MembershipChange } from "../../server/store/participants.ts";
import { createStore } from "../../server/store/store.ts";
import { Random } from "../chaos/random.ts";
import { createTestDatabase } from "../helpers/database.ts";
import { createPeople } from "../helpers/people.ts";
import { Rows } from "./rows.ts";
import { memoryStore, type SimulatedStore } from "./store.ts";

const ROUNDS = 12;
const CALLS_OF_A_ROUND = 60;

let database: Awaited<ReturnType<typeof createTestDatabase>>;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

describe("a simulated store", () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))(
    "answers as PostgreSQL does: plan %i",
    async (seed) => {
      const names = ["Sita", "Ram", "Gita", "Hari"];
      const people = await createPeople(database.sql, ...names);
      const rows = new Rows();
      people.forEach((id, index) => rows.addUser(id, names[index]!));
      // Later each time, as PostgreSQL's own clock: what has an order by time has it in both.
      let clock = Date.now();
      const pair = new Pair(createStore(database.sql), memoryStore(rows, () => clock++));
      const plan = new Plan(new Random(seed), people);
      await pair.make(people);
      for (let call = 0; call < CALLS_OF_A_ROUND; call++) {
        const [real, simulated] = await pair.ask(plan.next());
        expect(simulated, `call ${call}`).toEqual(real);
      }
      for (const userId of people) {
        const [real, simulated] = await pair.ask((store, [direct, group]) =>
          Promise.all([
            store.conversations.list({ viewerId: userId, archived: false, limit: 10 }),
            store.conversations.find(userId, direct!),
            store.conversations.find(userId, group!),
            store.messages.page({ conversationId: group!, viewerId: userId, limit: 5 }),
          ])
        );
        expect(simulated).toEqual(real);
      }
    },
  );
});

type Call = (store: SimulatedStore, conversations: string[]) => Promise<unknown>;

/** Both stores, each with conversations of its own, and what they answer with neither ids nor times of their own. */
class Pair {
  readonly #stores: SimulatedStore[];
  #ids: string[][] = [];

  constructor(real: SimulatedStore, simulated: SimulatedStore) {
    this.#stores = [real, simulated];
  }

  async make([first, second, third]: string[]): Promise<void> {
    this.#ids = await Promise.all(this.#stores.map(async ({ conversations }) => [
      (await conversations.openDirect(first!, second!, null)).id,
      await conversations.createGroup(first!, "Group", [second!, third!], null),
    ]));
  }

  async ask(call: Call): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (const [index, store] of this.#stores.entries()) {
      const ids = this.#ids[index]!;
      const answer = await call(store, ids).catch((error) => {
        if (error instanceof CommandError) return { refused: error.code };
        throw error;
      });
      answers.push(comparable(answer, ids));
    }
    return answers;
  }
}

function comparable(answer: unknown, ids: string[]): unknown {
  if (answer instanceof Map) answer = [...answer];
  const text = JSON.stringify(answer ?? null, (key, value) => {
    if (value instanceof Map) return [...value];
    if (/At$/.test(key) && value !== null) return "a time";
    // In which order a store gives the rows of people is its own affair, but for those of a page.
    const isOfPeople = ["members", "joined", "participants"].includes(key) && Array.isArray(value);
    return isOfPeople ? value.toSorted((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1) : value;
  });
  return JSON.parse(ids.reduce((text, id, index) => text.replaceAll(id, `conversation ${index}`), text));
}

/** Calls that a seed gives, some of them refused. */
class Plan {
  readonly #random: Random;
  readonly #people: string[];
  readonly #sent: { clientId: string; body: string; senderId: string }[] = [];

  constructor(random: Random, people: string[]) {
    this.#random = random;
    this.#people = people;
  }

  next(): Call {
    const random = this.#random;
    const at = random.between(0, 1);
    const [userId, other] = random.sample(this.#people, 2) as [string, string];
    const seq = random.between(1, 12);
    const now = new Date();
    switch (random.between(0, 13)) {
      case 0:
      case 1:
      case 2:
        return this.#append(at, userId);
      case 3: {
        const body = random.pick([null, "edited", `edited ${seq}`]);
        return async ({ messages }, ids) =>
          await messages.revise({ conversationId: ids[at]!, seq, actorId: userId, body, windowMs: null, now });
      }
      case 4: {
        const cursor = { seq: random.between(0, seq), version: seq };
        const limit = random.pick([2, 100]);
        return async ({ messages }, ids) => {
          const found = await messages.changesSince(ids[at]!, cursor, limit);
          // Which of too many it gives is of no use to anybody.
          return found.isWhole
            ? { ...found, messages: found.messages.toSorted((a, b) => a.seq - b.seq) }
            : { ...found, messages: [] };
        };
      }
      case 5: {
        const range = random.pick([{}, { before: seq }, { after: seq }]);
        const limit = random.between(1, 4);
        return ({ messages }, ids) => messages.page({ conversationId: ids[at]!, viewerId: userId, limit, ...range });
      }
      case 6: {
        const moved = { userId, lastReadSeq: random.between(0, seq), lastDeliveredSeq: seq };
        return ({ participants }, ids) => participants.movePositions(ids[at]!, [moved]);
      }
      case 7:
        return ({ participants }, ids) => participants.setMarkedUnread(ids[at]!, userId, seq % 2 === 0);
      case 8:
        return async ({ participants, conversations }, ids) => [
          await participants.setArchived(ids[at]!, userId, seq % 3 > 0),
          await conversations.list({ viewerId: userId, archived: true, limit: 10 }),
        ];
      case 9:
        return ({ participants }, ids) => participants.setColour(ids[at]!, userId, seq % 8);
      case 10:
        return async (
          store,
          ids,
        ) => [await store.participants.roomState(ids[at]!), await store.participants.access(ids[at]!, other)];
      case 11:
        return async ({ conversations }) => (await conversations.lists([userId, other], 10)).get(userId)!;
      default: {
        const change = random.pick<MembershipChange>([
          { type: "add", userIds: [other] },
          { type: "remove", userId: other },
          { type: "leave" },
          { type: "return" },
          { type: "rename", title: `Title ${seq % 3}` },
          { type: "role", userId: other, role: random.pick(["admin", "member"]) },
        ]);
        return ({ participants }, ids) => participants.change(ids[at]!, userId, change);
      }
    }
  }

  /** New ones, and now and then one again: the same, or with another text. */
  #append(at: number, senderId: string): Call {
    const random = this.#random;
    const count = random.between(1, 4);
    const batch = Array.from({ length: count }, () => {
      const known = this.#sent.length > 0 && random.fraction() < 0.3 ? random.pick(this.#sent) : null;
      const fresh = { clientId: uuidv7(), body: `text ${this.#sent.length}`, senderId };
      const one = known ? { ...known, body: random.fraction() < 0.3 ? "another" : known.body } : fresh;
      if (!known) this.#sent.push(fresh);
      return { ...one, replyToSeq: null };
    });
    return ({ messages }, ids) => messages.append(batch.map((one) => ({ ...one, conversationId: ids[at]! })));
  }
}
