// The line for costly work: so much at once, in order, and not too long.
import { describe, expect, it } from "vitest";
import { WorkQueue } from "../../server/auth/work_queue.ts";

/** Work that ends when the test says so. */
function works(queue: WorkQueue) {
  const begun: number[] = [];
  return {
    begun,
    begin(n: number) {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const started = Promise.withResolvers<void>();
      const result = queue.run(() => {
        begun.push(n);
        started.resolve();
        return promise;
      });
      return { started: started.promise, end: () => resolve(n), fail: () => reject(new Error("broken")), result };
    },
  };
}

describe("WorkQueue", () => {
  it("runs so much at once, and the rest in order, whatever fails", async () => {
    const { begun, begin } = works(new WorkQueue(2, 9));
    const [one, two, three, four] = [begin(1), begin(2), begin(3), begin(4)];
    await two.started;
    expect(begun).toEqual([1, 2]);
    two.fail();
    await expect(two.result).rejects.toThrow("broken");
    await three.started;
    expect(begun).toEqual([1, 2, 3]);
    one.end();
    await four.started;
    three.end();
    four.end();
    expect(await Promise.all([one.result, three.result, four.result])).toEqual([1, 3, 4]);
    // the places are free again: two more, and not three
    const [five, six, seven] = [begin(5), begin(6), begin(7)];
    await six.started;
    expect(begun).toEqual([1, 2, 3, 4, 5, 6]);
    five.end();
    await seven.started;
  });

  it("refuses when the line is too long", async () => {
    const { begun, begin } = works(new WorkQueue(1, 1));
    const [one, two, three] = [begin(1), begin(2), begin(3)];
    await expect(three.result).rejects.toMatchObject({ code: "unavailable" });
    one.end();
    two.end();
    expect(await two.result).toBe(2);
    expect(begun).toEqual([1, 2]);
  });
});
