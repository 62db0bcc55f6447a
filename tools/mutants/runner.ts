// Runs tests against mutants in one warm Vitest: the changed text is put in place as the module is loaded, never on disk.
import process from "node:process";
import { createVitest, type Vitest } from "vitest/node";

export type Outcome = "passed" | "failed" | "timed out";

/** Longer than a test of these takes on a slow machine, shorter than the suite's own patience: many mutants hang. */
const TEST_TIMEOUT_MS = 10_000;

export interface Runner {
  /** Whether these test files pass, one after the other up to the first that fails, with this file saying something else. */
  run(tests: string[], limitMs: number, changed?: { path: string; text: string }): Promise<Outcome>;
  /** Of each PostgreSQL server that the tests use, the address; known once a test ran. */
  databaseServers(): string[];
  close(): Promise<void>;
}

/** `root`: the repository, with a slash at its end. */
export async function startRunner(root: string): Promise<Runner> {
  let now: { path: string; text: string } | null = null;
  let isLoaded = false;
  const vitest = await createVitest("test", {
    root,
    watch: true,
    bail: 1,
    reporters: [{}],
    maxWorkers: 1,
    // It would give what it kept of the file, and the mutant would never be looked at.
    fsModuleCache: false,
    testTimeout: TEST_TIMEOUT_MS,
  }, {
    server: { watch: null },
    plugins: [{
      name: "mutant",
      enforce: "pre",
      transform(_code: string, id: string) {
        if (now === null || id.split("?")[0] !== now.path) return;
        isLoaded = true;
        return now.text;
      },
    }],
  });
  return {
    async run(tests, limitMs, changed) {
      now = changed ? { path: root + changed.path, text: changed.text } : null;
      isLoaded = false;
      if (now) vitest.invalidateFile(now.path);
      try {
        for (const test of tests) {
          const outcome = await runFile(vitest, root + test, limitMs);
          if (outcome !== "passed") return outcome;
        }
        if (changed && !isLoaded) throw new Error(`Cannot mutate ${changed.path}: none of its tests loads it`);
        return "passed";
      } finally {
        if (now) vitest.invalidateFile(now.path);
        now = null;
      }
    },
    databaseServers: () => Object.values(vitest.getRootProject().getProvidedContext().databaseServers),
    close: () => vitest.close(),
  };
}

async function runFile(vitest: Vitest, path: string, limitMs: number): Promise<Outcome> {
  const specifications = vitest.getModuleSpecifications(path);
  const project = vitest.getRootProject();
  const wanted = specifications.length > 0 ? specifications : [project.createSpecification(path)];
  let isLate = false;
  // A mutant that never gives way cannot be cancelled: its worker is ended.
  const limit = setTimeout(() => {
    isLate = true;
    endWorkers();
  }, limitMs);
  try {
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(wanted, false);
    if (isLate) return "timed out";
    // Those of earlier runs are told again.
    const module = testModules.find(({ moduleId }) => moduleId === path);
    if (module === undefined) throw new Error(`Cannot run ${path}: no tests are found there`);
    return unhandledErrors.length === 0 && module.ok() ? "passed" : "failed";
  } finally {
    clearTimeout(limit);
  }
}

/** Vitest's workers are our children that name its pool; PostgreSQL's processes are not. */
function endWorkers(): void {
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const parent = /^PPid:\s*(\d+)/m.exec(Deno.readTextFileSync(`/proc/${name}/status`))?.[1];
      const isWorker = Deno.readTextFileSync(`/proc/${name}/cmdline`).includes("vitest");
      if (Number(parent) === process.pid && isWorker) process.kill(Number(name), "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}
