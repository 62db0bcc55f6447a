// Backfill: one read serves all who ask for the same conversation, and each takes what is new to them.
import { expect, it } from "vitest";
import type { Cursor, Message } from "../../protocol/models.ts";
import { Backfill } from "../../server/room/backfill.ts";
import type { Changes } from "../../server/store/messages.ts";

const log = [[1, 6], [2, 2], [3, 3], [4, 5], [5, 7]].map(([seq, version]) => ({ seq, version }) as Message);
const isBeyond = (cursor: Cursor) => (one: Message) => one.seq > cursor.seq || one.version > cursor.version;

it("[R2] those who ask while one read runs share the next, and each gets exactly what is beyond their own cursor", async () => {
  const reads: { cursor: Cursor; finish: () => void }[] = [];
  const backfill = new Backfill((cursor) =>
    new Promise<Changes>((resolve) =>
      reads.push({
        cursor,
        finish: () => resolve({ messages: log.filter(isBeyond(cursor)), isWhole: true, last: { seq: 5, version: 7 } }),
      })
    )
  );
  const first = backfill.since({ seq: 3, version: 4 });
  await Promise.resolve();
  const cursors = [{ seq: 0, version: 7 }, { seq: 4, version: 2 }, { seq: 5, version: 6 }, { seq: 5, version: 7 }];
  const others = cursors.map((cursor) => backfill.since(cursor));
  await Promise.resolve();
  expect(reads.map((one) => one.cursor)).toEqual([{ seq: 3, version: 4 }]);
  reads[0]!.finish();
  expect((await first).messages).toEqual(log.filter(isBeyond({ seq: 3, version: 4 })));
  await Promise.resolve();
  expect(reads.map((one) => one.cursor)).toEqual([{ seq: 3, version: 4 }, { seq: 0, version: 2 }]);
  expect(backfill.isIdle).toBe(false);
  reads[1]!.finish();
  const answers = await Promise.all(others);
  expect(answers.map((one) => one.messages)).toEqual(cursors.map((cursor) => log.filter(isBeyond(cursor))));
  expect(answers.every((one) => one.last.version === 7)).toBe(true);
});

it("[S7] a read that fails is told to who asked, and the next one goes through", async () => {
  let broken = true;
  const found: Changes = { messages: [], isWhole: true, last: { seq: 0, version: 0 } };
  const backfill = new Backfill(() => broken ? Promise.reject(new Error("gone")) : Promise.resolve(found));
  const asked = [backfill.since({ seq: 0, version: 0 }), backfill.since({ seq: 0, version: 0 })];
  for (const one of asked) await expect(one).rejects.toThrow("gone");
  broken = false;
  expect(await backfill.since({ seq: 0, version: 0 })).toEqual(found);
  expect(backfill.isIdle).toBe(true);
});
