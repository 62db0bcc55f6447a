// The proof by chaos: the real program under load, struck by each kind of fault, keeps what it acknowledged.
import { FAULTS } from "../chaos/faults/all.ts";
import { clockFault } from "../chaos/faults/clock.ts";
import type { Fault } from "../chaos/faults/fault.ts";
import { mixedFault } from "../chaos/faults/mixed.ts";
import { networkFault } from "../chaos/faults/network.ts";
import { postgresFault } from "../chaos/faults/postgres.ts";
import { postgresStopFault } from "../chaos/faults/postgres_stop.ts";
import { stopFault } from "../chaos/faults/stop.ts";
import { runRounds, verdictLine } from "../chaos/rounds.ts";
import type { Suite } from "./suite.ts";

const QUICK_ROUNDS = 1;
const LONG_ROUNDS = 20;
const QUICK_LONGEST_MS = 1_000;
/** They mount a file system. */
const ROOT_ONLY = ["disk", "disk-full"];

/** What needs no new start of the program, in turns on one: the others are in tests/chaos/rounds.test.ts. */
const quickFaults = (): Fault[] => [
  stopFault({ longestMs: QUICK_LONGEST_MS }),
  postgresFault(),
  postgresStopFault({ longestMs: QUICK_LONGEST_MS }),
  networkFault(),
  clockFault(),
];

/** `count`: how many rounds of each fault. */
export const chaos: Suite = {
  name: "chaos",
  async run({ quick, count, seed = Math.floor(Math.random() * 2 ** 32), report }) {
    const each = count ?? (quick ? QUICK_ROUNDS : LONG_ROUNDS);
    const violations: string[] = [];
    let tried = 0;
    for (const fault of quick ? [mixedFault(quickFaults())] : longFaults()) {
      const verdict = await runRounds({
        fault,
        rounds: quick ? each * quickFaults().length : each,
        seed,
        progress: (line) => report(`${fault.name}: ${line}`),
      });
      report(verdictLine(verdict));
      tried += verdict.rounds;
      violations.push(
        ...verdict.ledger.violations.map((one) => `${fault.name}, seed ${seed}: ${one.fault}: ${one.what}`),
      );
    }
    return { name: chaos.name, tried, violations };
  },
};

function longFaults(): Fault[] {
  const names = Object.keys(FAULTS).filter((name) => Deno.uid() === 0 || !ROOT_ONLY.includes(name));
  return names.map((name) => FAULTS[name]!());
}
