// Routes of own accounts: signing up, in and out, sessions, the password, invitations. They exist in accounts mode only.
import { createRoute, z } from "@hono/zod-openapi";
import { Id } from "../../protocol/ids.ts";
import {
  ChangePassword,
  CreateInvite,
  Invite,
  MeAnswer,
  RedeemLink,
  SessionList,
  SignIn,
  SignUp,
  UpdateMe,
} from "../../protocol/rest.ts";
import type { Accounts } from "../auth/accounts.ts";
import { CommandError } from "../../protocol/errors.ts";
import type { App, Services } from "./context.ts";
import { problems } from "./errors.ts";
import { anonymous } from "./principal.ts";
import { answer, body, nothing } from "./route.ts";

const tags = ["Accounts"];

const signUp = createRoute({
  method: "post",
  path: "/api/accounts",
  summary: "Sign up; the first account owns the installation",
  tags,
  security: [],
  request: body(SignUp),
  responses: {
    ...answer(201, MeAnswer, "Signed in: the session cookie is set"),
    ...problems("signup_closed", "invite_invalid", "username_taken"),
  },
});

const signIn = createRoute({
  method: "post",
  path: "/api/sessions",
  summary: "Sign in",
  tags,
  security: [],
  request: body(SignIn),
  responses: {
    ...answer(201, MeAnswer, "Signed in: the session cookie is set"),
    ...problems("invalid_credentials"),
  },
});

const redeemLink = createRoute({
  method: "post",
  path: "/api/sessions/link",
  summary: "Sign in by the code of a sign-in link; it works once",
  tags,
  security: [],
  request: body(RedeemLink),
  responses: {
    ...answer(201, MeAnswer, "Signed in: the session cookie is set"),
    ...problems("unauthenticated"),
  },
});

const listSessions = createRoute({
  method: "get",
  path: "/api/sessions",
  summary: "Where I am signed in",
  tags,
  responses: { ...answer(200, SessionList), ...problems("unauthenticated") },
});

const signOut = createRoute({
  method: "delete",
  path: "/api/sessions/current",
  summary: "Sign out here",
  tags,
  responses: { ...nothing(204), ...problems("unauthenticated") },
});

const signOutEverywhere = createRoute({
  method: "delete",
  path: "/api/sessions",
  summary: "Sign out everywhere",
  tags,
  responses: { ...nothing(204), ...problems("unauthenticated") },
});

const revokeSession = createRoute({
  method: "delete",
  path: "/api/sessions/{id}",
  summary: "End one of my sessions",
  tags,
  request: { params: z.strictObject({ id: Id }) },
  responses: { ...nothing(204), ...problems("unauthenticated", "not_found") },
});

const updateMe = createRoute({
  method: "patch",
  path: "/api/me",
  summary: "Change my name or language",
  tags,
  request: body(UpdateMe),
  responses: { ...answer(200, MeAnswer), ...problems("unauthenticated") },
});

const changePassword = createRoute({
  method: "put",
  path: "/api/me/password",
  summary: "Change my password; my other sessions end",
  tags,
  request: body(ChangePassword),
  responses: { ...nothing(204), ...problems("unauthenticated", "invalid_credentials") },
});

const createInvite = createRoute({
  method: "post",
  path: "/api/invites",
  summary: "An invitation to sign up (the owner and admins)",
  tags,
  request: body(CreateInvite),
  responses: { ...answer(201, Invite), ...problems("unauthenticated", "forbidden", "signup_closed") },
});

/** Routes that people use before they are signed in. */
export function signInRoutes(app: App, services: Services, accounts: Accounts): void {
  const { auth } = services;
  for (const { path } of [signUp, redeemLink]) app.use(path, anonymous(services));
  app.on(signIn.method.toUpperCase(), signIn.path, anonymous(services));

  app.openapi(signUp, async (c) => {
    const { me, cookie } = await accounts.signUp(c.req.valid("json"), auth.visit(c.req.raw, c.var.address));
    c.header("set-cookie", cookie);
    return c.json({ me }, 201);
  });

  app.openapi(signIn, async (c) => {
    const { me, cookie } = await accounts.signIn(c.req.valid("json"), auth.visit(c.req.raw, c.var.address));
    c.header("set-cookie", cookie);
    return c.json({ me }, 201);
  });

  app.openapi(redeemLink, async (c) => {
    const visit = auth.visit(c.req.raw, c.var.address);
    const { me, cookie } = await accounts.redeemSignInLink(c.req.valid("json").code, visit);
    c.header("set-cookie", cookie);
    return c.json({ me }, 201);
  });
}

/** Routes of people who are signed in. */
export function accountRoutes(app: App, { store }: Services, accounts: Accounts): void {
  app.openapi(listSessions, async (c) => c.json({ sessions: await accounts.listSessions(c.var.principal) }, 200));

  app.openapi(signOut, async (c) => {
    c.header("set-cookie", await accounts.signOut(c.var.principal));
    return c.body(null, 204);
  });

  app.openapi(signOutEverywhere, async (c) => {
    c.header("set-cookie", await accounts.signOutEverywhere(c.var.principal));
    return c.body(null, 204);
  });

  app.openapi(revokeSession, async (c) => {
    await accounts.revokeSession(c.var.principal, c.req.valid("param").id);
    return c.body(null, 204);
  });

  app.openapi(updateMe, async (c) => {
    const me = await store.users.updateProfile(c.var.principal.userId, c.req.valid("json"));
    if (me === null) throw new CommandError("unauthenticated");
    return c.json({ me }, 200);
  });

  app.openapi(changePassword, async (c) => {
    await accounts.changePassword(c.var.principal, c.req.valid("json"));
    return c.body(null, 204);
  });

  app.openapi(createInvite, async (c) => {
    return c.json(await accounts.createInvite(c.var.principal, c.req.valid("json").uses), 201);
  });
}
