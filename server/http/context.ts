// What every route can reach: the services behind the app, and what is known of the request.
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Accounts } from "../auth/accounts.ts";
import type { Auth } from "../auth/auth.ts";
import type { Principal } from "../auth/principal.ts";
import type { Config } from "../config.ts";
import type { NotReady } from "../guards/readiness.ts";
import type { SpaceGuard } from "../guards/space.ts";
import type { Log } from "../log.ts";
import type { RateLimit } from "../rate_limit.ts";
import type { Watching } from "../realtime/watching.ts";
import type { Conversations } from "../room/conversations.ts";
import type { RoomRegistry } from "../room/registry.ts";
import type { Store } from "../store/store.ts";
import type { Levels } from "./metrics.ts";

export interface Services {
  config: Config;
  auth: Auth;
  /** Null in host mode: the site keeps the accounts. */
  accounts: Accounts | null;
  store: Store;
  rooms: RoomRegistry;
  conversations: Conversations;
  watching: Watching;
  /** How long after sending a message may be changed; null: for ever. */
  windows: { editMs: number | null; deleteMs: number | null };
  now: () => number;
  log: Log;
  limits: { rest: RateLimit; search: RateLimit };
  space: Pick<SpaceGuard, "requireSpace" | "failed">;
  /** Why no message could be committed now; null: one could. */
  readiness: () => Promise<NotReady | null>;
  /** The figures of this moment. */
  levels: () => Promise<Levels>;
  /** The folder of the built client. */
  clientDirectory: string;
  version: string;
}

export interface HttpEnv {
  /** What @hono/node-server hands over; absent in `app.request()`. */
  Bindings: { incoming?: { socket: { remoteAddress?: string } } };
  Variables: {
    requestId: string;
    address: string;
    log: Log;
    principal: Principal;
  };
}

export type App = OpenAPIHono<HttpEnv>;
