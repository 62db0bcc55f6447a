// People who talk over sockets: what most tests of the protocol begin with, and say in one line.
import { expect } from "vitest";
import type { Cursor, Message } from "../../protocol/models.ts";
import type { SyncedConversation, SyncedListEntry } from "../../protocol/sync.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { createPerson, type Person, type TestServer } from "./server.ts";
import { openSocket, type SocketOptions, type TestSocket } from "./socket.ts";

export function connect(server: TestServer, person: Person, options: SocketOptions = {}): Promise<TestSocket> {
  return openSocket(server.url, { cookie: person.cookie, ...options });
}

export function send(conversationId: string, body: string, clientId: string = uuidv7()) {
  return { command: "message:send" as const, conversationId, clientId, body };
}

/** Sends a message; its sender has the answer when this resolves. */
export async function say(socket: TestSocket, conversationId: string, body: string): Promise<Message> {
  return (await ok(socket, send(conversationId, body))).message;
}

/** Asks, and expects that it is granted. */
// deno-lint-ignore no-explicit-any -- tests say what they expect of it
export async function ok(socket: TestSocket, command: Parameters<TestSocket["ask"]>[0]): Promise<any> {
  const reply = await socket.ask(command);
  expect(reply.error, JSON.stringify(command).slice(0, 200)).toBeUndefined();
  return reply.ok;
}

/** Asks, and gives the code of the refusal. */
export async function refusal(socket: TestSocket, command: Parameters<TestSocket["ask"]>[0]): Promise<string> {
  const reply = await socket.ask(command);
  expect(reply.ok, JSON.stringify(command).slice(0, 200)).toBeUndefined();
  return reply.error!.code;
}

export async function people(server: TestServer, ...names: string[]): Promise<Person[]> {
  return await Promise.all(names.map((name) => createPerson(server, name)));
}

export interface Pair {
  sita: Person;
  ram: Person;
  id: string;
  a: TestSocket;
  b: TestSocket;
}

/** Two people in a direct conversation, each with a socket. */
export async function pair(server: TestServer): Promise<Pair> {
  const [sita, ram] = await people(server, "Sita", "Ram") as [Person, Person];
  const { id } = await sita.open(ram);
  return { sita, ram, id, a: await connect(server, sita), b: await connect(server, ram) };
}

export interface Three extends Pair {
  gita: Person;
  c: TestSocket;
}

/** Three people in a group that the first has made, each with a socket. The group's first message says so. */
export async function three(server: TestServer): Promise<Three> {
  const [sita, ram, gita] = await people(server, "Sita", "Ram", "Gita") as [Person, Person, Person];
  const { id } = await sita.group("Tea", ram, gita);
  const [a, b, c] = await Promise.all([sita, ram, gita].map((person) => connect(server, person)));
  return { sita, ram, gita, id, a: a!, b: b!, c: c! };
}

/** Waits until everything that was told before now has come: a command's reply comes after it. */
export async function settled(socket: TestSocket): Promise<void> {
  await ok(socket, { command: "conversation:watch", conversationIds: [...watchedBy.get(socket) ?? []] });
}
const watchedBy = new WeakMap<TestSocket, string[]>();

export async function watch(socket: TestSocket, ...conversationIds: string[]) {
  watchedBy.set(socket, conversationIds);
  return (await ok(socket, { command: "conversation:watch", conversationIds })).watched;
}

/** The messages of a conversation that came as events, oldest first. */
export function messagesHeard(socket: TestSocket, conversationId: string): Message[] {
  return socket.events.flatMap((event) =>
    event.event === "message" && event.message.conversationId === conversationId ? [event.message] : []
  );
}

export const START: Cursor = { seq: 0, version: 0 };

export interface Synced {
  reset: boolean;
  epoch: string;
  conversations: SyncedConversation[];
  list: SyncedListEntry[] | null;
  listComplete: boolean;
}

/** Syncs conversations from their cursors. */
export async function sync(
  socket: TestSocket,
  cursors: Record<string, Cursor>,
  options: { epoch?: string | null; list?: boolean } = {},
): Promise<Synced> {
  const { epoch } = await socket.event("welcome");
  return await ok(socket, {
    command: "sync",
    epoch,
    cursors: Object.entries(cursors).map(([conversationId, cursor]) => ({ conversationId, ...cursor })),
    ...options,
  });
}

/** Syncs one conversation. */
export async function syncOne(socket: TestSocket, id: string, cursor: Cursor): Promise<SyncedConversation> {
  return (await sync(socket, { [id]: cursor })).conversations[0]!;
}
