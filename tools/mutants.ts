// Mutation testing: small changes of the code that matters most, one at a time, each of which a test must notice.
import { parseArgs } from "node:util";
import { openDatabase } from "../server/store/database.ts";
import { explainedIn } from "./mutants/explained.ts";
import { describeMutant, lineOf, type Mutant, mutantsOf, withMutant } from "./mutants/mutate.ts";
import { type Outcome, type Runner, startRunner } from "./mutants/runner.ts";
import { sqlMutants } from "./mutants/sql.ts";
import { type Target, TARGETS } from "./mutants/targets.ts";

const HELP = `Usage: deno task mutants [--only <parts of paths>] [--sample <n>] [--seed <n>] [--list]

Changes the code of authorisation, idempotency, resume and tokens in one small place at a time, and runs the tests that
should notice. Tells of each mutant that none noticed; those explained in docs/mutants.md are counted only.

  --only <parts of paths>   these files only: tickets,origin
  --sample <n>              so many mutants of each file, chosen by --seed (default 1)
  --list                    tell the mutants, run nothing
`;
const ROOT = new URL("..", import.meta.url).pathname;
/** For the tests of one target as it is; mutants have four times what these took, and a little. */
const PATIENCE_MS = 120_000;
const MUTANT_MS = 10_000;
const TEMPLATE = "chautari_template";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    only: { type: "string" },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    list: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(HELP);
  Deno.exit(0);
}
const wanted = (values.only ?? "").split(",");
const targets = TARGETS.filter(({ path }) => wanted.some((part) => path.includes(part)));
if (targets.length === 0) {
  console.error(`Cannot mutate "${values.only}": no target has that in its path; they are in tools/mutants/targets.ts`);
  Deno.exit(2);
}
Deno.exit(await main());

async function main(): Promise<number> {
  if (values.list) {
    for (const target of targets) for (const { where, what } of placesOf(target)) console.log(`${where}  ${what}`);
    return 0;
  }
  const runner = await startRunner(ROOT);
  const explained = explainedIn(Deno.readTextFileSync(`${ROOT}docs/mutants.md`));
  let unexplained = 0;
  try {
    for (const target of targets) {
      const { tests } = target;
      const begun = performance.now();
      if (await runner.run(tests, PATIENCE_MS) !== "passed") {
        throw new Error(`Cannot begin with ${target.path}: its tests fail as it is`);
      }
      const limitMs = MUTANT_MS + 4 * (performance.now() - begun);
      const counts: Record<Outcome, number> = { passed: 0, failed: 0, "timed out": 0 };
      let known = 0;
      for (const { mutated, where, what } of chosen(placesOf(target))) {
        const outcome = await tried(runner, target, limitMs, mutated);
        counts[outcome]++;
        if (outcome !== "passed") continue;
        if (explained.has(`${target.path} ${what}`)) known++;
        else console.log(`SURVIVED ${where}  ${what}`);
      }
      unexplained += counts.passed - known;
      const killed = counts.failed + counts["timed out"];
      console.log(`${target.path}: ${killed + counts.passed} mutants, ${killed} killed, ${known} explained`);
    }
  } finally {
    await runner.close();
  }
  return unexplained === 0 ? 0 : 1;
}

interface Place {
  mutated: string;
  where: string;
  what: string;
}

function placesOf({ path, parts }: Target): Place[] {
  const text = Deno.readTextFileSync(ROOT + path);
  const ranges = parts?.map((part) => rangeOf(path, text, part)) ?? [{ start: 0, end: text.length }];
  const all: Mutant[] = path.endsWith(".sql")
    ? ranges.flatMap((range) => sqlMutants(text, { ...range, holes: [] }))
    : mutantsOf(path, text);
  const seen = new Map<string, number>();
  return all.filter((mutant) => ranges.some(({ start, end }) => mutant.start >= start && mutant.end <= end))
    .map((mutant) => {
      const described = describeMutant(text, mutant);
      const times = (seen.get(described) ?? 0) + 1;
      seen.set(described, times);
      return {
        mutated: withMutant(text, mutant),
        where: `${path}:${lineOf(text, mutant)}`,
        what: times === 1 ? described : `${described} (${times})`,
      };
    });
}

function rangeOf(path: string, text: string, [from, to]: [string, string]): { start: number; end: number } {
  const start = text.indexOf(from);
  const end = text.indexOf(to, start);
  if (start === -1 || end === -1) {
    throw new Error(`Cannot find in ${path} what begins with "${from}" and ends with "${to}"`);
  }
  return { start, end: end + to.length };
}

async function tried(runner: Runner, { path, tests }: Target, limitMs: number, text: string): Promise<Outcome> {
  if (!path.endsWith(".sql")) return await runner.run(tests, limitMs, { path, text });
  try {
    if (!await redefine(runner, text)) return "failed";
    return await runner.run(tests, limitMs);
  } finally {
    await redefine(runner, Deno.readTextFileSync(ROOT + path));
  }
}

/** Puts `append_messages` as it is in this migration into the database that each test gets a copy of. False: it is no SQL. */
async function redefine(runner: Runner, migration: string): Promise<boolean> {
  const { start, end } = rangeOf("the migration", migration, [
    "create or replace function append_messages",
    "\nend\n$$;",
  ]);
  const createFunction = migration.slice(start, end);
  const options = { dataDir: "", log: () => {}, poolSize: 1 };
  for (const address of runner.databaseServers()) {
    const { sql, close } = await openDatabase({ ...options, databaseUrl: `${address}/${TEMPLATE}` });
    try {
      await sql.unsafe(createFunction);
    } catch {
      return false;
    } finally {
      await close();
    }
  }
  return true;
}

/** All of them, or a sample: the same seed chooses the same. */
function chosen(places: Place[]): Place[] {
  if (values.sample === undefined) return places;
  let state = Number(values.seed) >>> 0;
  const random = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ state >>> 15, state | 1);
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
    return (mixed ^ mixed >>> 14) >>> 0;
  };
  return places.map((place) => ({ place, order: random() })).sort((a, b) => a.order - b.order)
    .slice(0, Number(values.sample)).map(({ place }) => place);
}
