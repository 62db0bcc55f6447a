// Every rule of docs/protocol.md has a test that carries its number, and no test carries the number of a rule that is not there.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const rules = [...readFileSync(join(ROOT, "docs/protocol.md"), "utf8").matchAll(/^- \*\*\[([A-Z]\d+)\]\*\*/gm)]
  .map((match) => match[1]!);

/** The rules at the beginning of each test's name: `it("[R2] [R4] gives …")`, also of `it.each(…)(…)`. */
const proven = new Map<string, string[]>();
for (const path of readdirSync(join(ROOT, "tests"), { recursive: true }) as string[]) {
  if (!path.endsWith(".test.ts")) continue;
  const source = readFileSync(join(ROOT, "tests", path), "utf8");
  for (const [, numbers] of source.matchAll(/["'`]((?:\[[A-Z]\d+\] )+)/g)) {
    for (const [, rule] of numbers!.matchAll(/\[([A-Z]\d+)\]/g)) {
      proven.set(rule!, [...proven.get(rule!) ?? [], path]);
    }
  }
}

it("names each rule once", () => {
  expect(rules.length).toBeGreaterThan(40);
  expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([]);
});

it("has a test for every rule", () => {
  expect(rules.filter((rule) => !proven.has(rule))).toEqual([]);
});

it("has no test for a rule that is not there", () => {
  expect([...proven].filter(([rule]) => !rules.includes(rule))).toEqual([]);
});
