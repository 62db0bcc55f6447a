// For those who watch the process: is it alive, and could it commit a message now. Neither says anything of the people.
import type { App, Services } from "./context.ts";

/** Outside /api: no proof is asked for, no limit counts, and OpenAPI does not tell of them. */
export function healthRoutes(app: App, { readiness }: Pick<Services, "readiness">): void {
  const uncached = { "cache-control": "no-store" };
  app.get("/healthz", (c) => c.json({ alive: true }, 200, uncached));
  app.get("/readyz", async (c) => {
    const reason = await readiness();
    return reason === null ? c.json({ ready: true }, 200, uncached) : c.json({ ready: false, reason }, 503, uncached);
  });
}
