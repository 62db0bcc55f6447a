// Holds at their edges: a batch of which nothing is new leaves nothing behind, not even an empty one.
import { expect, it } from "vitest";
import { Holds } from "../../server/realtime/holds.ts";
import { Batch } from "../../server/room/subscriber.ts";

it("[R3] gives no empty batch where an answer held all of it", () => {
  const holds = new Holds();
  holds.hold(["a"]);
  holds.take(new Batch("a", [{ version: 4, json: "4" }, { version: 5, json: "5" }]));
  expect(holds.release(new Map([["a", 5]]))).toEqual([]);
});
