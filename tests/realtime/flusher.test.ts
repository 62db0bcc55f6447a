// The flusher: everything that was handed out in one turn of the event loop leaves at its end, once per connection.
import { expect, it } from "vitest";
import { Flusher } from "../../server/realtime/flusher.ts";

it("[C3] flushes all who asked in a turn at its end, in the order they asked, and who asks while it does in the next", async () => {
  const flusher = new Flusher();
  const flushed: string[] = [];
  const one = (name: string, then = () => {}) => ({
    flush: () => {
      flushed.push(name);
      then();
    },
  });
  flusher.add(one("a", () => flusher.add(one("c"))));
  flusher.add(one("b"));
  expect(flushed).toEqual([]);
  await flusher.flushed();
  expect(flushed).toEqual(["a", "b"]);
  await flusher.flushed();
  expect(flushed).toEqual(["a", "b", "c"]);
});
