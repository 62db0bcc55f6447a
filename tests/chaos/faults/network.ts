// Network: the connections between clients and server are cut at any byte, stalled, delayed, half-closed and forgotten.
import { FaultProxy, type Link, type Way } from "../fault_proxy.ts";
import type { Random } from "../random.ts";
import { pause } from "../waiting.ts";
import type { Fault } from "./fault.ts";

const WAYS: readonly Way[] = ["up", "down"];
const CUT_AFTER_BYTES = 4_000;
const DELAY_MS = 300;
const SHORTEST_MS = 50;
const LONGEST_MS = 2_500;

const TROUBLES: Record<string, (link: Link, random: Random) => void> = {
  cut: (link) => link.reset(),
  "cut within": (link, random) => link.cutAfter(random.pick(WAYS), random.between(0, CUT_AFTER_BYTES)),
  stalled: (link, random) => link.stall(random.pick(WAYS)),
  "stalled both ways": (link) => WAYS.forEach((way) => link.stall(way)),
  delayed: (link, random) => link.delay(random.pick(WAYS), random.between(1, DELAY_MS)),
  "half-closed": (link, random) => link.halfClose(random.pick(WAYS)),
  forgotten: (link) => link.forget(),
};

export function networkFault(): Fault {
  let proxy: FaultProxy;
  const befallen = new Map(Object.keys(TROUBLES).map((name) => [name, 0]));
  const befall = (link: Link, random: Random) => {
    const name = random.pick(Object.keys(TROUBLES));
    befallen.set(name, befallen.get(name)! + 1);
    TROUBLES[name]!(link, random);
  };
  return {
    name: "network",
    patienceMs: [2_000, 3_000, 6_000, 15_000],
    entrance: async (site) => (proxy = await FaultProxy.open(site.url)).url,
    async strike({ random, write }) {
      const ms = SHORTEST_MS + (LONGEST_MS - SHORTEST_MS) * random.fraction() ** 3;
      const share = random.fraction();
      for (const link of [...proxy.links]) if (random.fraction() < share) befall(link, random);
      // whoever comes back meanwhile may meet with trouble again, also in the middle of the handshake
      proxy.onLink = (link) => random.fraction() < share / 2 && befall(link, random);
      for (let wave = random.between(1, 3); wave > 0; wave--) {
        write();
        await pause(ms / 3);
      }
      proxy.onLink = null;
      for (const link of [...proxy.links]) {
        // what was forgotten is found out by who waits for an answer; by the end of a round, by all
        if (link.isForgotten || random.fraction() < share / 2) link.reset();
        else link.flow();
      }
      return `${Math.round(share * 100)} % of the connections in trouble for ${Math.round(ms)} ms`;
    },
    end: () => proxy?.close(),
    figures: () => [...befallen].map(([name, count]) => `${count} ${name}`).join(", "),
  };
}
