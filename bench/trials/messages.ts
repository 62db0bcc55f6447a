// Messages in rooms: how many a second are kept and delivered, and how soon.
import type { Outcome } from "../figures.ts";
import type { Load, MessagesJob, MessagesResult } from "../generator/job.ts";
import { runJob } from "../run_job.ts";
import type { Side } from "../sides/side.ts";
import type { World } from "../world.ts";
import { BODY_CHARS, conversationIds, figure, ours, type Pace, ratio, together, type Trial } from "./trial.ts";

interface Sending {
  world: World;
  sendersPerRoom: number;
  load: Load;
}

async function send(side: Side, pace: Pace, { world, sendersPerRoom, load }: Sending): Promise<MessagesResult> {
  return await runJob<MessagesJob>(side, {
    kind: "messages",
    conversationIds: conversationIds(world),
    membersPerRoom: world.membersPerRoom,
    sendersPerRoom,
    bodyChars: BODY_CHARS,
    load,
    warmUpMs: pace.warmUpMs,
    measureMs: pace.measureMs,
  });
}

const closed = (inFlightPerSender: number): Load => ({ kind: "closed", inFlightPerSender });
const open = (perSecond: number): Load => ({ kind: "open", perSecond });

function outcome({ cpu, faults }: MessagesResult, values: Record<string, number | null>): Outcome {
  return { values, cpu, faults };
}

/** Many rooms at once, as many messages as the answers allow. */
function manyRooms(id: string, sending: Sending, name: string, atLeast: number, aim: number): Trial {
  return {
    id,
    world: () => sending.world,
    figures: [figure(name, "messages/s", ratio("≥", atLeast), ratio("≥", aim))],
    async run(side, pace) {
      const result = await send(side, pace, sending);
      return outcome(result, { [name]: result.messagesPerSecond });
    },
  };
}

/** One room with everybody in it; then, on our side, a million deliveries a second in it, and when the last has each. */
function oneRoom(id: string, sending: Sending, rows: Trial["figures"]): Trial {
  const [saturated, lastMember] = rows.map((row) => row.name) as [string, string];
  const steady = { ...sending, load: open(1_000_000 / sending.world.membersPerRoom) };
  return {
    id,
    world: () => sending.world,
    figures: rows,
    async run(side, pace) {
      const most = await send(side, pace, sending);
      const parts = [outcome(most, { [saturated]: most.deliveriesPerSecond, [lastMember]: null })];
      // The peer would need minutes for each second of this.
      if (side.protocol === "chautari") {
        const result = await send(side, pace, steady);
        parts.push(outcome(result, { [lastMember]: result.lastMember.p99 }));
      }
      return together(parts);
    },
  };
}

/** Senders who wait for nobody: a message is due at its time, and what delays it counts. */
function latency(): Trial {
  const world = { rooms: 100, membersPerRoom: 10 };
  const at = (perSecond: number) => ({ world, sendersPerRoom: 10, load: open(perSecond) });
  const name = (share: string, perSecond: number) => `send → own acknowledgement at ${perSecond}/s, ${share}`;
  return {
    id: "latency",
    world: () => world,
    figures: [
      figure(name("p50", 1000), "ms", ratio("≤", 1.2)),
      figure(name("p99", 1000), "ms", ratio("≤", 0.5), ours("≤", 3)),
      figure(name("p50", 2000), "ms"),
      figure(name("p99", 2000), "ms", ratio("≤", 0.1)),
      figure(name("p99", 10_000), "ms", null, ours("≤", 10)),
    ],
    async run(side, pace) {
      const parts: Outcome[] = [];
      for (const perSecond of [1000, 2000]) {
        const result = await send(side, pace, at(perSecond));
        const { p50, p99 } = result.acknowledged;
        parts.push(outcome(result, { [name("p50", perSecond)]: p50, [name("p99", perSecond)]: p99 }));
      }
      // Several times what the peer can do.
      if (side.protocol === "chautari") {
        const result = await send(side, pace, at(10_000));
        parts.push(outcome(result, { [name("p99", 10_000)]: result.acknowledged.p99 }));
      }
      return together(parts);
    },
  };
}

// In all of them about 4,000 messages are under way; in a single room, where each goes to everybody, a few hundred.
export const MESSAGE_TRIALS: Trial[] = [
  manyRooms(
    "100x10",
    { world: { rooms: 100, membersPerRoom: 10 }, sendersPerRoom: 10, load: closed(4) },
    "durable messages/s, 100 rooms × 10",
    5,
    12,
  ),
  manyRooms(
    "500x2",
    { world: { rooms: 500, membersPerRoom: 2 }, sendersPerRoom: 2, load: closed(4) },
    "durable messages/s, 500 rooms × 2",
    4,
    8,
  ),
  oneRoom("1x1000", { world: { rooms: 1, membersPerRoom: 1000 }, sendersPerRoom: 50, load: closed(8) }, [
    figure("durable deliveries/s, one room of 1,000", "deliveries/s", ratio("≥", 20), ratio("≥", 45)),
    figure("… at 1,000,000/s, until the last member has it, p99", "ms", ours("≤", 100)),
  ]),
  oneRoom("1x5000", { world: { rooms: 1, membersPerRoom: 5000 }, sendersPerRoom: 50, load: closed(4) }, [
    figure("durable deliveries/s, one room of 5,000", "deliveries/s", ours("≥", 1_000_000)),
    figure("… at 1,000,000/s, until the last member has it, p99 ", "ms", ours("≤", 350), ours("≤", 100)),
  ]),
  manyRooms(
    "200x50",
    { world: { rooms: 200, membersPerRoom: 50 }, sendersPerRoom: 10, load: closed(2) },
    "durable messages/s, 10,000 sockets, 200 rooms × 50",
    2,
    4,
  ),
  latency(),
];
