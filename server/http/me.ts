// Routes about the asker and the installation, in both modes: configuration, me, tokens and socket tickets.
import { createRoute } from "@hono/zod-openapi";
import { CommandError } from "../../protocol/errors.ts";
import { AccessToken, MeAnswer, PublicConfig, SetPresence, SocketTicket } from "../../protocol/rest.ts";
import { SOCKET_PATH } from "../realtime/socket.ts";
import type { App, Services } from "./context.ts";
import { problems } from "./errors.ts";
import { answer, body } from "./route.ts";

const readConfig = createRoute({
  method: "get",
  path: "/api/config",
  summary: "What a client must know before anyone is signed in",
  tags: ["Installation"],
  security: [],
  responses: { ...answer(200, PublicConfig), ...problems() },
});

const readMe = createRoute({
  method: "get",
  path: "/api/me",
  summary: "Who I am",
  tags: ["Accounts"],
  responses: { ...answer(200, MeAnswer), ...problems("unauthenticated") },
});

const setPresence = createRoute({
  method: "put",
  path: "/api/me/presence",
  summary: "Hide from everybody when I am here, or show it again",
  tags: ["Accounts"],
  request: body(SetPresence),
  responses: { ...answer(200, MeAnswer), ...problems("unauthenticated") },
});

const issueToken = createRoute({
  method: "post",
  path: "/api/token",
  summary: "A short-lived token for the API, for the session that asks",
  tags: ["Accounts"],
  responses: { ...answer(201, AccessToken), ...problems("unauthenticated", "forbidden") },
});

const issueTicket = createRoute({
  method: "post",
  path: "/api/messages/socket-ticket",
  summary: "A ticket that opens one socket within 30 seconds: for pages of another site, `?ticket=` at the socket",
  tags: ["Socket"],
  responses: { ...answer(201, SocketTicket), ...problems("unauthenticated") },
});

const socket = createRoute({
  method: "get",
  path: SOCKET_PATH,
  summary: "The WebSocket (subprotocol `chautari.v1`); a plain request is told to upgrade",
  tags: ["Socket"],
  security: [],
  responses: {
    101: { description: "Switching protocols" },
    ...problems("unauthenticated", "upgrade_required"),
  },
});

export function installationRoutes(app: App, { auth, config, store, version }: Services): void {
  app.openapi(readConfig, async (c) => {
    const { jwt, signup, signInUrl } = config;
    const mode = jwt === null ? "accounts" as const : "host" as const;
    const needsOwner = mode === "accounts" && await store.users.needsOwner();
    const signedIn = await auth.authenticate(c.req.raw).then(() => true, falseIfUnauthenticated);
    const openTo = mode === "host" ? "closed" as const : signup;
    return c.json({ mode, signup: openTo, needsOwner, signedIn, signInUrl, version }, 200);
  });

  app.openapi(socket, () => {
    throw new CommandError("upgrade_required");
  });
}

export function meRoutes(app: App, { auth, store, watching }: Services): void {
  const find = async (userId: string) => {
    const me = await store.users.find(userId);
    if (me === null) throw new CommandError("unauthenticated");
    return { me };
  };

  app.openapi(readMe, async (c) => c.json(await find(c.var.principal.userId), 200));

  app.openapi(setPresence, async (c) => {
    const { userId } = c.var.principal;
    await watching.setHidden(userId, c.req.valid("json").hidden);
    return c.json(await find(userId), 200);
  });

  app.openapi(issueToken, async (c) => c.json(await auth.issueAccessToken(c.var.principal), 201));

  app.openapi(issueTicket, (c) => c.json(auth.issueTicket(c.var.principal), 201));
}

function falseIfUnauthenticated(error: unknown): false {
  if (error instanceof CommandError && error.code === "unauthenticated") return false;
  throw error;
}
