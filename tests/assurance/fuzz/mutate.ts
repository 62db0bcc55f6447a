// Spoils what was right: a value of its tree, or its text.

/** 0 ≤ random < 1, the same for the same seed (mulberry32, public domain). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;

const deep = (open: string, close: string, times: number) => JSON.parse(open.repeat(times) + "0" + close.repeat(times));

const HOSTILE: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 53,
  2 ** 63,
  5e-324,
  "",
  " ",
  "\0",
  "a\0b",
  "\ud800",
  "\udfff\ud800",
  "\u202e\u2066",
  "\ufeff",
  "'; drop table messages; --",
  "${jndi:ldap://x}",
  "../../etc/passwd",
  "%00",
  "<script>alert(1)</script>",
  "__proto__",
  "constructor",
  "e\u0301".repeat(500),
  "\u0300".repeat(2000),
  "😀".repeat(1000),
  "9".repeat(400),
  "a".repeat(5000),
  "١٢٣",
  "0x10",
  "1e3",
  "NaN",
  "2026-13-45T99:99:99Z",
  "00000000-0000-0000-0000-000000000000",
  "018D0000-0001-7000-8000-000000000000",
  [],
  {},
  [[]],
  [null],
  { "": "" },
  JSON.parse('{"__proto__":{"isAdmin":true}}'),
  { toString: 1 },
  { length: 1e9 },
  { then: 1 },
  deep("[", "]", 200),
  deep('{"a":', "}", 200),
  new Array(500).fill(0),
  Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i])),
];

const SCRAPS = [
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\\",
  "\\u0000",
  "\\ud800",
  "\0",
  "\ufffd",
  "null",
  "1e999",
  "-",
  "/*",
  "\u2028",
  '"__proto__":1,',
];

const one = <Item>(items: readonly Item[], random: Random): Item => items[Math.floor(random() * items.length)]!;

/** A value as text: not every one of ours can be made a string of. */
export function worded(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value) ?? "";
}

/** The same value with something in it replaced, taken away or put in. */
export function spoiled(value: unknown, random: Random): unknown {
  if (value === null || typeof value !== "object" || random() < 0.1) return one(HOSTILE, random);
  if (Array.isArray(value)) {
    if (value.length === 0 || random() < 0.2) return [...value, one(HOSTILE, random)];
    const at = Math.floor(random() * value.length);
    return value.map((item, index) => index === at ? spoiled(item, random) : item);
  }
  const entries = Object.entries(value);
  if (entries.length === 0 || random() < 0.15) {
    return { ...value, [worded(one(HOSTILE, random)).slice(0, 100)]: one(HOSTILE, random) };
  }
  const at = Math.floor(random() * entries.length);
  if (random() < 0.2) return Object.fromEntries(entries.filter((_, index) => index !== at));
  return Object.fromEntries(entries.map(([key, item], index) => [key, index === at ? spoiled(item, random) : item]));
}

/** The same text with a few of its characters changed, doubled, cut or replaced. */
export function garbled(text: string, random: Random): string {
  let garbage = text;
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) {
    const at = Math.floor(random() * (garbage.length + 1));
    const kind = random();
    if (kind < 0.3) garbage = garbage.slice(0, at) + one(SCRAPS, random) + garbage.slice(at);
    else if (kind < 0.5) garbage = garbage.slice(0, at) + garbage.slice(at + 1 + Math.floor(random() * 8));
    else if (kind < 0.7) {
      garbage = garbage.slice(0, at) + String.fromCharCode(Math.floor(random() * 0x10000)) + garbage.slice(at + 1);
    } else if (kind < 0.8) garbage = garbage.slice(0, at);
    else if (kind < 0.9) garbage = garbage + garbage.slice(at);
    else garbage = garbage.slice(0, at) + one(SCRAPS, random).repeat(50) + garbage.slice(at);
  }
  return garbage;
}
