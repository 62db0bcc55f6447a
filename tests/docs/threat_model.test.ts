// docs/threat-model.md names a test for each of its lines, and each test that it names is there.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const place = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const page = readFileSync(place("docs/threat-model.md"), "utf8");

/** Of each table the rows below its head: threat, control, tests. */
const rows = page.split("\n").filter((line) => line.startsWith("|"))
  .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()))
  .filter(([threat]) => threat !== "what can be tried" && !/^-+$/.test(threat!));

it("has lines for each letter of STRIDE", () => {
  const letters = [...page.matchAll(/^## ([A-Z]): /gm)].map(([, letter]) => letter);
  expect(letters.join("")).toBe("STRIDE");
  expect(rows.length).toBeGreaterThan(30);
});

it("each line has a control and tests that exist", () => {
  const wrong = rows.filter(([, control, tests, more]) => {
    const files = tests?.split(", ") ?? [];
    const real = files.every((file) => /^tests\/[\w/]+\.test\.ts$/.test(file) && existsSync(place(file)));
    return !control || files.length === 0 || !real || more !== undefined;
  });
  expect(wrong).toEqual([]);
});

it("SECURITY.md leads here", () => {
  expect(readFileSync(place("SECURITY.md"), "utf8")).toContain("(docs/threat-model.md)");
});
