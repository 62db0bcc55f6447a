// The benchmark: Chautari beside the stack it replaces, in turns on the same machine; a table, and bench/results.json.
import { parseArgs } from "node:util";
import { type Outcome, type Result, type Round, sumUp } from "./figures.ts";
import type { Faults } from "./generator/job.ts";
import { heedInterrupts, interruption } from "./interruption.ts";
import { type Conditions, readConditions, readSettings } from "./machine.ts";
import { startChautari } from "./sides/chautari.ts";
import { ROOT, type Side } from "./sides/side.ts";
import { installPeer, startSocketIo } from "./sides/socketio.ts";
import { table } from "./table.ts";
import { TRIALS } from "./trials/all.ts";
import type { Pace, Trial } from "./trials/trial.ts";
import { makeWorkFolder } from "./work_folder.ts";

const FULL: Pace = { rounds: 5, warmUpMs: 2_000, measureMs: 5_000, stored: 10_000_000 };
const QUICK: Pace = { rounds: 1, warmUpMs: 800, measureMs: 1_500, stored: 1_000_000 };

/** A machine that does nothing else is below this. */
const BUSY_LOAD = 0.5;

const HELP = `deno task bench [--quick] [--only <trial>] [--profile <folder>]

  --quick            a short look in under five minutes: one round, short runs, a small history
  --only <trial>     one of ${TRIALS.map(({ id }) => id).join(", ")}; may be given several times
  --profile <folder> puts a .cpuprofile of each Chautari process there (its figures then are not the real ones)`;

interface Options {
  pace: Pace;
  quick: boolean;
  trials: Trial[];
  denoArgs: string[];
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [] },
      profile: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  const unknown = values.only.find((id) => !TRIALS.some((trial) => trial.id === id));
  if (unknown !== undefined) throw new Error(`There is no trial "${unknown}".\n\n${HELP}`);
  const trials = TRIALS.filter(({ id }) => values.only.length === 0 || values.only.includes(id));
  const denoArgs = values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];
  return { pace: values.quick ? QUICK : FULL, quick: values.quick, trials, denoArgs };
}

interface Sides extends AsyncDisposable {
  ours: Side;
  peer: Side;
}

/** Both sides, filled with the trial's world. */
async function startSides(trial: Trial, { pace, denoArgs }: Options, folder: string): Promise<Sides> {
  await using open = new AsyncDisposableStack();
  const directory = await Deno.makeTempDir({ dir: folder });
  open.defer(() => Deno.remove(directory, { recursive: true }));
  // PostgreSQL runs as another user where this runs as root.
  await Deno.chmod(directory, 0o755);
  const ours = open.use(await startChautari(`${directory}/ours`, denoArgs));
  const peer = open.use(await startSocketIo(`${directory}/peer`));
  for (const side of [ours, peer]) await side.fill(trial.world(pace));
  const held = open.move();
  return { ours, peer, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

/** The rounds of one trial; in every second one the peer goes first. */
async function runTrial(
  trial: Trial,
  options: Options,
  folder: string,
): Promise<{ rounds: Round[]; settings: Conditions["settings"] }> {
  const rounds: Round[] = [];
  let settings: Conditions["settings"] | null = null;
  while (rounds.length < options.pace.rounds) {
    await using sides = await startSides(trial, options, folder);
    settings ??= { ours: await readSettings(sides.ours), peer: await readSettings(sides.peer) };
    do {
      const oursFirst = rounds.length % 2 === 0;
      const outcomes: Partial<Round> = {};
      for (const name of oursFirst ? ["ours", "peer"] as const : ["peer", "ours"] as const) {
        outcomes[name] = await runSide(trial, sides[name], options.pace);
      }
      rounds.push(outcomes as Round);
    } while (!trial.fresh && rounds.length < options.pace.rounds);
  }
  return { rounds, settings: settings! };
}

/** A run that fails is said and leaves its figures out; it does not end the others. */
async function runSide(trial: Trial, side: Side, pace: Pace): Promise<Outcome> {
  try {
    return await trial.run(side, pace);
  } catch (error) {
    interruption.throwIfAborted();
    console.error(`\n  ${trial.id} failed: ${error instanceof Error ? error.message : error}`);
    return { values: {}, cpu: { generator: NaN, server: null, postgres: null }, faults: null };
  }
}

function faultsOf(rounds: Round[], side: "ours" | "peer"): string {
  const names = ["lost", "doubled", "reordered", "gaps", "refused"] as const;
  const total = (name: keyof Omit<Faults, "firstRefusal">) =>
    rounds.reduce((sum, round) => sum + (round[side].faults?.[name] ?? 0), 0);
  const found = names.filter((name) => total(name) > 0).map((name) => `${total(name)} ${name}`);
  const refusal = rounds.map((round) => round[side].faults?.firstRefusal).find((text) => text);
  return found.join(", ") + (refusal ? `: ${refusal}` : "");
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === null) {
    console.log(HELP);
    return 0;
  }
  heedInterrupts();
  console.log("Installing the peer's packages…");
  await installPeer();
  await using folder = await makeWorkFolder();
  const conditions = await readConditions(folder.path, options.pace, options.quick);
  if (conditions.loadAverage > BUSY_LOAD) {
    console.error(
      `Others are at work on this machine (load ${conditions.loadAverage.toFixed(1)}): the figures suffer.`,
    );
  }
  const results: Result[] = [];
  let settings: Conditions["settings"] | null = null;
  let failed = false;
  for (const trial of options.trials) {
    const begun = performance.now();
    Deno.stdout.writeSync(new TextEncoder().encode(`${trial.id}… `));
    const { rounds, settings: found } = await runTrial(trial, options, folder.path);
    settings ??= found;
    console.log(`${((performance.now() - begun) / 1000).toFixed(0)} s`);
    const ourFaults = faultsOf(rounds, "ours");
    const peerFaults = faultsOf(rounds, "peer");
    if (ourFaults) console.error(`  CHAUTARI: ${ourFaults}`);
    if (peerFaults) console.log(`  the peer: ${peerFaults}`);
    failed ||= ourFaults !== "";
    results.push(...trial.figures.map((figure) => sumUp(figure, rounds)));
  }
  interruption.throwIfAborted();
  console.log(`\n${table(results)}\n`);
  const all = { conditions: { ...conditions, settings }, rows: results };
  console.log(JSON.stringify(all.conditions, null, 2));
  if (options.trials.length === TRIALS.length) {
    await Deno.writeTextFile(`${ROOT}bench/results.json`, JSON.stringify(all, null, 2) + "\n");
  } else console.log("Not all trials ran: bench/results.json is left as it was.");
  if (options.quick) console.log("A quick look: one short round. The figures to go by come without --quick.");
  return failed ? 1 : 0;
}

try {
  Deno.exit(await main());
} catch (error) {
  console.error(interruption.aborted ? "Interrupted." : error instanceof Error ? error.message : error);
  Deno.exit(1);
}
