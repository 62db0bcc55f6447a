// Routes of conversations: the list, one of them, making one, and the asker's own settings for it.
import { createRoute, z } from "@hono/zod-openapi";
import { Id } from "../../protocol/ids.ts";
import { PAGE_DEFAULT_ROWS } from "../../protocol/limits.ts";
import {
  ConversationAnswer,
  ConversationDetail,
  ConversationList,
  CreateConversation,
  FoundConversations,
  ListConversations,
  SearchConversations,
  SetArchived,
  SetColour,
  SetMarkedUnread,
  SetMuted,
  SetTitle,
  UnreadCount,
} from "../../protocol/rest.ts";
import { messagePage } from "./messages.ts";
import type { App, Services } from "./context.ts";
import { problems } from "./errors.ts";
import { countAgainst } from "./principal.ts";
import { answer, body, nothing } from "./route.ts";

const byId = z.strictObject({ id: Id });
const tags = ["Conversations"];

const list = createRoute({
  method: "get",
  path: "/api/messages/conversations",
  summary: "My conversations, the most recently active first",
  tags,
  request: { query: ListConversations },
  responses: { ...answer(200, ConversationList), ...problems("unauthenticated") },
});

const unreadCount = createRoute({
  method: "get",
  path: "/api/messages/unread-count",
  summary: "How much I have not read",
  tags,
  responses: { ...answer(200, UnreadCount), ...problems("unauthenticated") },
});

const search = createRoute({
  method: "get",
  path: "/api/messages/search-conversations",
  summary: "My conversations by beginnings of words: of the title, of the listing's, of the others' names",
  tags,
  request: { query: SearchConversations },
  responses: { ...answer(200, FoundConversations), ...problems("unauthenticated") },
});

const create = createRoute({
  method: "post",
  path: "/api/messages/conversations",
  summary: "Open the direct conversation with somebody (about a listing), or make a group",
  tags,
  request: body(CreateConversation),
  responses: {
    ...answer(200, ConversationAnswer, "The direct conversation that was there already"),
    ...answer(201, ConversationAnswer, "A new one"),
    ...problems("unauthenticated", "user_not_found"),
  },
});

const read = createRoute({
  method: "get",
  path: "/api/messages/conversations/{id}",
  summary: "One conversation, with its newest page of messages",
  tags,
  request: { params: byId },
  responses: { ...answer(200, ConversationDetail), ...problems("unauthenticated", "not_found") },
});

const archive = createRoute({
  method: "put",
  path: "/api/messages/conversations/{id}/archive",
  summary: "Archive it until something new comes, or bring it back",
  tags,
  request: { params: byId, ...body(SetArchived) },
  responses: { ...answer(200, ConversationAnswer), ...problems("unauthenticated", "not_found") },
});

const mute = createRoute({
  method: "put",
  path: "/api/messages/conversations/{id}/mute",
  summary: "Mute it until a time, or unmute it",
  tags,
  request: { params: byId, ...body(SetMuted) },
  responses: { ...answer(200, ConversationAnswer), ...problems("unauthenticated", "not_found") },
});

const markUnread = createRoute({
  method: "put",
  path: "/api/messages/conversations/{id}/unread",
  summary: "Mark it unread for me, until I read or write in it; or take the mark away",
  tags,
  request: { params: byId, ...body(SetMarkedUnread) },
  responses: { ...answer(200, ConversationAnswer), ...problems("unauthenticated", "not_found") },
});

const leave = createRoute({
  method: "delete",
  path: "/api/messages/conversations/{id}",
  summary: "Leave it",
  tags,
  request: { params: byId },
  responses: { ...nothing(204), ...problems("unauthenticated", "not_found") },
});

const rename = createRoute({
  method: "put",
  path: "/api/messages/conversations/{id}/title",
  summary: "Rename a group (its admins)",
  tags,
  request: { params: byId, ...body(SetTitle) },
  responses: {
    ...answer(200, ConversationAnswer),
    ...problems("unauthenticated", "not_found", "forbidden", "not_a_group"),
  },
});

const setColour = createRoute({
  method: "put",
  path: "/api/messages/conversations/{id}/colour",
  summary: "Give a group's picture a colour, or none (its admins)",
  tags,
  request: { params: byId, ...body(SetColour) },
  responses: {
    ...answer(200, ConversationAnswer),
    ...problems("unauthenticated", "not_found", "forbidden", "not_a_group"),
  },
});

export function conversationRoutes(app: App, services: Services): void {
  const { store, rooms, conversations, limits } = services;

  app.openapi(list, async (c) => {
    const request = { viewerId: c.var.principal.userId, ...c.req.valid("query") };
    return c.json(await store.conversations.list(request), 200);
  });

  app.openapi(unreadCount, async (c) => c.json(await store.conversations.unread(c.var.principal.userId), 200));

  app.openapi(search, async (c) => {
    const { userId } = c.var.principal;
    countAgainst(limits.search, userId);
    const { q, limit } = c.req.valid("query");
    return c.json({ conversations: await store.conversations.search(userId, q, limit) }, 200);
  });

  app.openapi(create, async (c) => {
    const { conversation, made } = await conversations.create(c.var.principal.userId, c.req.valid("json"));
    return c.json({ conversation }, made ? 201 : 200);
  });

  app.openapi(read, async (c) => {
    const { userId } = c.var.principal;
    const { id } = c.req.valid("param");
    const conversation = await conversations.find(userId, id);
    const page = await messagePage(services, userId, id, { limit: PAGE_DEFAULT_ROWS });
    return c.json({ conversation, page }, 200);
  });

  app.openapi(archive, async (c) => {
    const { userId } = c.var.principal;
    const { id } = c.req.valid("param");
    const done = await store.participants.setArchived(id, userId, c.req.valid("json").archived);
    if (done) rooms.get(id).announce(userId);
    return c.json({ conversation: await conversations.find(userId, id) }, 200);
  });

  app.openapi(mute, async (c) => {
    const { userId } = c.var.principal;
    const { id } = c.req.valid("param");
    const done = await store.participants.setMuted(id, userId, c.req.valid("json").until);
    if (done) rooms.get(id).announce(userId);
    return c.json({ conversation: await conversations.find(userId, id) }, 200);
  });

  app.openapi(markUnread, async (c) => {
    const { userId } = c.var.principal;
    const { id } = c.req.valid("param");
    await rooms.get(id).setMarkedUnread(userId, c.req.valid("json").marked);
    return c.json({ conversation: await conversations.find(userId, id) }, 200);
  });

  app.openapi(leave, async (c) => {
    await conversations.change(c.var.principal.userId, c.req.valid("param").id, { type: "leave" });
    return c.body(null, 204);
  });

  app.openapi(rename, async (c) => {
    const { userId } = c.var.principal;
    const { id } = c.req.valid("param");
    await conversations.change(userId, id, { type: "rename", title: c.req.valid("json").title });
    return c.json({ conversation: await conversations.find(userId, id) }, 200);
  });

  app.openapi(setColour, async (c) => {
    const { userId } = c.var.principal;
    const { id } = c.req.valid("param");
    await rooms.get(id).setColour(userId, c.req.valid("json").colour);
    return c.json({ conversation: await conversations.find(userId, id) }, 200);
  });
}
