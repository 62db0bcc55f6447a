// Reading over HTTP, with a large history in the database.
import type { PagesJob } from "../generator/job.ts";
import { runJob } from "../run_job.ts";
import type { World } from "../world.ts";
import { conversationIds, figure, ours, type Pace, type Trial } from "./trial.ts";

const CONVERSATIONS = 10_000;
const MEMBERS = 2;
const PER_SECOND = 200;
const CONNECTIONS = 8;

const [P50, P99] = ["p50", "p99"].map((share) => `newest page of 50 over HTTP, ${share}`) as [string, string];

function world({ stored }: Pace): World {
  return { rooms: CONVERSATIONS, membersPerRoom: MEMBERS, storedPerRoom: Math.round(stored / CONVERSATIONS) };
}

export const pages: Trial = {
  id: "pages",
  world,
  figures: [figure(P50, "ms"), figure(P99, "ms", ours("≤", 5), ours("≤", 1))],
  async run(side, pace) {
    const result = await runJob<PagesJob>(side, {
      kind: "pages",
      conversationIds: conversationIds(world(pace)),
      membersPerRoom: MEMBERS,
      perSecond: PER_SECOND,
      connections: CONNECTIONS,
      warmUpMs: pace.warmUpMs,
      measureMs: pace.measureMs,
    });
    if (result.refused > 0) throw new Error(`${side.protocol}: ${result.refused} answers were not a full page`);
    return { values: { [P50]: result.pages.p50, [P99]: result.pages.p99 }, cpu: result.cpu, faults: null };
  },
};
