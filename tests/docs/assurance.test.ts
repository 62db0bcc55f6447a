// docs/assurance.md and docs/asvs.md name only what is there, and no requirement of the standard goes without a verdict.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { SESSION_TTL_MS, TICKET_TTL_MS, TOKEN_TTL_MS } from "../../protocol/limits.ts";

const place = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string) => readFileSync(place(path), "utf8");
const { tasks } = JSON.parse(read("deno.json")) as { tasks: Record<string, unknown> };
const rules = new Set([...read("docs/protocol.md").matchAll(/^- \*\*\[([A-Z]\d+)\]\*\*/gm)].map(([, rule]) => rule!));

const PATH = /(?<![\w./-])(?:bench|client|docs|migrations|protocol|server|tests|tools)\/[\w./-]*\w/g;
const AT_THE_TOP = /(?<![\w./-])(?:[A-Z]+\.md|Dockerfile|compose\.yaml|deno\.json|deno\.lock)\b/g;

/** The cells of a page's rows that begin with something of this form. */
const rowsOf = (page: string, first: RegExp) =>
  page.split("\n").filter((line) => line.startsWith("|"))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
    .filter(([cell]) => first.test(cell!));

describe.each(["docs/assurance.md", "docs/asvs.md"])("%s", (name) => {
  const page = read(name);

  it("names files that are there", () => {
    const named = [...page.match(PATH) ?? [], ...page.match(AT_THE_TOP) ?? []];
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((path) => !existsSync(place(path)))).toEqual([]);
    const links = [...page.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => target!);
    expect(links.filter((target) => !existsSync(place(`docs/${target}`)))).toEqual([]);
  });

  it("names tasks that deno.json has", () => {
    const named = [...page.matchAll(/deno task ([\w:]+)/g)].map(([, task]) => task!);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((task) => !Object.hasOwn(tasks, task))).toEqual([]);
  });

  it("names rules that docs/protocol.md has", () => {
    const named = [...page.matchAll(/\[([A-Z]\d+)\]/g)].map(([, rule]) => rule!);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((rule) => !rules.has(rule))).toEqual([]);
  });
});

describe("the table of OWASP ASVS 5.0", () => {
  const page = read("docs/asvs.md");
  const rows = rowsOf(page, /^\d+\.\d+\.\d+$/);
  const verdictOf = (row: string[]) => row[3]!.replaceAll("*", "");

  it("has each requirement of the levels 1 and 2 once", () => {
    expect(new Set(rows.map(([number]) => number)).size).toBe(rows.length);
    expect(rows.filter(([, level]) => level === "1")).toHaveLength(70);
    expect(rows.filter(([, level]) => level === "2")).toHaveLength(183);
    expect(rows).toHaveLength(253);
  });

  it("has a verdict for each, with what shows it or why", () => {
    const wrong = rows.filter((row) =>
      row.length !== 5 || !row[2] || !["met", "n.a.", "open"].includes(verdictOf(row)) || row[4]!.length < 5
    );
    expect(wrong).toEqual([]);
  });

  it("names a file, or another part of this page, for each that is met", () => {
    const wrong = rows.filter((row) => verdictOf(row) === "met")
      .filter(([, , , , why]) => !why!.match(PATH) && !why!.match(AT_THE_TOP) && !why!.includes("below, under"));
    expect(wrong).toEqual([]);
  });

  it("points to parts of this page that are there", () => {
    const parts = rows.flatMap(([, , , , why]) => [...why!.matchAll(/below, under "(.+?)"/g)].map(([, part]) => part!));
    expect(parts.length).toBeGreaterThan(5);
    expect(parts.filter((part) => !page.includes(`\n### ${part}\n`))).toEqual([]);
  });

  it("counts what it says, chapter by chapter", () => {
    const counted = (chapter: string) => {
      const of = rows.filter(([number]) => chapter === "all" || number!.startsWith(`${chapter.slice(1)}.`));
      return ["met", "n.a.", "open"].map((verdict) => String(of.filter((row) => verdictOf(row) === verdict).length));
    };
    const summary = rowsOf(page, /^(V\d+ .*|all)$/);
    expect(summary).toHaveLength(18);
    for (const [chapter, ...counts] of summary) {
      expect([chapter, ...counts]).toEqual([chapter, ...counted(chapter!.split(" ")[0]!)]);
    }
  });

  it("lists each that is open at level 1", () => {
    const list = page.split("\n## Open at level 1\n")[1]!.split("\n## ")[0]!;
    const open = rows.filter((row) => row[1] === "1" && verdictOf(row) === "open").map(([number]) => number!);
    expect(open.filter((number) => !new RegExp(`(?<![\\d.])${number.replaceAll(".", "\\.")}(?![\\d.])`).test(list)))
      .toEqual([]);
  });
});

it("docs/asvs.md says how long sessions, tokens and tickets live", () => {
  const page = read("docs/asvs.md");
  expect(page).toContain(`A session ends ${SESSION_TTL_MS / 86_400_000} days after signing in`);
  expect(page).toContain(`issued to a session's cookie, ${TOKEN_TTL_MS / 60_000} minutes`);
  expect(page).toContain(`256 bits, once, ${TICKET_TTL_MS / 1000} seconds`);
});

it("docs/assurance.md tells of every suite of the proof, and of no other", () => {
  const suites = [...read("tools/proof.ts").matchAll(/^ {2}\["(\w+)", /gm)].map(([, suite]) => suite!);
  const told = [...read("docs/assurance.md").matchAll(/deno task proof (\w+)/g)].map(([, suite]) => suite!);
  expect(suites.length).toBeGreaterThan(5);
  expect([...new Set(told)].sort()).toEqual(suites.sort());
});

it("the figures of docs/assurance.md say what was tried, what came of it, and when", () => {
  const table = read("docs/assurance.md").split("\n## Figures\n")[1]!.split("\n## ")[0]!;
  const figures = rowsOf(table, /./).slice(2);
  const wrong = figures.filter((row) =>
    row.length !== 4 || !/^[\d,]+/.test(row[1]!) || !/^\d+/.test(row[2]!) || !row[3]
  );
  expect(wrong).toEqual([]);
});
