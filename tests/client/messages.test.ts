// Lists of messages by seq: as a slow and simple way would make them, and quick where it counts.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message } from "../../protocol/models.ts";
import { indexOfSeq, mergeMessages, unbroken } from "../../client/state/messages.ts";
import { message, messages } from "./samples.ts";

function simply(known: readonly Message[], incoming: readonly Message[]): Message[] {
  const bySeq = new Map(known.map((message) => [message.seq, message]));
  for (const message of incoming) {
    const old = bySeq.get(message.seq);
    if (!old || message.version > old.version) bySeq.set(message.seq, message);
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

const some = fc.array(
  fc.record({ seq: fc.integer({ min: 1, max: 20 }), version: fc.integer({ min: 1, max: 5 }) })
    .map(({ seq, version }) => message(seq, { version })),
  { maxLength: 12 },
);

describe("messages by seq", () => {
  it("merge as one expects, in whatever order they come", () => {
    fc.assert(fc.property(some, some, (one, other) => {
      const known = simply([], one);
      expect(mergeMessages(known, other)).toEqual(simply(known, other));
    }));
  });

  it("end before the first hole", () => {
    fc.assert(fc.property(some, (any) => {
      const all = simply([], any);
      const hole = all.findIndex((message, index) => index > 0 && message.seq !== all[index - 1]!.seq + 1);
      expect(unbroken(all)).toEqual(hole === -1 ? all : all.slice(0, hole));
      expect(indexOfSeq(all, 7)).toBe(all.filter(({ seq }) => seq < 7).length);
    }));
  });

  it("stay the very same list where nothing changes, so that nothing is drawn again", () => {
    const known = messages(1, 5);
    expect(mergeMessages(known, [message(3)])).toBe(known);
    expect(mergeMessages(known, [])).toBe(known);
    expect(unbroken(known)).toBe(known);
  });
});
