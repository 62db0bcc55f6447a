// The REST routes that the page asks for, over a simulated server: as server/http answers them, without HTTP.
import { CommandError, ERRORS } from "../../protocol/errors.ts";
import { PAGE_DEFAULT_ROWS } from "../../protocol/limits.ts";
import { CreateConversation } from "../../protocol/rest.ts";
import type { Principal } from "../../server/auth/principal.ts";
import { messagePage } from "../../server/http/messages.ts";
import { isUnavailable } from "../../server/store/errors.ts";
import type { Store } from "../../server/store/store.ts";
import type { SimulatedServer } from "./server.ts";

export interface Asked {
  method: string;
  path: string;
  // deno-lint-ignore no-explicit-any -- what our own client asks is well-formed
  body: any;
}

export interface Answered {
  status: number;
  body: unknown;
}

type Route = (
  server: SimulatedServer,
  userId: string,
  [id, other]: string[],
  asked: Asked,
  query: URLSearchParams,
) => Promise<unknown>;

const ONE = "/api/messages/conversations/([^/]+)";
const ROUTES: [method: string, path: RegExp, route: Route][] = [
  ["GET", /^\/api\/messages\/conversations$/, (server, viewerId, _, __, query) =>
    server.store.conversations.list({
      viewerId,
      archived: query.get("archived") === "true",
      cursor: query.get("cursor") ?? undefined,
      limit: Number(query.get("limit") ?? PAGE_DEFAULT_ROWS),
    })],
  ["POST", /^\/api\/messages\/conversations$/, async (server, userId, _, { body }) => {
    const { conversation } = await server.conversations.create(userId, CreateConversation.parse(body));
    return { conversation };
  }],
  ["GET", at(""), async (server, userId, [id]) => ({
    conversation: await server.conversations.find(userId, id!),
    page: await messagePage(services(server), userId, id!, { limit: PAGE_DEFAULT_ROWS }),
  })],
  ["DELETE", at(""), (server, userId, [id]) => server.conversations.change(userId, id!, { type: "leave" })],
  [
    "PUT",
    at("/archive"),
    (server, userId, [id], { body }) =>
      mine(server, userId, id!, () => server.store.participants.setArchived(id!, userId, body.archived)),
  ],
  [
    "PUT",
    at("/mute"),
    (server, userId, [id], { body }) =>
      mine(server, userId, id!, () => server.store.participants.setMuted(id!, userId, body.until)),
  ],
  ["PUT", at("/unread"), async (server, userId, [id], { body }) => {
    await server.rooms.get(id!).setMarkedUnread(userId, body.marked);
    return { conversation: await server.conversations.find(userId, id!) };
  }],
  ["PUT", at("/title"), async (server, userId, [id], { body }) => {
    await server.conversations.change(userId, id!, { type: "rename", title: body.title });
    return { conversation: await server.conversations.find(userId, id!) };
  }],
  ["PUT", at("/colour"), async (server, userId, [id], { body }) => {
    await server.rooms.get(id!).setColour(userId, body.colour);
    return { conversation: await server.conversations.find(userId, id!) };
  }],
  ["GET", at("/messages"), (server, userId, [id], _, query) =>
    messagePage(services(server), userId, id!, {
      before: query.has("before") ? Number(query.get("before")) : undefined,
      after: query.has("after") ? Number(query.get("after")) : undefined,
      limit: Number(query.get("limit") ?? PAGE_DEFAULT_ROWS),
    })],
  ["POST", at("/messages"), async (server, senderId, [id], { body }) => {
    const append = { conversationId: id!, senderId, clientId: body.clientId, body: body.body, replyToSeq: null };
    return { message: (await server.rooms.get(id!).send(append)).message };
  }],
  [
    "PATCH",
    at("/messages/(\\d+)"),
    (server, userId, [id, seq], { body }, _) => revise(server, userId, id!, Number(seq), body.body),
  ],
  ["DELETE", at("/messages/(\\d+)"), (server, userId, [id, seq]) => revise(server, userId, id!, Number(seq), null)],
  [
    "POST",
    at("/participants"),
    (server, userId, [id], { body }) => server.conversations.addPeople(userId, id!, body.participants),
  ],
  [
    "DELETE",
    at("/participants/([^/]+)"),
    (server, userId, [id, other]) => server.conversations.change(userId, id!, { type: "remove", userId: other! }),
  ],
  [
    "PUT",
    at("/participants/([^/]+)/role"),
    (server, userId, [id, other], { body }) =>
      server.conversations.change(userId, id!, { type: "role", userId: other!, role: body.role }),
  ],
];

/** Answers what the routes of server/http would; an error that is none of the catalogue's is reported. */
export async function answer(
  server: SimulatedServer,
  principal: Principal | null,
  asked: Asked,
  report: (what: string) => void,
): Promise<Answered> {
  try {
    if (principal === null) throw new CommandError("unauthenticated");
    const [path = "", query] = asked.path.split("?");
    for (const [method, pattern, route] of ROUTES) {
      const found = method === asked.method ? pattern.exec(path) : null;
      if (!found) continue;
      const body = await route(server, principal.userId, found.slice(1), asked, new URLSearchParams(query));
      return { status: 200, body: body ?? {} };
    }
    throw new Error(`no route: ${asked.method} ${asked.path}`);
  } catch (error) {
    const code = error instanceof CommandError ? error.code : isUnavailable(error) ? "unavailable" : "internal";
    if (code === "internal") report(`${asked.method} ${asked.path}: ${error instanceof Error ? error.stack : error}`);
    return { status: ERRORS[code].status, body: { code, retryable: ERRORS[code].retryable } };
  }
}

function at(rest: string): RegExp {
  return new RegExp(`^${ONE}${rest}$`);
}

const services = ({ store }: SimulatedServer) => ({ store: store as unknown as Store });

async function mine(server: SimulatedServer, userId: string, id: string, change: () => Promise<boolean>) {
  if (await change()) server.rooms.get(id).announce(userId);
  return { conversation: await server.conversations.find(userId, id) };
}

async function revise({ rooms }: SimulatedServer, actorId: string, id: string, seq: number, body: string | null) {
  const change = { seq, actorId, body, windowMs: null, now: new Date(Date.now()) };
  return { message: (await rooms.get(id).revise(change)).message };
}
