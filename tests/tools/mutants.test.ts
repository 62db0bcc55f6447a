// The mutator: of a snippet exactly these mutants, and of those that survive exactly the ones that are explained.
import { describe, expect, it } from "vitest";
import { explainedIn } from "../../tools/mutants/explained.ts";
import { describeMutant, lineOf, mutantsOf, withMutant } from "../../tools/mutants/mutate.ts";
import { sqlMutants } from "../../tools/mutants/sql.ts";

const of = (text: string) => mutantsOf("snippet.ts", text).map((mutant) => withMutant(text, mutant)).toSorted();
const ofSql = (text: string) =>
  sqlMutants(text, { start: 0, end: text.length, holes: [] }).map((mutant) => withMutant(text, mutant)).toSorted();

describe("of TypeScript", () => {
  it.each<[string, string, string[]]>([
    ["a condition is always true, and always false", "if (a) b = 1;", [
      "if (a) ;",
      "if (false) b = 1;",
      "if (true) b = 1;",
    ]],
    ["a loop is never begun", "while (a) { break; }", ["while (false) { break; }"]],
    ["a choice is always the one, and the other", "x(a ? b : c);", [";", "x(b);", "x(c);"]],
    ["each side of an `and` or `or` is left out", "const x = a && b;", ["const x = a;", "const x = b;"]],
    ["what stands in for nothing is left out", "const x = a ?? b;", ["const x = a;"]],
    ["a comparison is moved by one", "const x = a < b;", ["const x = a <= b;"]],
    ["an equality is turned", "const x = a === b;", ["const x = a !== b;"]],
    ["an equality that is a whole condition is not: it becomes true and false", "if (a === b) { c; }", [
      "if (a === b) { ; }",
      "if (false) { c; }",
      "if (true) { c; }",
    ]],
    ["a sum becomes a difference", "const x = a + 1;", ["const x = a - 1;"]],
    ["a negation is left out", "const x = !a;", ["const x = a;"]],
    ["a truth is turned", "const x = true;", ["const x = false;"]],
    ["an error code is another", `throw new CommandError("forbidden");`, [";", `throw new CommandError("internal");`]],
    ["a refusal that is all of an `if` is not left out twice", `if (a) throw b;`, [
      "if (false) throw b;",
      "if (true) throw b;",
    ]],
    ["a predicate takes all, and nothing", "const x = a.filter((b) => b.c);", [
      "const x = a.filter(() => false);",
      "const x = a.filter(() => true);",
    ]],
    ["another `find` is no predicate", "const x = await users.find(a.id);", []],
    ["the lesser becomes the greater", "const x = Math.min(a, b);", ["const x = Math.max(a, b);"]],
    ["a call whose name is of every object stays", "const x = a.toString();", []],
    ["types are nothing that runs", "interface A { b: true } const x = a as { c: false };", []],
    ["the SQL in it", "const x = await sql`select 1 from t where a = ${b} and c`;", [
      "const x = await sql`select 1 from t where a = ${b} and true`;",
      "const x = await sql`select 1 from t where true and c`;",
    ]],
    ["what is filled into the SQL is TypeScript", "const x = sql`limit ${a + 1}`;", ["const x = sql`limit ${a - 1}`;"]],
  ])("%s", (_, text, expected) => expect(of(text)).toEqual(expected.toSorted()));

  it("says what it cannot read", () => {
    expect(() => mutantsOf("snippet.ts", "const = 1")).toThrow("Cannot read snippet.ts");
  });
});

describe("of SQL", () => {
  it.each<[string, string, string[]]>([
    ["each condition is left out, also within parentheses", "delete from t where a = 1 and (b or c)", [
      "delete from t where true and (b or c)",
      "delete from t where a = 1 and true",
      "delete from t where a = 1 and (b or false)",
    ]],
    ["one ends where another clause begins", "select 1 from t where a in (b) order by c limit 1", [
      "select 1 from t where true order by c limit 1",
    ]],
    ["`is distinct from` is one condition", "select 1 where a is distinct from b", ["select 1 where true"]],
    ["a case is always, and never", "select case when a then 1 end", [
      "select case when true then 1 end",
      "select case when false then 1 end",
    ]],
    ["each assignment is left out, where there is another", "update t set a = 1, b = f(2, 3) where c", [
      "update t set  b = f(2, 3) where c",
      "update t set a = 1 where c",
      "update t set a = 1, b = f(2, 3) where true",
    ]],
    ["the only assignment stays", "update t set a = 1", []],
    ["a lock is not taken", "select 1 from t for update", ["select 1 from t "]],
    ["a comparison is moved by one", "select a > b", ["select a >= b"]],
    ["the greatest becomes the least", "select greatest(a, b)", ["select least(a, b)"]],
    ["texts and comments are nothing that runs", "select 'a and b' -- where c > d", []],
    ["an apostrophe in a comment begins no text", "select 1 -- the ids' own\nwhere a", [
      "select 1 -- the ids' own\nwhere true",
    ]],
    ["a conflict is no condition", "insert into t values (1) on conflict (a) do nothing", []],
  ])("%s", (_, text, expected) => expect(ofSql(text)).toEqual(expected.toSorted()));
});

describe("told", () => {
  const text = "const a = 1;\n  if (b | c) d();\n";
  const mutant = mutantsOf("snippet.ts", text)[0]!;

  it("by its line, as it was and as it became", () => {
    expect([lineOf(text, mutant), describeMutant(text, mutant)]).toEqual([2, "if (b | c) d(); → if (true) d();"]);
  });

  it("as explained, by the file and the change, wherever the line has moved", () => {
    const markdown = [
      "| where | mutant | why |",
      "| --- | --- | --- |",
      "| `snippet.ts:9` | `if (b \\| c) d(); → if (true) d();` | b is always there |",
      "| `other.ts:1` | ``sql`a` → sql`b` `` | the same |",
    ].join("\n");
    expect(explainedIn(markdown)).toEqual(
      new Set([`snippet.ts ${describeMutant(text, mutant)}`, "other.ts sql`a` → sql`b`"]),
    );
  });
});
