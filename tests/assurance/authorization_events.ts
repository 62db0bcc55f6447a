// Who hears what: each event is caused once while everyone listens as far as they can, and the rest must stay silent.
import type { Event } from "../../protocol/frames.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { type TestSocket, UpgradeRefused } from "../helpers/socket.ts";
import type { Tally } from "./authorization.ts";
import { INSIDE, isDead, LIVE, outOfPlace, type Role, ROLES } from "./authorization_roles.ts";
import { createScene, type Scene } from "./authorization_scene.ts";
import type { Way, World } from "./authorization_world.ts";

/** [A2] promises a second; a loaded machine may take longer to say so. */
const CUT_PATIENCE_MS = 10_000;

type EventName = Event["event"];

interface Stage {
  scene: Scene;
  sockets: Map<Role, TestSocket>;
  /** Of the group's admin, and of a member whom no role plays. */
  admin: TestSocket;
  other: TestSocket;
  leaver: TestSocket;
}

interface EventRow {
  hears: Role[];
  /** Makes it happen, and waits until somebody who must hear it has. */
  cause(stage: Stage): Promise<void>;
  isIt(event: Event, stage: Stage): boolean;
}

const about = (event: Event, { scene }: Stage) => "conversationId" in event && event.conversationId === scene.groupId;

/** `welcome` is tried by itself, since it comes with the connection. */
const EVENTS: Record<Exclude<EventName, "welcome">, EventRow> = {
  message: {
    hears: INSIDE,
    async cause({ scene, admin, other }) {
      await admin.ask({
        command: "message:send",
        conversationId: scene.groupId,
        clientId: uuidv7(),
        body: scene.canaries.late,
      });
      await other.message(scene.canaries.late);
    },
    isIt: (event, { scene }) => event.event === "message" && event.message.conversationId === scene.groupId,
  },
  conversation: {
    hears: INSIDE,
    async cause({ scene, other, admin }) {
      await admin.ask({
        command: "conversation:rename",
        conversationId: scene.groupId,
        title: `${scene.canaries.title}.`,
      });
      await other.event("conversation");
    },
    isIt: about,
  },
  positions: {
    hears: INSIDE,
    async cause({ scene, other, leaver }) {
      await other.ask({ command: "message:read", conversationId: scene.groupId, seq: scene.seqs.late });
      await leaver.event("positions", ({ positions }) => positions.some((one) => one.userId === scene.people.other.id));
    },
    isIt: about,
  },
  typing: {
    hears: INSIDE,
    async cause({ scene, other, leaver }) {
      await other.ask({ command: "typing:start", conversationId: scene.groupId });
      await leaver.event("typing");
    },
    isIt: about,
  },
  presence: {
    hears: INSIDE,
    async cause({ scene, other, leaver }) {
      await other.ask({ command: "user:status", status: "away" });
      await leaver.event("presence", ({ userId }) => userId === scene.people.other.id);
    },
    isIt: (event, { scene }) => event.event === "presence" && event.userId === scene.people.other.id,
  },
  "conversation:left": {
    // Only the one who is gone.
    hears: [],
    async cause({ scene, admin, leaver }) {
      await admin.ask({
        command: "participant:remove",
        conversationId: scene.groupId,
        userId: scene.people.leaver.id,
      });
      await leaver.event("conversation:left");
    },
    isIt: (event) => event.event === "conversation:left",
  },
};

