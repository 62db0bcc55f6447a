// Every regular expression of the product, looked at for catastrophic backtracking (by recheck).
import { checkSync } from "recheck";
import { parseSync } from "vite";
import { LINK } from "../../client/state/linkify.ts";
import { EMOJI } from "../../client/state/message_text.ts";
import type { Suite } from "./suite.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const FOLDERS = ["protocol", "server", "client"];
/** Those that are put together from parts; all others stand in the source as they are. */
const BUILT = { "client/state/linkify.ts": LINK, "client/state/message_text.ts": EMOJI };
/** What these read is ours or the browser's own, and short: worse than linear, but not in anybody else's hands. */
const HARMLESS = ["server/http/pages.ts", "server/cli/doctor/data_directory.ts", "client/state/device.ts"];
/** Each of its repetitions but the last of an address ends after so many, which counts as a power of that many here. */
const BOUNDED = ["client/state/linkify.ts"];

interface Found {
  where: string;
  pattern: string;
  flags: string;
}

export const regexes: Suite = {
  name: "regular expressions",
  run({ report }) {
    const built = Object.entries(BUILT).map(([where, { source, flags }]) => ({ where, pattern: source, flags }));
    const found = [...FOLDERS.flatMap((folder) => [...sources(`${ROOT}${folder}`)]).flatMap(regexesOf), ...built];
    const violations: string[] = [];
    for (const { where, pattern, flags } of found) {
      const judged = checkSync(pattern, flags, { timeout: 20_000 });
      if (judged.status === "safe") continue;
      const isPolynomial = judged.status === "vulnerable" && judged.complexity.type === "polynomial";
      if (isPolynomial && [...HARMLESS, ...BOUNDED].includes(where)) continue;
      const how = judged.status === "vulnerable" ? judged.complexity.summary : "cannot be judged";
      violations.push(`${where}: /${pattern}/${flags} ${how}`);
    }
    report(`${found.length} regular expressions`);
    return Promise.resolve({ name: regexes.name, tried: found.length, violations });
  },
};

interface Call {
  type?: string;
  callee?: { name?: string };
  arguments?: { type: string; name?: string }[];
}

/** `new RegExp` of anything but another regular expression's name. */
function isBuilt({ type, callee, arguments: given }: Call): boolean {
  const isNew = (type === "NewExpression" || type === "CallExpression") && callee?.name === "RegExp";
  return isNew && !/^[A-Z_]+$/.test(given?.[0]?.name ?? "");
}

function* sources(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) yield* sources(`${folder}/${name}`);
    else if (/\.tsx?$/.test(name)) yield `${folder}/${name}`;
  }
}

function regexesOf(path: string): Found[] {
  const text = Deno.readTextFileSync(path);
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]!.message}`);
  const where = path.slice(ROOT.length);
  const found: Found[] = [];
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== "object") return;
    const { regex } = node as { regex?: { pattern: string; flags: string } };
    if (regex) found.push({ where, ...regex });
    else if (isBuilt(node as Call) && !(where in BUILT)) {
      throw new Error(`${where} builds a regular expression: name it here`);
    } else for (const value of Object.values(node)) walk(value);
  };
  walk(program);
  return found;
}
