// What the server sees of the very request that asks: for the doctor to find out what proxies in front pass on.
import { createRoute } from "@hono/zod-openapi";
import { SeenRequest } from "../../protocol/rest.ts";
import { isKnownSecure } from "../auth/origin.ts";
import type { App, Services } from "./context.ts";
import { problems } from "./errors.ts";
import { anonymous } from "./principal.ts";
import { answer } from "./route.ts";

/** Tells the asker nothing but the asker's own: it is open to everybody. */
export function seenRoutes(app: App, services: Pick<Services, "auth" | "limits" | "config">): void {
  const seen = createRoute({
    method: "get",
    path: "/api/seen",
    summary: "What the server sees of this request: for finding out what proxies pass on",
    tags: ["Installation"],
    security: [],
    middleware: [anonymous(services)] as const,
    responses: { ...answer(200, SeenRequest), ...problems("cross_origin", "rate_limited") },
  });

  app.openapi(seen, (c) => {
    const hops = (c.req.header("x-forwarded-for") ?? "").split(",").filter((hop) => hop.trim() !== "");
    const https = isKnownSecure(c.req.raw, services.config);
    return c.json({ address: c.var.address, https, forwarded: hops.length }, 200);
  });
}