export async function tryEvents(world: World, way: Way, tally: Tally): Promise<void> {
  const scene = await createScene(world, way, { exStillInside: true });
  tally.scenes.push(scene);
  await using open = new AsyncDisposableStack();
  const connect = async (name: Parameters<Scene["connect"]>[0]) => {
    const socket = await scene.connect(name);
    open.defer(async () => {
      socket.close();
      await socket.closed;
    });
    await socket.event("welcome");
    await socket.ask({ command: "conversation:watch", conversationIds: [scene.groupId] });
    return socket;
  };
  // While it still counts: whoever has any proof at all listens, and is in the group or was. (A host site's tokens have
  // no sessions: there a token of ours stands for the revoked one, and is refused from the start.)
  const sockets = new Map<Role, TestSocket>();
  for (const role of ROLES) {
    const hasNoProof = role === "anonymous" || role === "wrongAudience" || role === "revoked" && way === "site";
    if (!hasNoProof) sockets.set(role, await connect(role));
  }
  const [admin, other, leaver] = [sockets.get("groupAdmin")!, await connect("other"), await connect("leaver")];
  const stage: Stage = { scene, sockets, admin, other, leaver };
  await admin.ask({
    command: "participant:remove",
    conversationId: scene.groupId,
    userId: scene.people.exParticipant.id,
  });
  await sockets.get("exParticipant")!.event("conversation:left");
  await scene.endAuthority();
  for (const role of ROLES.filter(isDead)) {
    const socket = sockets.get(role);
    if (socket && !await isCut(socket)) tally.violations.push(`the socket of ${role} by ${way} is not cut`);
  }

  await tryWelcome(scene, tally);
  for (const [name, row] of Object.entries(EVENTS)) await tryEvent(name, row, stage, way, tally);
}

async function tryEvent(name: string, row: EventRow, stage: Stage, way: Way, tally: Tally): Promise<void> {
  const { scene, sockets } = stage;
  const live = [...sockets].filter(([role]) => !isDead(role));
  for (const [, socket] of live) await settled(socket);
  const before = new Map([...sockets].map(([role, { events, frames }]) => [role, [events.length, frames.length]]));
  await row.cause(stage);
  for (const [, socket] of live) await settled(socket);
  for (const role of ROLES) {
    const cell = `event ${name} as ${role} by ${way}`;
    const [fromEvent = 0, fromFrame = 0] = before.get(role) ?? [];
    const socket = sockets.get(role);
    const hears = socket?.events.slice(fromEvent).some((event) => row.isIt(event, stage)) ?? false;
    tally.tried++;
    if (hears !== row.hears.includes(role)) {
      tally.violations.push(`${cell}: ${hears ? "hears it" : "does not hear it"}`);
    }
    const received = socket?.frames.slice(fromFrame) ?? [];
    const misplaced = outOfPlace(received.join("\n"), scene.canaries, role);
    if (misplaced.length > 0) tally.violations.push(`${cell}: learns ${misplaced.join(", ")}`);
    if (isDead(role) && received.length > 0) tally.violations.push(`${cell}: hears after the end`);
  }
}

async function tryWelcome(scene: Scene, tally: Tally): Promise<void> {
  for (const role of ROLES) {
    const cell = `event welcome as ${role} by ${scene.way}`;
    tally.tried++;
    try {
      const socket = await scene.connect(role);
      const nobody = socket.closed.then(() => ({ userId: null }));
      const { userId } = await Promise.race([socket.event("welcome"), nobody]);
      if (!LIVE.includes(role) || userId !== scene.people[role].id) tally.violations.push(`${cell}: is welcome`);
      socket.close();
      await socket.closed;
    } catch (error) {
      if (!(error instanceof UpgradeRefused)) throw error;
      if (LIVE.includes(role) || error.status !== 401) tally.violations.push(`${cell}: ${error.message}`);
    }
  }
}

async function isCut(socket: TestSocket): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const never = new Promise<boolean>((late) => timer = setTimeout(() => late(false), CUT_PATIENCE_MS));
  const cut = await Promise.race([socket.closed.then(() => true), never]);
  clearTimeout(timer);
  return cut;
}

/** Everything that was told before has come: a reply comes after it. What is asked changes nothing, nor what is watched. */
async function settled(socket: TestSocket): Promise<void> {
  await socket.ask({ command: "user:status", status: "online" });
}
