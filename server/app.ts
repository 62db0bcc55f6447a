// The app: a plain Hono app from its services; tested with `app.request()`, served by cli/serve.ts.
import { OpenAPIHono } from "@hono/zod-openapi";
import { CommandError } from "../protocol/errors.ts";
import { accountRoutes, signInRoutes } from "./http/accounts.ts";
import { clientAddress } from "./http/address.ts";
import { boundedBody, strictJson } from "./http/body.ts";
import type { App, HttpEnv, Services } from "./http/context.ts";
import { healthRoutes } from "./http/health.ts";
import { metricsRoutes } from "./http/metrics.ts";
import { conversationRoutes } from "./http/conversations.ts";
import { onError, onInvalid, problem } from "./http/errors.ts";
import { installationRoutes, meRoutes } from "./http/me.ts";
import { messageRoutes } from "./http/messages.ts";
import { requireSpace } from "./http/space.ts";
import { openApiRoute } from "./http/openapi.ts";
import { pageRoutes } from "./http/pages.ts";
import { participantRoutes } from "./http/participants.ts";
import { peopleRoutes } from "./http/people.ts";
import { signedIn } from "./http/principal.ts";
import { allowOrigins, securityHeaders } from "./http/security.ts";
import { seenRoutes } from "./http/seen.ts";

export function createApp(services: Services): App {
  const { config, accounts, log } = services;
  const app: App = new OpenAPIHono<HttpEnv>({ defaultHook: onInvalid });

  app.onError(onError);
  app.notFound((c) => problem(c, new CommandError("not_found")));

  app.use(async (c, next) => {
    const remote = c.env?.incoming?.socket.remoteAddress;
    c.set("requestId", requestIdOf(c.req.header("x-request-id"), config.trustProxy));
    c.set("address", clientAddress(remote, c.req.header("x-forwarded-for") ?? null, config.trustProxy));
    c.set("log", log.child({ requestId: c.var.requestId }));
    await next();
  });
  app.use(securityHeaders(config.listingOrigins));
  app.use("/api/*", allowOrigins(config.corsOrigins), boundedBody, strictJson, requireSpace(services.space));
  app.use("/api/*", async (c, next) => {
    await next();
    c.header("cache-control", "no-store");
  });

  healthRoutes(app, services);
  metricsRoutes(app, services);
  installationRoutes(app, services);
  seenRoutes(app, services);
  openApiRoute(app, services.version);
  if (accounts) signInRoutes(app, services, accounts);

  // Everything of the API from here on needs a principal: a new route cannot forget to ask for one.
  app.use("/api/*", signedIn(services));
  meRoutes(app, services);
  if (accounts) accountRoutes(app, services, accounts);
  peopleRoutes(app, services);
  conversationRoutes(app, services);
  messageRoutes(app, services);
  participantRoutes(app, services);

  pageRoutes(app, services.clientDirectory);
  return app;
}

/** A proxy's own name for the request, so that its log and ours can be laid side by side; else a new one. */
function requestIdOf(given: string | undefined, trustProxy: number): string {
  return trustProxy > 0 && given !== undefined && /^[\w.:-]{8,64}$/.test(given) ? given : crypto.randomUUID();
}
