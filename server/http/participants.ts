// Routes of a group's participants: who they are, adding, removing, and making somebody an admin.
import { createRoute, z } from "@hono/zod-openapi";
import { CommandError } from "../../protocol/errors.ts";
import { Id } from "../../protocol/ids.ts";
import { AddParticipants, ListParticipants, ParticipantPage, SetRole } from "../../protocol/rest.ts";
import type { App, Services } from "./context.ts";
import { problems } from "./errors.ts";
import { answer, body, nothing } from "./route.ts";

const byId = z.strictObject({ id: Id });
const byIdAndUser = z.strictObject({ id: Id, userId: Id });
const tags = ["Participants"];

const list = createRoute({
  method: "get",
  path: "/api/messages/conversations/{id}/participants",
  summary: "Who is in it, the longest-standing first",
  tags,
  request: { params: byId, query: ListParticipants },
  responses: { ...answer(200, ParticipantPage), ...problems("unauthenticated", "not_found") },
});

const add = createRoute({
  method: "post",
  path: "/api/messages/conversations/{id}/participants",
  summary: "Add people to a group (its admins); they see what is said from now on",
  tags,
  request: { params: byId, ...body(AddParticipants) },
  responses: {
    ...nothing(204),
    ...problems("unauthenticated", "not_found", "forbidden", "not_a_group", "group_full", "user_not_found"),
  },
});

const remove = createRoute({
  method: "delete",
  path: "/api/messages/conversations/{id}/participants/{userId}",
  summary: "Remove somebody from a group (its admins)",
  tags,
  request: { params: byIdAndUser },
  responses: {
    ...nothing(204),
    ...problems("unauthenticated", "not_found", "forbidden", "not_a_group", "user_not_found"),
  },
});

const setRole = createRoute({
  method: "put",
  path: "/api/messages/conversations/{id}/participants/{userId}/role",
  summary: "Make somebody an admin of a group, or a member again (its admins)",
  tags,
  request: { params: byIdAndUser, ...body(SetRole) },
  responses: {
    ...nothing(204),
    ...problems("unauthenticated", "not_found", "forbidden", "not_a_group", "user_not_found"),
  },
});

export function participantRoutes(app: App, { store, conversations }: Services): void {
  app.openapi(list, async (c) => {
    const { id } = c.req.valid("param");
    const { limit, cursor, resembling } = c.req.valid("query");
    if (await store.participants.access(id, c.var.principal.userId) === null) throw new CommandError("not_found");
    return c.json(await store.participants.page(id, limit, cursor, resembling), 200);
  });

  app.openapi(add, async (c) => {
    const { participants } = c.req.valid("json");
    await conversations.addPeople(c.var.principal.userId, c.req.valid("param").id, participants);
    return c.body(null, 204);
  });

  app.openapi(remove, async (c) => {
    const { id, userId } = c.req.valid("param");
    await conversations.change(c.var.principal.userId, id, { type: "remove", userId });
    return c.body(null, 204);
  });

  app.openapi(setRole, async (c) => {
    const { id, userId } = c.req.valid("param");
    await conversations.change(c.var.principal.userId, id, { type: "role", userId, role: c.req.valid("json").role });
    return c.body(null, 204);
  });
}
