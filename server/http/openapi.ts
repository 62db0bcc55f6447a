// The OpenAPI 3.1 description of the API, made from the schemas that check the requests.
import type { App } from "./context.ts";

export function openApiRoute(app: App, version: string): void {
  const scheme = app.openAPIRegistry;
  scheme.registerComponent("securitySchemes", "session", { type: "apiKey", in: "cookie", name: "chautari_session" });
  scheme.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer", bearerFormat: "JWT" });
  let document: unknown;
  app.get("/api/openapi.json", (c) => {
    document ??= app.getOpenAPI31Document({
      openapi: "3.1.0",
      info: {
        title: "Chautari",
        version,
        description: "Conversations in real time. Errors are problem+json (RFC 9457) with a stable `code`.",
      },
      servers: [{ url: "/" }],
      security: [{ session: [] }, { bearer: [] }],
    });
    return c.json(document as object, 200);
  });
}
