// What outsiders can ask stays the same to the byte, whatever happens in a conversation: counts, search, order, presence.
import { uuidv7 } from "../../protocol/uuid.ts";
import type { TestSocket } from "../helpers/socket.ts";
import type { Tally } from "./authorization.ts";
import { OUTSIDE, type Role } from "./authorization_roles.ts";
import { createScene, type Scene } from "./authorization_scene.ts";
import type { Way, World } from "./authorization_world.ts";

const PAGES = [
  "/api/config",
  "/api/messages/unread-count",
  "/api/messages/conversations",
  "/api/messages/conversations?archived=true",
  "/api/messages/search-conversations?q=canary",
  "/api/messages/search-conversations?q=member",
  "/api/messages/search-users?q=member",
  "/api/messages/search-users?q=groupadmin",
];

export async function trySilence(world: World, way: Way, tally: Tally): Promise<void> {
  const scene = await createScene(world, way);
  await scene.endAuthority();
  tally.scenes.push(scene);
  const { people, groupId } = scene;
  await using open = new AsyncDisposableStack();
  const connect = async (name: Parameters<Scene["connect"]>[0]) => {
    const socket = await scene.connect(name);
    open.defer(async () => {
      socket.close();
      await socket.closed;
    });
    await socket.event("welcome");
    return socket;
  };
  const outsiders = new Map<Role, TestSocket>();
  for (const role of OUTSIDE) outsiders.set(role, await connect(role));
  const before = await probe(scene, outsiders);

  const admin = await connect("groupAdmin");
  const member = await connect("member");
  const does = async (socket: TestSocket, command: Record<string, unknown>) => {
    const { error } = await socket.ask({ conversationId: groupId, ...command });
    if (error) throw new Error(`Cannot play the scene: ${command.command} is answered ${error.code}`);
  };
  await does(admin, { command: "message:send", clientId: uuidv7(), body: scene.canaries.late });
  await does(admin, { command: "conversation:rename", title: `${scene.canaries.title}.` });
  await does(admin, { command: "participant:add", participants: [{ id: people.newcomer.id }] });
  await does(admin, { command: "participant:remove", userId: people.leaver.id });
  await does(member, { command: "message:edit", seq: scene.seqs.late, body: scene.canaries.early });
  await does(member, { command: "message:read", seq: scene.seqs.late });
  await does(member, { command: "typing:start" });

  const after = await probe(scene, outsiders);
  for (const [what, bytes] of before) {
    tally.tried++;
    if (after.get(what) !== bytes) tally.violations.push(`${what} by ${way}: changes with what happens among others`);
  }
}

/** By who asks what, all that comes back. */
async function probe(scene: Scene, outsiders: Map<Role, TestSocket>): Promise<Map<string, string>> {
  const seen = new Map<string, string>();
  for (const [role, socket] of outsiders) {
    for (const page of PAGES) seen.set(`GET ${page} as ${role}`, (await scene.ask(role, "GET", page)).bytes);
    const commands = {
      "conversation:watch": { conversationIds: [scene.groupId, scene.directId] },
      "sync": { epoch: null, cursors: [{ conversationId: scene.groupId, seq: 1, version: 1 }], list: true },
    };
    for (const [command, fields] of Object.entries(commands)) {
      seen.set(`${command} as ${role}`, JSON.stringify({ ...await socket.ask({ command, ...fields }), ref: "" }));
    }
    // What came unasked counts too.
    seen.set(`events as ${role}`, socket.events.map(({ event }) => event).join());
  }
  return seen;
}
