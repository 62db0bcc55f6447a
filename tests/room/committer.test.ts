// The committer: batches gather while a commit runs, a refused message fails alone, a full queue says so at once.
import { describe, expect, it } from "vitest";
import { CommandError } from "../../protocol/errors.ts";
import type { Message } from "../../protocol/models.ts";
import { Committer } from "../../server/room/committer.ts";
import { StoreRefusal, StoreUnavailable } from "../../server/store/errors.ts";
import type { Append, Appended } from "../../server/store/messages.ts";
import { append } from "../helpers/people.ts";

/** A store whose commits end when the test says so. */
function heldStore() {
  const commits: { batch: Append[]; finish: () => void; fail: (error: Error) => void }[] = [];
  const stored = (one: Append): Appended => ({ outcome: "stored", message: { body: one.body } as Message });
  return {
    commits,
    messages: {
      append: (batch: Append[]) =>
        new Promise<Appended[]>((resolve, reject) =>
          commits.push({ batch, finish: () => resolve(batch.map(stored)), fail: reject })
        ),
    },
  };
}

const bodies = (batch: Append[]) => batch.map((one) => one.body);
const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

describe("committer", () => {
  it("writes at once when nothing runs, has two in flight at most, and gathers the rest into one batch", async () => {
    const store = heldStore();
    const committer = new Committer(store.messages);
    const results = ["a", "b", "c", "d", "e"].map((body) => committer.commit([append("room", "me", body)]));
    expect(store.commits.map((one) => bodies(one.batch))).toEqual([["a"], ["b"]]);
    store.commits[0]!.finish();
    await results[0];
    await settle();
    expect(store.commits.map((one) => bodies(one.batch))).toEqual([["a"], ["b"], ["c", "d", "e"]]);
    store.commits[2]!.finish();
    expect((await results[3])!.map((one) => one.outcome)).toEqual(["stored"]);
  });

  it("[S6] lets a message that is refused fail alone", async () => {
    const messages = {
      append: (batch: Append[]) =>
        batch.some((one) => one.body === "poison") ? Promise.reject(new StoreRefusal("no")) : Promise.resolve(
          batch.map((one): Appended => ({ outcome: "stored", message: { body: one.body } as Message })),
        ),
    };
    const batch = ["a", "b", "poison", "c", "d", "e", "poison"].map((body) => append("room", "me", body));
    const results = await new Committer(messages).commit(batch);
    expect(results.map((one) => one.outcome)).toEqual([
      "stored",
      "stored",
      "refused",
      "stored",
      "stored",
      "stored",
      "refused",
    ]);
  });

  it("[S7] does not try again by itself when the store is gone: it may have committed", async () => {
    const store = heldStore();
    const committer = new Committer(store.messages);
    const result = committer.commit([append("room", "me"), append("room", "me")]);
    store.commits[0]!.fail(new StoreUnavailable("gone"));
    expect((await result).map((one) => one.outcome)).toEqual(["unavailable", "unavailable"]);
    expect(store.commits).toHaveLength(1);
  });

  it("[S7] refuses at once what would not fit into the queue", () => {
    const committer = new Committer(heldStore().messages);
    const batch = Array.from({ length: 5000 }, () => append("room", "me"));
    for (let turn = 0; turn < 4; turn++) void committer.commit(batch);
    expect(() => committer.commit([append("room", "me")])).toThrow(CommandError);
  });
});
