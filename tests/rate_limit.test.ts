// The rate limiter, by an injected clock.
import { describe, expect, it } from "vitest";
import { addressKey, RateLimit } from "../server/rate_limit.ts";

function limiter(options: { count: number; perMs: number; burst?: number; maxKeys?: number }) {
  const clock = { ms: 1_000_000 };
  return { clock, limit: new RateLimit({ ...options, now: () => clock.ms }) };
}

describe("RateLimit", () => {
  it("allows the burst at once, then one each interval", () => {
    const { clock, limit } = limiter({ count: 3, perMs: 3000 });
    expect([1, 2, 3, 4].map(() => limit.take("a"))).toEqual([0, 0, 0, 1000]);
    clock.ms += 999;
    expect(limit.take("a")).toBe(1);
    clock.ms += 1;
    expect(limit.take("a")).toBe(0);
    expect(limit.take("a")).toBe(1000);
  });

  it("takes nothing when it refuses", () => {
    const { clock, limit } = limiter({ count: 1, perMs: 1000 });
    limit.take("a");
    for (let i = 0; i < 100; i++) expect(limit.take("a")).toBe(1000);
    clock.ms += 1000;
    expect(limit.take("a")).toBe(0);
  });

  it("gives a key back its whole burst after a rest, and not more", () => {
    const { clock, limit } = limiter({ count: 2, perMs: 1000 });
    limit.take("a");
    clock.ms += 1_000_000;
    expect([1, 2, 3].map(() => limit.take("a"))).toEqual([0, 0, 500]);
  });

  it("lets nobody wait for a time that was before the clock was set back", () => {
    const { clock, limit } = limiter({ count: 3, perMs: 3000 });
    for (let times = 0; times < 3; times++) limit.take("a");
    clock.ms -= 10_800_000;
    expect([1, 2, 3, 4].map(() => limit.take("a"))).toEqual([0, 0, 0, 1000]);
    limit.take("b");
    clock.ms -= 10_800_000;
    limit.giveBack("b");
    expect([1, 2, 3, 4].map(() => limit.take("b")).slice(0, 3)).toEqual([0, 0, 0]);
  });

  it("keeps a burst smaller than the count", () => {
    const { limit } = limiter({ count: 10, perMs: 1000, burst: 2 });
    expect([1, 2, 3].map(() => limit.take("a"))).toEqual([0, 0, 100]);
  });

  it("counts keys apart, and costs as they are", () => {
    const { limit } = limiter({ count: 5, perMs: 5000 });
    expect(limit.take("a", 5)).toBe(0);
    expect(limit.take("a", 2)).toBe(2000);
    expect(limit.take("b", 5)).toBe(0);
    expect(() => limit.take("b", 6)).toThrow(RangeError);
  });

  it("gives back what did not count, and forgets", () => {
    const { limit } = limiter({ count: 1, perMs: 1000 });
    limit.take("a");
    limit.giveBack("a");
    limit.giveBack("a");
    expect([1, 2].map(() => limit.take("a"))).toEqual([0, 1000]);
    limit.forget("a");
    expect(limit.take("a")).toBe(0);
  });

  it("has no rounding that refuses what is due", () => {
    const { clock, limit } = limiter({ count: 7, perMs: 1000 });
    for (let i = 0; i < 7; i++) limit.take("a");
    for (let i = 0; i < 1000; i++) {
      const wait = limit.take("a");
      if (wait === 0) continue;
      clock.ms += wait;
      expect(limit.take("a")).toBe(0);
    }
  });

  it("remembers a key over the change of generations while it matters", () => {
    const { clock, limit } = limiter({ count: 10, perMs: 10_000 });
    clock.ms += 9_999;
    for (let i = 0; i < 10; i++) limit.take("a");
    clock.ms += 1;
    limit.take("b");
    expect(limit.take("a")).toBe(999);
  });

  it("forgets the longest untouched when there are too many keys", () => {
    const { limit } = limiter({ count: 1, perMs: 1_000_000, maxKeys: 100 });
    limit.take("first");
    for (let i = 0; i < 250; i++) limit.take(`key ${i}`);
    expect(limit.take("key 249")).toBeGreaterThan(0);
    expect(limit.take("first")).toBe(0);
  });
});

describe("addressKey", () => {
  it.each([
    ["203.0.113.7", "203.0.113.7"],
    ["::ffff:203.0.113.7", "203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002::9", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ])("counts %s as %s", (address, key) => expect(addressKey(address)).toBe(key));
});
