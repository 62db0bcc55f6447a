// Typing in one room, by a clock of the test's own.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Typing } from "../../server/room/typing.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("[T2] lasts as long as it is renewed, and ends its time after the last renewal, each person by themselves", () => {
  const told: [string, boolean][] = [];
  const typing = new Typing(6_000, (userId, isTyping) => told.push([userId, isTyping]));
  typing.start("sita");
  vi.advanceTimersByTime(5_000);
  typing.start("sita");
  typing.start("ram");
  vi.advanceTimersByTime(5_999);
  expect(told).toEqual([["sita", true], ["ram", true]]);
  expect(typing.isIdle).toBe(false);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([["sita", true], ["ram", true], ["sita", false], ["ram", false]]);
  typing.stop("sita");
  expect(told).toHaveLength(4);
  expect(typing.isIdle).toBe(true);
});
