// What can happen in a run: what people do, and what goes wrong between them and the server.
import fc from "fast-check";
import type { Message } from "../../protocol/models.ts";
import type { CommandDraft } from "../../protocol/commands.ts";
import type { ModelClient } from "./client.ts";
import { show } from "./ledger.ts";
import { turns } from "./site.ts";
import type { World } from "./world.ts";

/** Whether a step can be taken shows only in the world: fast-check's own model has nothing to add. */
export type Model = object;

type Step = fc.AsyncCommand<Model, World>;

/** How long a lost acknowledgement is waited for before it is lost. */
const ACKNOWLEDGED_MAX_TURNS = 300;
/** How long somebody who is added is waited for to hear of it. */
const ADDED_MAX_TURNS = 100;
const REFUSALS = new Set(["not_found", "forbidden", "user_not_found", "not_a_group", "recipient_left"]);

interface Drawn {
  who: number;
  where: number;
  pick: number;
  /** Before the next step: so many turns of the event loop, or until everybody has what they can have. */
  pause: number | "rest";
}

const any = (max: number) => fc.noBias(fc.nat(max));
const drawn: fc.Arbitrary<Drawn> = fc.record({
  who: any(59),
  where: any(59),
  pick: any(59),
  pause: fc.constantFrom<Drawn["pause"]>(0, 0, 1, 5, 30, "rest", "rest"),
});

interface Scene {
  client: ModelClient;
  /** One that the client knows of, if it knows any. */
  conversationId: string;
  pick: number;
}

/** A step of a client, which must be open where it says so; where there is none, nothing happens. */
function step(
  name: string,
  needs: "open" | "any",
  act: (world: World, scene: Scene) => void | Promise<void>,
): fc.Arbitrary<Step> {
  return drawn.map(({ who, where, pick, pause }) => ({
    check: () => true,
    async run(_, world) {
      const client = turned(world.clients, who).find(({ isOpen }) => needs === "any" || isOpen);
      if (!client) return;
      const ids = turned(world.conversations, where);
      const conversationId = ids.find((id) => client.replica.conversations[id]) ?? ids[0]!;
      await act(world, { client, conversationId, pick });
      if (pause === "rest") await world.rest();
      else await turns(pause);
    },
    toString: () => `${name}(${who}, ${where}, ${pick}, ${pause})`,
  }));
}

/** The same things, beginning with another. */
function turned<T>(things: T[], by: number): T[] {
  const first = by % things.length;
  return [...things.slice(first), ...things.slice(0, first)];
}

/** Texts that a client holds; of its own person alone where it says so. */
function textsOf({ replica, desk }: ModelClient, { own }: { own: boolean }): Message[] {
  const messages = Object.values(replica.conversations).flatMap((held) => held.messages);
  return messages.filter(({ body, senderId }) => body !== null && (!own || senderId === desk.person.userId));
}

function ask(world: World, client: ModelClient, command: CommandDraft): void {
  client.ask(command, (ok, error) => {
    if (error && !REFUSALS.has(error.code)) world.ledger.report(`${show(command)}: ${show(error)}`);
    if (ok?.message) world.ledger.acknowledge(ok.message);
  });
}

const say = step("say", "any", (_, { client, conversationId }) => {
  client.say(conversationId);
});

const burst = step("burst", "any", (_, { client, conversationId, pick }) => {
  for (let count = 0; count < 2 + pick % 4; count++) client.say(conversationId);
});

/** The client, or another that has something of its own to change and can ask at once. */
function author(world: World, client: ModelClient): ModelClient {
  const can = (one: ModelClient) => one.isOpen && !one.wire!.isHeld && textsOf(one, { own: true }).length > 0;
  return [client, ...world.clients].find(can) ?? client;
}

const edit = step("edit", "open", (world, { client: asked, pick }) => {
  const client = author(world, asked);
  const own = textsOf(client, { own: true });
  if (own.length === 0) return;
  const message = own[pick % own.length]!;
  const { conversationId, seq } = message;
  ask(world, client, { command: "message:edit", conversationId, seq, body: world.ledger.editOf(message) });
});

/** Now and then somebody else's: whether they may is for the server to say. */
const remove = step("delete", "open", (world, { client: asked, pick }) => {
  const client = author(world, asked);
  const texts = textsOf(client, { own: pick % 4 > 0 });
  if (texts.length === 0) return;
  const { clientId, conversationId, seq } = texts[pick % texts.length]!;
  world.ledger.sent.get(clientId!)!.deleteAsked = true;
  ask(world, client, { command: "message:delete", conversationId, seq });
});

const read = step("read", "open", (_, { client, conversationId, pick }) => {
  const { messages = [] } = client.replica.conversations[conversationId] ?? {};
  if (messages.length > 0) client.markRead(conversationId, messages[pick % messages.length]!.seq);
});

const leave = step("leave", "open", (world, { client, conversationId }) => {
  ask(world, client, { command: "conversation:leave", conversationId });
});

