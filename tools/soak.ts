// The soak: many connections and steady traffic for long; is anything lost or doubled, does memory grow, does it slow down?
//   deno task soak [--minutes 60] [--connections 2000] [--per-second 200]
import { parseArgs } from "node:util";
import { Child } from "../bench/child.ts";
import { heedInterrupts } from "../bench/interruption.ts";
import { startChautari } from "../bench/sides/chautari.ts";
import { ROOT } from "../bench/sides/side.ts";
import { conversationId, JWT } from "../bench/world.ts";
import { makeWorkFolder } from "../bench/work_folder.ts";
import type { SoakFaults, SoakJob, SoakLine } from "./soak_figures.ts";
import { Memory } from "./soak_memory.ts";

const MEMBERS_PER_ROOM = 20;
const SENDERS_PER_ROOM = 4;
const COMPARED_MINUTES = 10;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    connections: { type: "string", default: "2000" },
    "per-second": { type: "string", default: "200" },
  },
});
const [minutes, connections, perSecond] = [values.minutes, values.connections, values["per-second"]].map(Number) as [
  number,
  number,
  number,
];
const rooms = connections / MEMBERS_PER_ROOM;
if (![minutes, rooms, perSecond].every((number) => Number.isInteger(number) && number > 0)) {
  console.error(
    `Usage: deno task soak [--minutes 60] [--connections 2000] [--per-second 200]: whole numbers, connections in ` +
      `rooms of ${MEMBERS_PER_ROOM}`,
  );
  Deno.exit(2);
}
const ms = (value: number): string => `${value.toFixed(1)} ms`;

heedInterrupts();
try {
  Deno.exit(await soak() ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  Deno.exit(1);
}

/** Whether nothing was lost, doubled, out of order or refused. Memory and times are told, not judged. */
async function soak(): Promise<boolean> {
  await using folder = await makeWorkFolder();
  await using side = await startChautari(`${folder.path}/data`);
  await side.fill({ rooms, membersPerRoom: MEMBERS_PER_ROOM });
  await using people = new Child({
    name: "The people",
    command: [Deno.execPath(), "run", "--quiet", "-A", "tools/soak_people.ts"],
    cwd: ROOT,
    expendable: true,
  });
  const job: SoakJob = {
    port: side.port,
    jwt: JWT,
    conversationIds: Array.from({ length: rooms }, (_, room) => conversationId(room)),
    membersPerRoom: MEMBERS_PER_ROOM,
    sendersPerRoom: SENDERS_PER_ROOM,
    perSecond,
    minutes,
    comparedMinutes: Math.min(COMPARED_MINUTES, Math.max(1, Math.floor(minutes / 2))),
  };
  await people.write(JSON.stringify(job));
  const memory = new Memory(side.watched.server, side.watched.postmaster);
  try {
    return await listen(people, job, memory);
  } finally {
    memory.stop();
  }
}

async function listen(people: Child, job: SoakJob, memory: Memory): Promise<boolean> {
  for (;;) {
    const line = await people.read<SoakLine>();
    if ("failed" in line) throw new Error(`soak: ${line.failed}`);
    if ("connectedMs" in line) {
      console.log(`${connections} connections in ${(line.connectedMs / 1000).toFixed(1)} s`);
      memory.start();
    } else if ("minute" in line) {
      const { minute, acknowledged: { p50, p99, count }, deliveries, faults } = line;
      console.log(
        `minute ${minute}: ${count} acknowledged, p50 ${ms(p50)}, p99 ${ms(p99)}, ${deliveries} deliveries so far, ` +
          `gaps ${faults.gaps}, doubled ${faults.doubled}; ${memory.look()}`,
      );
    } else {
      const { first, last, acknowledged, faults } = line;
      const names: (keyof SoakFaults)[] = ["lost", "doubled", "reordered", "gaps", "refused"];
      console.log(
        `soak: ${minutes} min, ${connections} connections, ${acknowledged} acknowledged, ` +
          `${names.map((name) => `${name} ${faults[name]}`).join(", ")}, ${memory.slopes()}, ` +
          `p99 ${ms(first.p99)} in the first ${job.comparedMinutes} min, ${ms(last.p99)} in the last`,
      );
      return names.every((name) => faults[name] === 0);
    }
  }
}
