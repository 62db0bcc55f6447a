// Recovery by a clock of the test's own: who is lost looks again, and a store that is down is asked by one at a time.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Recovery } from "../../server/room/recovery.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Rooms that look at one store, which answers or not. */
function world() {
  const store = { isDown: true };
  const looks: { by: string; atMs: number }[] = [];
  const begun = Date.now();
  const room = (by: string) => ({
    lookAgain() {
      looks.push({ by, atMs: Date.now() - begun });
      return store.isDown ? Promise.reject(new Error("down")) : Promise.resolve();
    },
  });
  return { store, looks, room, recovery: new Recovery() };
}

it("lets one look at a time, ever later up to a bound, and all as soon as the store answers; then nothing runs", async () => {
  const { store, looks, room, recovery } = world();
  const rooms = ["a", "b", "c"].map(room);
  for (const one of rooms) recovery.add(one);
  await vi.advanceTimersByTimeAsync(9_000);
  const times = looks.map(({ atMs }) => atMs);
  expect(times).toEqual([100, 300, 700, 1_500, 3_100, 5_100, 7_100]);
  expect(looks.map(({ by }) => by).join("")).toBe("abcabca");
  expect(rooms.map((one) => recovery.has(one))).toEqual([true, true, true]);
  store.isDown = false;
  await vi.advanceTimersByTimeAsync(200);
  expect(looks.slice(7).map(({ by }) => by).toSorted()).toEqual(["a", "b", "c"]);
  expect(rooms.map((one) => recovery.has(one))).toEqual([false, false, false]);
  expect(vi.getTimerCount()).toBe(0);
  store.isDown = true;
  recovery.add(rooms[0]!);
  await vi.advanceTimersByTimeAsync(100);
  expect(looks).toHaveLength(11);
});

it("leaves out who has found out by themselves, and then asks the others soon", async () => {
  const { looks, room, recovery } = world();
  const [a, b] = ["a", "b"].map(room);
  recovery.add(a!);
  await vi.advanceTimersByTimeAsync(100);
  recovery.remove(a!);
  expect([recovery.has(a!), vi.getTimerCount()]).toEqual([false, 0]);
  recovery.add(b!);
  await vi.advanceTimersByTimeAsync(100);
  expect(looks.map(({ by }) => by)).toEqual(["a", "b"]);
});

it("takes in again who is lost once more while looking", async () => {
  const { recovery } = world();
  let looks = 0;
  const room = {
    lookAgain() {
      if (++looks === 1) recovery.add(room);
      return Promise.resolve();
    },
  };
  recovery.add(room);
  await vi.advanceTimersByTimeAsync(100);
  expect(recovery.has(room)).toBe(true);
  await vi.advanceTimersByTimeAsync(100);
  expect([looks, recovery.has(room), vi.getTimerCount()]).toEqual([2, false, 0]);
});

it("ends when it is stopped, also while somebody looks", async () => {
  const { looks, room, recovery } = world();
  const gate = Promise.withResolvers<void>();
  recovery.add({ lookAgain: () => gate.promise });
  recovery.add(room("waiting"));
  await vi.advanceTimersByTimeAsync(100);
  recovery.stop();
  gate.reject(new Error("down"));
  await vi.advanceTimersByTimeAsync(60_000);
  recovery.add(room("late"));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(looks).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
