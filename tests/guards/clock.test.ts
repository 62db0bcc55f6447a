// The guards by a clock that is set back: what they knew for a second is not believed for hours.
import { expect, it } from "vitest";
import { createReadiness } from "../../server/guards/readiness.ts";
import { SpaceGuard } from "../../server/guards/space.ts";
import { createLog } from "../../server/log.ts";

const HOURS_MS = 3 * 3_600_000;

it("asks the database again", async () => {
  const clock = { ms: 1_000_000_000 };
  let works = false;
  const readiness = createReadiness({
    isDraining: () => false,
    isLow: () => false,
    commit: () => works ? Promise.resolve() : Promise.reject(new Error("away")),
    now: () => clock.ms,
  });
  expect(await readiness()).toBe("database");
  works = true;
  expect(await readiness()).toBe("database");
  clock.ms -= HOURS_MS;
  expect(await readiness()).toBe(null);
});

it("[S10] does not hold the disk for full for hours", async () => {
  const clock = { ms: 1_000_000_000 };
  const log = createLog({ level: "error", format: "text", write: () => {} });
  const guard = await SpaceGuard.start({ freeBytes: null, minFreeBytes: 0, now: () => clock.ms, log });
  guard.failed(Object.assign(new Error("could not extend file"), { code: "53100" }));
  expect(guard.isLow).toBe(true);
  clock.ms -= HOURS_MS;
  expect(guard.isLow).toBe(false);
  guard.stop();
});
