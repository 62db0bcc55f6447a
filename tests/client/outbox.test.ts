// The outbox itself: one of each conversation at a time, each in its place, and gone only when it is ours that arrived.
import { expect, it } from "vitest";
import { nextOfEach, type Pending, withFailed, withoutArrived, withPending } from "../../client/state/outbox.ts";
import { ME, message, OTHER } from "./samples.ts";

const pending = (clientId: string, more: Partial<Pending> = {}): Pending => ({
  clientId,
  conversationId: "here",
  body: clientId,
  createdAt: "2025-03-04T06:00:00.000Z",
  failed: null,
  ...more,
});
const [a, b, c] = [pending("a"), pending("b"), pending("c", { conversationId: "there" })];
const ids = (outbox: Pending[]) => outbox.map(({ clientId }) => clientId);

it("[S3] sends the oldest of each conversation that was not refused", () => {
  expect(ids(nextOfEach([a, b, c]))).toEqual(["a", "c"]);
  expect(ids(nextOfEach([{ ...a, failed: "forbidden" }, b, c]))).toEqual(["b", "c"]);
  expect(nextOfEach([{ ...a, failed: "forbidden" }])).toEqual([]);
});

it("puts what is new last, and what is known into its own place", () => {
  expect(ids(withPending([a, b], c))).toEqual(["a", "b", "c"]);
  expect(withPending([a, b, c], { ...b, body: "again" })).toEqual([a, { ...b, body: "again" }, c]);
});

it("[S4] lets go of what arrived of one's own, and of nothing else", () => {
  const own = (clientId: string | null) => message(1, { clientId, senderId: ME });
  const outbox = [a, b, c];
  expect(ids(withoutArrived(outbox, [own("b")], ME))).toEqual(["a", "c"]);
  expect(withoutArrived(outbox, [own("a"), own("b"), own("c")], ME)).toEqual([]);
  for (const heard of [[], [own(null)], [own("z")], [message(1, { clientId: "a", senderId: OTHER })]]) {
    expect(withoutArrived(outbox, heard, ME)).toBe(outbox);
  }
  expect(withoutArrived([], [own("a")], ME)).toEqual([]);
});

it("marks the one that was refused, or is to be tried again", () => {
  const refused = withFailed([a, b], "b", "forbidden");
  expect(refused).toEqual([a, { ...b, failed: "forbidden" }]);
  expect(withFailed(refused, "b", null)).toEqual([a, b]);
});
