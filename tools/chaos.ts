// Chaos on the real program: `deno task chaos --rounds N [--seed S]` kills it, `deno task chaos --hostile` attacks it.
import { parseArgs } from "node:util";
import { runKillRounds, verdictLine } from "../tests/chaos/kill.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rounds: { type: "string", default: "200" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
    verbose: { type: "boolean", default: false },
  },
});

const seed = Number(values.seed);
console.log(`seed ${seed}`);
const verdict = await runKillRounds({
  rounds: Number(values.rounds),
  seed,
  progress: (line) => values.verbose && console.log(line),
});
for (const { fault, what } of verdict.ledger.violations) console.error(`seed ${seed}: ${fault}: ${what}`);
console.log(verdictLine(verdict));
Deno.exit(verdict.ledger.violations.length > 0 ? 1 : 0);
