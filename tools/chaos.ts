// Chaos on the real program: `deno task chaos [--fault NAME|all] [--rounds N] [--seed S]` lets a fault strike it again and
// again, or each in turn; `deno task chaos --hostile` attacks it.
import { parseArgs } from "node:util";
import { FAULTS } from "../tests/chaos/faults/all.ts";
import { fragments } from "../tests/chaos/fragments.ts";
import { halfOpen } from "../tests/chaos/half_open.ts";
import { malformed } from "../tests/chaos/malformed.ts";
import { runRounds, verdictLine } from "../tests/chaos/rounds.ts";
import { type Report, reportLine, Siege } from "../tests/chaos/siege.ts";
import { slowReader } from "../tests/chaos/slow_reader.ts";

const GROWTH_MAX_MIB = 64;
const FORGIVEN_MS = 5;
const FAULTS_SHOWN = 5;
/** Head and body of a request must come within 15 and 60 s; they are looked at every 5 s. */
const HEAD_CUT_MS = 22_000;
const BODY_CUT_MS = 67_000;

const { values } = parseArgs({
  args: Deno.args,
  options: {
    fault: { type: "string", default: "kill" },
    rounds: { type: "string", default: "200" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
    hostile: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);
const names = values.fault === "all" ? Object.keys(FAULTS) : [values.fault];
const rounds = Number(values.rounds);
if (!names.every((name) => Object.hasOwn(FAULTS, name)) || !(Number.isInteger(rounds) && rounds > 0)) {
  console.error(
    `Usage: deno task chaos [--fault ${Object.keys(FAULTS).join("|")}|all] [--rounds N] [--seed S] | --hostile`,
  );
  Deno.exit(2);
}
console.log(`seed ${seed}`);
Deno.exit(await (values.hostile ? attack() : strikeAll()) ? 0 : 1);

async function strikeAll(): Promise<boolean> {
  let harmless = true;
  for (const name of names) {
    try {
      harmless = await strike(name) && harmless;
    } catch (error) {
      console.error(`${name}: could not run: ${error instanceof Error ? error.message : error}`);
      harmless = false;
    }
  }
  return harmless;
}

async function strike(name: string): Promise<boolean> {
  const progress = values.verbose ? (line: string) => console.log(line) : undefined;
  const verdict = await runRounds({ fault: FAULTS[name]!(), rounds, seed, ...(progress && { progress }) });
  for (const { fault, what } of verdict.ledger.violations) console.error(`seed ${seed}: ${fault}: ${what}`);
  console.log(verdictLine(verdict));
  return verdict.ledger.violations.length === 0;
}

async function attack(): Promise<boolean> {
  const siege = await Siege.begin(seed);
  let harmless = true;
  const complain = (faults: string[]) => {
    for (const fault of faults.slice(0, FAULTS_SHOWN)) console.error(`seed ${seed}: ${fault}`);
    if (faults.length > FAULTS_SHOWN) console.error(`… and ${faults.length - FAULTS_SHOWN} more`);
    harmless &&= faults.length === 0;
  };
  const judge = (report: Report) => {
    const { growthMiB, p99BeforeMs, p99DuringMs, faults } = report;
    console.log(reportLine(report));
    complain(faults);
    // some milliseconds forgive a before that is next to nothing
    harmless &&= growthMiB <= GROWTH_MAX_MIB && p99DuringMs <= 2 * p99BeforeMs + FORGIVEN_MS;
  };
  try {
    const requests = await halfOpen(siege, 2_000);
    judge(requests.report);
    judge(await fragments(siege, 10_000));
    // as many as the writers may send at once: a flood held up by the command limit is none
    judge(await slowReader(siege, 760));
    const uncut = await requests.cutOff(HEAD_CUT_MS, BODY_CUT_MS);
    console.log(`half-open requests: ${uncut.length === 0 ? "all cut off" : `${uncut.length} faults`}`);
    complain(uncut);
    judge(await malformed(siege, 100_000));
  } finally {
    await siege.end();
  }
  return harmless;
}
