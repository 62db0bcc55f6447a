// `deno task backup:rounds [--rounds N] [--seed S]`: backups under load, each restored elsewhere and compared.
import { parseArgs } from "node:util";
import { runBackupRounds } from "../tests/chaos/backups.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    rounds: { type: "string", default: "30" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 32)) },
  },
});
console.log(`seed ${values.seed}`);
const verdict = await runBackupRounds({
  rounds: Number(values.rounds),
  seed: Number(values.seed),
  progress: (line) => console.log(line),
});
for (const fault of verdict.faults) console.error(`seed ${values.seed}: ${fault}`);
console.log(
  `backup: ${verdict.rounds} rounds, ${verdict.compared} acknowledged messages compared, ${verdict.faults.length} faults`,
);
Deno.exit(verdict.faults.length === 0 ? 0 : 1);
