// A short real run of one trial against either side: both do their work, and nothing is lost, doubled or reordered here.
import { afterAll, beforeAll, expect, it } from "vitest";
import { installPeer, startSocketIo } from "../../bench/sides/socketio.ts";
import { startChautari } from "../../bench/sides/chautari.ts";
import type { Side } from "../../bench/sides/side.ts";
import { readSettings } from "../../bench/machine.ts";
import { TRIALS } from "../../bench/trials/all.ts";
import type { Pace } from "../../bench/trials/trial.ts";
import { makeWorkFolder } from "../../bench/work_folder.ts";

const PACE: Pace = { rounds: 1, warmUpMs: 200, measureMs: 800, stored: 0 };
const trial = TRIALS.find(({ id }) => id === "100x10")!;

/** The peer is a program of Node. */
const hasNode = await new Deno.Command("node", { args: ["--version"], stdout: "null" }).output().then(
  ({ success }) => success,
  () => false,
);

let open: AsyncDisposableStack;
let folder: string;

beforeAll(async () => {
  open = new AsyncDisposableStack();
  folder = open.use(await makeWorkFolder()).path;
  if (hasNode) await installPeer();
}, 60_000);
afterAll(() => open.disposeAsync());

async function run(start: (directory: string) => Promise<Side>, name: string) {
  await using side = await start(`${folder}/${name}`);
  // Durable on either side, or the comparison is worth nothing.
  expect(await readSettings(side)).toMatchObject({ fsync: "on", synchronous_commit: "on" });
  await side.fill(trial.world(PACE));
  return await trial.run(side, PACE);
}

it("measures Chautari, whose deliveries are without a fault", async () => {
  const { values, faults, cpu } = await run(startChautari, "ours");
  expect(values[trial.figures[0]!.name]).toBeGreaterThan(0);
  expect(faults).toEqual({ lost: 0, doubled: 0, reordered: 0, gaps: 0, refused: 0, firstRefusal: null });
  expect(cpu.generator).toBeGreaterThan(0);
}, 60_000);

it.skipIf(!hasNode)("measures the peer, which loses and doubles nothing", async () => {
  const { values, faults } = await run(startSocketIo, "peer");
  expect(values[trial.figures[0]!.name]).toBeGreaterThan(0);
  expect(faults).toMatchObject({ lost: 0, doubled: 0, refused: 0, firstRefusal: null });
}, 60_000);
