// The ring: what is beyond a cursor, as it is now; and it knows what it does not know any more.
import { describe, expect, it } from "vitest";
import type { Cursor, Message } from "../../protocol/models.ts";
import { Ring } from "../../server/room/ring.ts";

const change = (seq: number, version: number, body: string | null = `${seq}@${version}`) => {
  const message = { seq, version, body } as Message;
  return { message, json: JSON.stringify(message) };
};
const after = (ring: Ring, cursor: Cursor) =>
  ring.after(cursor)?.map(({ message }) => `${message.seq}@${message.version}`);

describe("ring", () => {
  it("[R4] gives each message once, as it is after its last change", () => {
    const ring = new Ring({ seq: 0, version: 0 });
    for (const [seq, version] of [[1, 1], [2, 2], [1, 3], [3, 4], [2, 5]] as const) ring.push(change(seq, version));
    expect(after(ring, { seq: 0, version: 0 })).toEqual(["1@3", "3@4", "2@5"]);
    expect(after(ring, { seq: 2, version: 2 })).toEqual(["1@3", "3@4", "2@5"]);
    expect(after(ring, { seq: 3, version: 4 })).toEqual(["2@5"]);
    expect(after(ring, { seq: 3, version: 5 })).toEqual([]);
  });

  it("[R2] gives what is beyond a cursor by seq or by version: one of half an answer has neither of the two whole", () => {
    const ring = new Ring({ seq: 0, version: 0 });
    for (const [seq, version] of [[1, 1], [2, 2], [3, 3], [1, 4]] as const) ring.push(change(seq, version));
    expect(after(ring, { seq: 1, version: 4 })).toEqual(["2@2", "3@3"]);
    expect(after(ring, { seq: 3, version: 1 })).toEqual(["2@2", "3@3", "1@4"]);
  });

  it("[E2] does not keep a text that was deleted", () => {
    const ring = new Ring({ seq: 0, version: 0 });
    ring.push(change(1, 1, "secret"));
    ring.push(change(1, 2, null));
    expect(JSON.stringify(ring.after({ seq: 0, version: 0 }))).not.toContain("secret");
  });

  it("[R5] says that it does not know what was before it began", () => {
    const ring = new Ring({ seq: 10, version: 20 });
    ring.push(change(11, 21));
    expect(ring.after({ seq: 10, version: 19 })).toBeNull();
    expect(ring.after({ seq: 9, version: 20 })).toBeNull();
    expect(after(ring, { seq: 10, version: 20 })).toEqual(["11@21"]);
  });

  it("[R2] forgets the oldest, and from then on answers either with all that is beyond a cursor or not at all", () => {
    const ring = new Ring({ seq: 0, version: 0 });
    const log = new Map<number, number>();
    const body = "x".repeat(3000);
    let version = 0;
    for (let seq = 1; seq <= 200; seq++) {
      ring.push(change(seq, ++version, body));
      log.set(seq, version);
      const edited = 1 + (seq * 7) % seq;
      if (seq % 3 === 0) {
        ring.push(change(edited, ++version, body));
        log.set(edited, version);
      }
    }
    let known = 0;
    for (let seq = 0; seq <= 200; seq += 5) {
      for (let from = 0; from <= version; from += 7) {
        const found = after(ring, { seq, version: from });
        if (found === undefined) continue;
        known++;
        const beyond = [...log].filter(([s, v]) => s > seq || v > from).map(([s, v]) => `${s}@${v}`);
        expect(found.toSorted()).toEqual(beyond.toSorted());
      }
    }
    expect(known).toBeGreaterThan(0);
    expect(ring.after({ seq: 0, version: 0 })).toBeNull();
    expect(ring.after({ seq: 150, version: 150 })).toBeNull();
  });
});
