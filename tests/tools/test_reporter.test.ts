// The counts behind the last line of a test run: nothing that failed or was skipped goes missing.
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { type Counts, COUNTS_FILE } from "../../tools/test_reporter.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Runs Vitest with our reporter over these files. */
async function countsOf(files: Record<string, string>): Promise<Counts> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}.test.ts`, text);
    await Deno.writeTextFile(`${folder}/vitest.config.mjs`, "export default { test: { globals: true } };");
    const { PATH = "", HOME = "" } = Deno.env.toObject();
    await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", `${ROOT}/node_modules/vitest/vitest.mjs`, "run", `--reporter=${ROOT}/tools/test_reporter.ts`],
      cwd: folder,
      clearEnv: true,
      env: { PATH, HOME, [COUNTS_FILE]: `${folder}/counts.json` },
    }).output();
    return JSON.parse(await Deno.readTextFile(`${folder}/counts.json`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

it("counts what passed, failed and was skipped", async () => {
  const counts = await countsOf({
    a: 'it("a", () => {}); it("b", () => {}); it.skip("c", () => {}); it.todo("d");',
    b: 'it("a", () => { throw new Error("no"); }); describe.skip("s", () => { it("b", () => {}); });',
  });
  expect(counts).toEqual({ passed: 2, failed: 1, skipped: 3 });
});

it("counts a file that cannot be loaded, a hook that fails and a rejection nobody waits for", async () => {
  expect((await countsOf({ a: 'throw new Error("no");' })).failed).toBe(1);
  const hook = 'describe("s", () => { beforeAll(() => { throw new Error("no"); }); it("a", () => {}); });';
  expect((await countsOf({ a: hook })).failed).toBeGreaterThan(0);
  expect((await countsOf({ a: 'it("a", () => { Promise.reject(new Error("no")); });' })).failed).toBeGreaterThan(0);
});
