// What is put into names and titles to hide, to turn or to flood, and how one sees that nothing of it is left.

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at));

/** One by one: direction, width zero, fillers, private use, tags, control characters, floods of marks. */
export const RESIDUE: readonly string[] = [
  ...range(0x202a, 0x202e),
  ...range(0x2066, 0x2069),
  "\u061c",
  "\u200e",
  "\u200f",
  "\u200b",
  "\u200c",
  "\u200d",
  "\u2060",
  "\ufeff",
  "\u00ad",
  "\u034f",
  "\u115f",
  "\u1160",
  "\u3164",
  "\uffa0",
  "\u2800",
  "\u180e",
  "\ue000",
  "\u{f0000}",
  ...range(0xe0041, 0xe0044),
  "\u{e007f}",
  "\n",
  "\0",
  "\u0007",
  "\u0085",
  "\u2028",
  "\ud800",
  "\u0301".repeat(40),
  "\u0316\u0301".repeat(40),
  "\u20dd".repeat(20),
];

/** Written apart from the product's own rule, so that the two can contradict each other. Joiners are judged beside letters that never join. */
const UNCLEAN = new RegExp(
  [
    "[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]",
    "[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]",
    "[\\u00ad\\u034f\\u115f\\u1160\\u180e\\u200b\\u2060\\u2800\\u3164\\ufeff\\uffa0]",
    "[\\ue000-\\uf8ff\\ud800-\\udfff\\u{e0000}-\\u{e007f}\\u{f0000}-\\u{10ffff}]",
    "(?:^|[A-Za-z ])[\\u200c\\u200d]",
    "[\\p{Mn}\\p{Me}]{5}",
    "^\\s|\\s$|\\s\\s",
  ].join("|"),
  "u",
);

export function isClean(text: string): boolean {
  return text !== "" && !UNCLEAN.test(text);
}

/** The text with this put into it somewhere; without it, with up to six of them in various places. */
export function attacked(text: string, random: () => number, residue?: string): string {
  const chars = Array.from(text);
  const put = (what: string) => chars.splice(Math.floor(random() * (chars.length + 1)), 0, what);
  if (residue !== undefined) put(residue);
  else {for (let left = 1 + Math.floor(random() * 6); left > 0; left--) {
      put(RESIDUE[Math.floor(random() * RESIDUE.length)]!);
    }}
  return chars.join("");
}
