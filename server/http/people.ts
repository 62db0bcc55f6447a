// Routes of people: finding them, and making them known before they come by themselves.
import { createRoute, z } from "@hono/zod-openapi";
import { CommandError } from "../../protocol/errors.ts";
import { EXTERNAL_ID_MAX_CHARS } from "../../protocol/limits.ts";
import { MeAnswer, ProvisionUser, SearchUsers, UserList } from "../../protocol/rest.ts";
import { exact } from "../../protocol/text.ts";
import type { App, Services } from "./context.ts";
import { problems } from "./errors.ts";
import { countAgainst } from "./principal.ts";
import { answer, body } from "./route.ts";

const search = createRoute({
  method: "get",
  path: "/api/messages/search-users",
  summary: "People whose name or user name has words that begin like this",
  tags: ["People"],
  request: { query: SearchUsers },
  responses: { ...answer(200, UserList), ...problems("unauthenticated") },
});

const provision = createRoute({
  method: "put",
  path: "/api/users/{externalId}",
  summary: "Host mode, by a token whose role is owner or admin: make one of the site's people known, or update them",
  tags: ["People"],
  request: {
    params: z.strictObject({ externalId: exact(EXTERNAL_ID_MAX_CHARS) }),
    ...body(ProvisionUser),
  },
  responses: { ...answer(200, MeAnswer), ...problems("unauthenticated", "forbidden") },
});

export function peopleRoutes(app: App, { store, limits, config }: Services): void {
  app.openapi(search, async (c) => {
    const { userId } = c.var.principal;
    countAgainst(limits.search, userId);
    const { q, limit } = c.req.valid("query");
    return c.json({ users: await store.users.search(q, { limit, excludeUserId: userId }) }, 200);
  });

  if (config.jwt === null) return;
  app.openapi(provision, async (c) => {
    if (c.var.principal.role === "member") {
      throw new CommandError("forbidden", { detail: "The token's role must be owner or admin" });
    }
    const { externalId } = c.req.valid("param");
    return c.json({ me: await store.users.upsertExternal({ externalId, ...c.req.valid("json") }) }, 200);
  });
}