/** Membership of a group changes by a tab of whoever made it, where one is open: others are mostly refused. */
function inGroup(
  world: World,
  { client, pick }: Scene,
): { actor: ModelClient; conversationId: string; userId: string } {
  const at = 1 + pick % 2;
  const isMaker = (one: ModelClient) => one.isOpen && one.desk.person.userId === world.makers[at];
  const actor = world.clients.find(isMaker) ?? client;
  const others = world.people.filter(({ userId }) => userId !== actor.desk.person.userId);
  return { actor, conversationId: world.conversations[at]!, userId: others[(pick >> 1) % others.length]!.userId };
}

const putOut = step("putOut", "open", (world, scene) => {
  const { actor, conversationId, userId } = inGroup(world, scene);
  ask(world, actor, { command: "participant:remove", conversationId, userId });
});

const add = step("add", "open", (world, scene) => {
  const { actor, conversationId, userId: id } = inGroup(world, scene);
  ask(world, actor, { command: "participant:add", conversationId, participants: [{ id }] });
});

/**
 * Somebody is put out and added again; one of their tabs may be away and not hear of it, or may have been away since it heard
 * that they were added a first time, and know nothing of the conversation but that.
 */
const swap = step("swap", "open", async (world, scene) => {
  const { actor, conversationId, userId } = inGroup(world, scene);
  const tab = world.clients.find((one) => one.desk.person.userId === userId)!;
  const swapped = () => {
    ask(world, actor, { command: "participant:remove", conversationId, userId });
    ask(world, actor, { command: "participant:add", conversationId, participants: [{ id: userId }] });
  };
  const hasHeard = () => {
    const held = tab.replica.conversations[conversationId];
    return held?.cursor === null && held.messages.length > 0;
  };
  const isTwice = scene.pick % 4 === 1;
  if (isTwice) {
    swapped();
    for (let turn = 0; turn < ADDED_MAX_TURNS && tab.isOpen && !hasHeard(); turn++) await turns(1);
  }
  if (isTwice || scene.pick % 3 > 0) tab.wire?.drop();
  if (actor.isOpen) swapped();
});

/** Both open their direct conversation, which brings back whoever had left it. */
const comeBack = step("comeBack", "open", (world) => {
  const pair = world.people.slice(0, 2).map(({ userId }) => userId);
  for (const client of world.clients) {
    const id = pair.find((userId) => userId !== client.desk.person.userId)!;
    if (!client.isOpen || !pair.includes(client.desk.person.userId)) continue;
    ask(world, client, { command: "conversation:create", conversation: { kind: "direct", to: { id } } });
  }
});

const hold = step("hold", "open", (_, { client, pick }) => client.wire!.hold({ outgoing: pick % 2 === 0 }));
const release = step("release", "any", (world) => world.clients.forEach((client) => client.wire?.release()));
const lose = step("lose", "open", (_, { client }) => client.wire!.loseNext());
const kill = step("kill", "open", (_, { client }) => client.wire!.drop());
const doubt = step("doubt", "open", (_, { client }) => client.doubt());

/** One comes back, or all; some to a slow line: what they are told, and ask, waits. */
const reopen = step("reopen", "any", async (world, { client, pick }) => {
  for (const one of pick % 2 === 0 ? world.clients : [client]) {
    if (one.isOpen) continue;
    await one.open();
    if (pick % 7 === 0) one.wire?.hold({ outgoing: pick % 2 === 0 });
  }
});

/** The message is committed and acknowledged, and its sender never hears of it: the connection ends first. */
const loseAck = step("loseAck", "open", async (_, { client, conversationId }) => {
  client.wire!.hold({ outgoing: false });
  const clientId = client.say(conversationId);
  for (let turn = 0; turn < ACKNOWLEDGED_MAX_TURNS && client.isOpen; turn++) {
    if (client.wire!.held.some((frame) => frame.includes(clientId))) break;
    await turns(1);
  }
  client.wire?.drop();
});

/** Two tabs: the one that sends goes away with everything under way, the other goes on. */
const killSender = step("killSender", "open", (_, { client, conversationId }) => {
  client.say(conversationId);
  client.desk.tabs.find((tab) => tab.id === client.desk.outbox.senderId)?.wire?.drop();
});

const restart = step("restart", "any", (world, { pick }) => world.site.restart({ newEpoch: pick % 4 === 0 }));

const often = (arbitrary: fc.Arbitrary<Step>, times: number) => Array.from({ length: times }, () => arbitrary);

export const STEPS: fc.Arbitrary<Step>[] = [
  ...often(say, 8),
  ...often(burst, 4),
  ...often(edit, 5),
  ...often(remove, 4),
  ...often(read, 4),
  ...often(leave, 2),
  putOut,
  ...often(add, 2),
  ...often(swap, 2),
  ...often(comeBack, 2),
  ...often(hold, 2),
  ...often(release, 3),
  ...often(lose, 2),
  ...often(kill, 3),
  ...often(reopen, 8),
  doubt,
  ...often(loseAck, 2),
  ...often(killSender, 2),
  restart,
];
