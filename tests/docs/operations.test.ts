// docs/operations.md is true where a machine can tell: its settings are those of the program, what it names is there.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type SettingName, SETTINGS } from "../../server/settings.ts";

const place = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string) => readFileSync(place(path), "utf8");
const page = read("docs/operations.md");

/** The cells of the rows that begin with a name in capitals; what the formatter escapes is as it was. */
function settingsTable(text: string): string[][] {
  return text.split("\n").filter((line) => /^\| `[A-Z_]+`/.test(line))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("\\", "")));
}

describe("docs/operations.md", () => {
  it("has every setting, with what it takes and its default, in the order of server/settings.ts", () => {
    const known = Object.entries(SETTINGS).map(([name, { help, expected, ...rest }]) => {
      const otherwise = "otherwise" in rest ? rest.otherwise : "";
      return [`\`${name}\``, help, expected, otherwise];
    });
    expect(settingsTable(page)).toEqual(known);
  });

  it("links to files that are there", () => {
    const links = [...page.matchAll(/\]\(([^)#:]+)\)/g)].map(([, target]) => target!);
    expect(links.length).toBeGreaterThan(5);
    expect(links.filter((target) => !existsSync(place(`docs/${target}`)))).toEqual([]);
  });
});

it("the container, the unit and the compose file give only settings that exist", () => {
  const named = [
    ...read("Dockerfile").matchAll(/^(?:ENV| {4}) *([A-Z_]+)=/gm),
    ...read("docs/systemd/chautari.service").matchAll(/^Environment=([A-Z_]+)=/gm),
    ...read("compose.yaml").matchAll(/^ {6}((?!POSTGRES_)[A-Z_]+): /gm),
  ].map(([, name]) => name as SettingName);
  expect(new Set(named)).toEqual(new Set(["HOST", "PORT", "DATA_DIR", "DATABASE_URL", "TRUST_PROXY"]));
  for (const name of named) expect(Object.keys(SETTINGS)).toContain(name);
});

it("README.md tells of no setting that is gone", () => {
  const told = settingsTable(read("README.md")).map(([name]) => name!.replaceAll("`", ""));
  expect(told.filter((name) => !Object.hasOwn(SETTINGS, name))).toEqual([]);
});
