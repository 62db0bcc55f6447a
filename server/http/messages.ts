// Routes of messages: pages of them, sending one, and how far one has read.
import { createRoute, z } from "@hono/zod-openapi";
import { CommandError } from "../../protocol/errors.ts";
import { Id } from "../../protocol/ids.ts";
import { type Message, Seq } from "../../protocol/models.ts";
import {
  EditMessage,
  ListMessages,
  MessageAnswer,
  MessagePage,
  ReadAnswer,
  SendMessage,
  SetRead,
} from "../../protocol/rest.ts";
import type { App, Services } from "./context.ts";
import { problems } from "./errors.ts";
import { answer, body } from "./route.ts";

const byId = z.strictObject({ id: Id });
const bySeq = z.strictObject({ id: Id, seq: z.coerce.number().pipe(Seq) });
const tags = ["Messages"];

const list = createRoute({
  method: "get",
  path: "/api/messages/conversations/{id}/messages",
  summary: "The newest messages, or those just before or just after a seq; oldest first",
  tags,
  request: { params: byId, query: ListMessages },
  responses: { ...answer(200, MessagePage), ...problems("unauthenticated", "not_found") },
});

const send = createRoute({
  method: "post",
  path: "/api/messages/conversations/{id}/messages",
  summary: "Send a message; the same client id again gives the first result",
  tags,
  request: { params: byId, ...body(SendMessage) },
  responses: {
    ...answer(201, MessageAnswer, "Committed"),
    ...problems("unauthenticated", "not_found", "client_id_reused", "recipient_left"),
  },
});

const edit = createRoute({
  method: "patch",
  path: "/api/messages/conversations/{id}/messages/{seq}",
  summary: "Edit my message",
  tags,
  request: { params: bySeq, ...body(EditMessage) },
  responses: { ...answer(200, MessageAnswer), ...problems("unauthenticated", "not_found", "forbidden", "too_late") },
});

const remove = createRoute({
  method: "delete",
  path: "/api/messages/conversations/{id}/messages/{seq}",
  summary: "Delete my message, or as an admin of the group anyone's; a tombstone stays",
  tags,
  request: { params: bySeq },
  responses: { ...answer(200, MessageAnswer), ...problems("unauthenticated", "not_found", "forbidden", "too_late") },
});

const markRead = createRoute({
  method: "put",
  path: "/api/messages/conversations/{id}/read",
  summary: "I have read up to this message; only ever forward",
  tags,
  request: { params: byId, ...body(SetRead) },
  responses: { ...answer(200, ReadAnswer), ...problems("unauthenticated", "not_found") },
});

export function messageRoutes(app: App, services: Services): void {
  const { rooms, windows, now } = services;

  const revise = async (actorId: string, id: string, seq: number, body: string | null, windowMs: number | null) =>
    (await rooms.get(id).revise({ seq, actorId, body, windowMs, now: new Date(now()) })).message;

  app.openapi(list, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await messagePage(services, c.var.principal.userId, id, c.req.valid("query")), 200);
  });

  app.openapi(send, async (c) => {
    const { id } = c.req.valid("param");
    const { clientId, body, replyToSeq = null } = c.req.valid("json");
    const senderId = c.var.principal.userId;
    const { message } = await rooms.get(id).send({ conversationId: id, senderId, clientId, body, replyToSeq });
    return c.json({ message }, 201);
  });

  app.openapi(edit, async (c) => {
    const { id, seq } = c.req.valid("param");
    const { body } = c.req.valid("json");
    return c.json({ message: await revise(c.var.principal.userId, id, seq, body, windows.editMs) }, 200);
  });

  app.openapi(remove, async (c) => {
    const { id, seq } = c.req.valid("param");
    return c.json({ message: await revise(c.var.principal.userId, id, seq, null, windows.deleteMs) }, 200);
  });

  app.openapi(markRead, async (c) => {
    const room = rooms.get(c.req.valid("param").id);
    const readSeq = c.req.valid("json").seq;
    const { lastReadSeq, unreadCount } = await room.move(c.var.principal.userId, { readSeq });
    return c.json({ lastReadSeq, unreadCount }, 200);
  });
}

/** A page of what an active participant may see, with the people it names; throws not_found for anyone else. */
export async function messagePage(
  { store }: Pick<Services, "store">,
  userId: string,
  conversationId: string,
  range: { before?: number | undefined; after?: number | undefined; limit: number },
): Promise<MessagePage> {
  const page = await store.messages.page({ conversationId, viewerId: userId, ...range });
  if (page === null) throw new CommandError("not_found");
  return { ...page, people: await store.users.findMany([...new Set(page.messages.flatMap(named))]) };
}

function named({ senderId, system }: Message): string[] {
  switch (system?.type) {
    case "added":
    case "removed":
      return [senderId, ...system.userIds];
    case "role":
      return [senderId, system.userId];
    default:
      return [senderId];
  }
}
