// Gathering: one read for all who ask meanwhile, none for two who ask the same.
import { expect, it } from "vitest";
import { Gather } from "../server/gather.ts";

it("[R8] answers many who ask at once by few reads, one at a time, and asks again for who comes later", async () => {
  const reads: string[][] = [];
  let running = 0;
  const gather = new Gather(async (keys) => {
    reads.push(keys);
    expect(++running).toBe(1);
    await Promise.resolve();
    running--;
    return new Map(keys.filter((key) => key !== "nobody").map((key) => [key, `${key} in read ${reads.length}`]));
  }, 3);
  const answers = await Promise.all(["a", "b", "a", "c", "d", "nobody"].map((key) => gather.get(key)));
  expect(reads).toEqual([["a", "b", "c"], ["d", "nobody"]]);
  expect(answers).toEqual(["a in read 1", "b in read 1", "a in read 1", "c in read 1", "d in read 2", undefined]);
  expect(await gather.get("a")).toBe("a in read 3");
});

it("[S7] a read that fails is told to who asked, and the next one goes through", async () => {
  let broken = true;
  const gather = new Gather(
    (keys) => broken ? Promise.reject(new Error("gone")) : Promise.resolve(new Map(keys.map((key) => [key, key]))),
    10,
  );
  await expect(gather.get("a")).rejects.toThrow("gone");
  broken = false;
  expect(await gather.get("a")).toBe("a");
});
