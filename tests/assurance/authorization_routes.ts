// Who may ask what over REST: a row for each route of the router. A route without a row is a violation.
import { uuidv7 } from "../../protocol/uuid.ts";
import { type Canary, EVERYONE, INSIDE, LIVE, type Role } from "./authorization_roles.ts";
import type { Scene } from "./authorization_scene.ts";
import { PASSWORD, type Way, type World } from "./authorization_world.ts";

export interface Request {
  path: string;
  body?: unknown;
}

export interface RouteRow {
  /** Who gets `ok`. The rest: without a proof 401; from outside, where a conversation is named, 404; else 403. */
  may: Role[];
  ok: number;
  /** What some get instead. */
  but?: Partial<Record<Role, number>>;
  /** Ways that may; with the others nobody may. */
  ways?: Way[];
  /** The request names this conversation: with one that does not exist, outsiders must get the same bytes. */
  namesConversation?: boolean;
  /** A room answers: where it is live, refusing a stranger takes one statement less than where it has yet to look. */
  throughRoom?: boolean;
  /** Hashes passwords, which takes long on purpose: the short form leaves it out. */
  slow?: boolean;
  /** What the answer holds for those who may know it. */
  shows?: Canary[];
  request(scene: Scene, role: Role, conversationId: string, world: World): Request | Promise<Request>;
}

const ONE = "/api/messages/conversations/:id";
const ADMIN: Role[] = ["groupAdmin"];
const of = (id: string, rest = "") => `/api/messages/conversations/${id}${rest}`;

/** Public: everybody gets the same, whoever they are. */
const open = (path: string, ok: number): RouteRow => ({ may: EVERYONE, ok, request: () => ({ path }) });
/** About the asker alone. */
const own = (ok: number, path: string, body?: unknown): RouteRow => ({
  may: LIVE,
  ok,
  request: () => ({ path, body }),
});
const inGroup = (
  may: Role[],
  ok: number,
  rest: (scene: Scene, role: Role) => { rest?: string; body?: unknown },
  more: Partial<RouteRow> = {},
): RouteRow => ({
  may,
  ok,
  namesConversation: true,
  request(scene, role, id) {
    const { rest: path, body } = rest(scene, role);
    return { path: of(id, path), body };
  },
  ...more,
});

const ROOM = { throughRoom: true };

const newAccount = () => ({
  username: `new.${uuidv7().slice(-12)}`,
  name: "New",
  password: PASSWORD,
});

export const ROUTES: Record<string, RouteRow | RouteRow[]> = {
  // ── anybody
  "GET /": open("/", 302),
  "GET /assets/*": open("/assets/nothing-there.js", 404),
  "GET /:file": open("/nothing-there.js", 404),
  "GET /:lang/messages": open("/xx/messages", 302),
  "GET /:lang/messages/manifest.webmanifest": open("/xx/messages/manifest.webmanifest", 302),
  "GET /:lang/messages/*": open("/xx/messages/anything", 302),
  "GET /healthz": open("/healthz", 200),
  "GET /api/seen": open("/api/seen", 200),
  "GET /readyz": open("/readyz", 200),
  // By the owner's own token alone, whatever else somebody proves.
  "GET /metrics": {
    may: [],
    ok: 200,
    but: Object.fromEntries(LIVE.map((role) => [role, 401])),
    request: () => ({ path: "/metrics" }),
  },
  "GET /api/config": open("/api/config", 200),
  "GET /api/openapi.json": open("/api/openapi.json", 200),
  "GET /api/messages/socket": open("/api/messages/socket", 426),
  "POST /api/accounts": [
    { ...open("", 422), request: () => ({ path: "/api/accounts", body: {} }) },
    {
      ...open("", 201),
      slow: true,
      request: () => ({ path: "/api/accounts", body: newAccount() }),
    },
  ],
  "POST /api/sessions": [
    { ...open("", 422), request: () => ({ path: "/api/sessions", body: {} }) },
    // Whose proof has ended may get a new one; who is deactivated may not.
    {
      may: EVERYONE.filter((role) => role !== "anonymous" && role !== "deactivated"),
      ok: 201,
      slow: true,
      request: ({ people }, role) => ({
        path: "/api/sessions",
        body: { username: role === "anonymous" ? "nobody" : people[role].username, password: PASSWORD },
      }),
    },
  ],
  "POST /api/sessions/link": {
    may: EVERYONE.filter((role) => role !== "deactivated"),
    ok: 201,
    async request({ people, way }, role, _, { servers }) {
      const { code } = await servers[way].accounts!.createSignInLink(people[role].id);
      return { path: "/api/sessions/link", body: { code } };
    },
  },

  // ── about the asker
  "GET /api/me": own(200, "/api/me"),
  "PATCH /api/me": own(200, "/api/me", { locale: "ne" }),
  "PUT /api/me/presence": own(200, "/api/me/presence", { hidden: false }),
  "PUT /api/me/password": [
    own(422, "/api/me/password", { current: PASSWORD, next: "short" }),
    { ...own(204, "/api/me/password", { current: PASSWORD, next: `${PASSWORD} too` }), slow: true },
  ],
  "GET /api/sessions": own(200, "/api/sessions"),
  "DELETE /api/sessions": own(204, "/api/sessions"),
  "DELETE /api/sessions/current": own(204, "/api/sessions/current"),
  "DELETE /api/sessions/:id": [
    {
      may: LIVE,
      ok: 204,
      request: ({ people }, role) => ({ path: `/api/sessions/${people[role].sessionId}` }),
    },
    // Somebody else's: not even the owner of the installation.
    {
      may: [],
      ok: 204,
      namesConversation: true,
      request: ({ people, groupId }, _, id) => ({
        path: `/api/sessions/${id === groupId ? people.other.sessionId : id}`,
      }),
      but: { invited: 404, muted: 404, member: 404, groupAdmin: 404 },
    },
  ],
  "POST /api/token": { ...own(201, "/api/token"), ways: ["cookie"] },
  "POST /api/messages/socket-ticket": own(201, "/api/messages/socket-ticket"),
  "GET /api/messages/unread-count": own(200, "/api/messages/unread-count"),
  "GET /api/messages/search-users": own(200, "/api/messages/search-users?q=member"),
  "POST /api/invites": { may: ["owner"], ok: 201, request: () => ({ path: "/api/invites", body: {} }) },
  "PUT /api/users/:externalId": {
    may: ["owner"],
    ok: 200,
    request: ({ people }) => ({ path: `/api/users/${people.newcomer.id}`, body: { name: "Newcomer" } }),
  },

  // ── conversations
  "GET /api/messages/conversations": [
    { ...own(200, "/api/messages/conversations"), shows: ["title", "listing", "late", "direct"] },
    own(200, "/api/messages/conversations?archived=true"),
  ],
  "GET /api/messages/search-conversations": [
    {
      ...own(200, ""),
      shows: ["title", "listing", "late"],
      request: ({ canaries }) => ({ path: `/api/messages/search-conversations?q=${canaries.title.slice(0, 30)}` }),
    },
    {
      ...own(200, ""),
      shows: ["direct"],
      request: (_, role) => ({
        path: `/api/messages/search-conversations?q=${role === "groupAdmin" ? "member" : "groupadmin"}`,
      }),
    },
  ],
  "POST /api/messages/conversations": [
    {
      may: LIVE,
      ok: 201,
      request: ({ people, canaries }, role) => ({
        path: "/api/messages/conversations",
        body: { kind: "direct", to: { id: people.newcomer.id }, listing: { id: role, title: canaries.written } },
      }),
    },
    {
      may: LIVE,
      ok: 201,
      request: ({ people, canaries }) => ({
        path: "/api/messages/conversations",
        body: { kind: "group", title: canaries.written, participants: [{ id: people.other.id }] },
      }),
    },
  ],
  [`GET ${ONE}`]: [
    inGroup(INSIDE, 200, () => ({}), { shows: ["title", "listing", "early", "late"] }),
    {
      may: ["member", "groupAdmin"],
      ok: 200,
      but: { invited: 404, muted: 404 },
      namesConversation: true,
      shows: ["direct"],
      request: ({ groupId, directId }, _, id) => ({ path: of(id === groupId ? directId : id) }),
    },
  ],
  [`DELETE ${ONE}`]: inGroup(INSIDE, 204, () => ({}), ROOM),
  [`PUT ${ONE}/archive`]: inGroup(INSIDE, 200, () => ({ rest: "/archive", body: { archived: true } }), {
    shows: ["title"],
  }),
  [`PUT ${ONE}/mute`]: inGroup(INSIDE, 200, () => ({ rest: "/mute", body: { until: null } }), { shows: ["title"] }),
  [`PUT ${ONE}/unread`]: inGroup(INSIDE, 200, () => ({ rest: "/unread", body: { marked: true } }), {
    ...ROOM,
    shows: ["title"],
  }),
  [`PUT ${ONE}/title`]: inGroup(
    ADMIN,
    200,
    ({ canaries }) => ({ rest: "/title", body: { title: canaries.written } }),
    ROOM,
  ),
  [`PUT ${ONE}/colour`]: inGroup(ADMIN, 200, () => ({ rest: "/colour", body: { colour: 3 } }), {
    ...ROOM,
    shows: ["title"],
  }),

  // ── messages
  [`GET ${ONE}/messages`]: [
    inGroup(INSIDE, 200, () => ({ rest: "/messages" }), { shows: ["early", "late"] }),
    inGroup(INSIDE, 200, () => ({ rest: "/messages?after=0&limit=100" }), { shows: ["early", "late"] }),
    inGroup(INSIDE, 200, ({ seqs }) => ({ rest: `/messages?before=${seqs.late}` }), { shows: ["early"] }),
  ],
  [`POST ${ONE}/messages`]: inGroup(INSIDE, 201, ({ canaries }) => ({
    rest: "/messages",
    body: { clientId: uuidv7(), body: canaries.written },
  }), ROOM),
  [`PATCH ${ONE}/messages/:seq`]: [
    inGroup(["member"], 200, ({ seqs, canaries }) => ({
      rest: `/messages/${seqs.late}`,
      body: { body: canaries.written },
    }), ROOM),
    // Before their time: for the invited there is no such message.
    inGroup(["member"], 200, ({ seqs, canaries }) => ({
      rest: `/messages/${seqs.early}`,
      body: { body: canaries.written },
    }), { ...ROOM, but: { invited: 404 } }),
  ],
  [`DELETE ${ONE}/messages/:seq`]: [
    inGroup(["member", "groupAdmin"], 200, ({ seqs }) => ({ rest: `/messages/${seqs.late}` }), ROOM),
    inGroup(["member", "groupAdmin"], 200, ({ seqs }) => ({ rest: `/messages/${seqs.early}` }), {
      ...ROOM,
      but: { invited: 404 },
    }),
    // A tombstone: nothing of what stood there comes back.
    inGroup(["member", "groupAdmin"], 200, ({ seqs }) => ({ rest: `/messages/${seqs.deleted}` }), {
      ...ROOM,
      but: { invited: 404 },
    }),
  ],
  [`PUT ${ONE}/read`]: inGroup(INSIDE, 200, ({ seqs }) => ({ rest: "/read", body: { seq: seqs.late } }), ROOM),

  // ── participants
  [`GET ${ONE}/participants`]: inGroup(INSIDE, 200, () => ({ rest: "/participants" })),
  [`POST ${ONE}/participants`]: [
    inGroup(ADMIN, 204, ({ people }) => ({
      rest: "/participants",
      body: { participants: [{ id: people.newcomer.id }] },
    })),
    // Somebody who does not exist: outsiders do not learn of it in this way either.
    inGroup([], 204, () => ({ rest: "/participants", body: { participants: [{ id: uuidv7() }] } }), {
      but: { invited: 404, muted: 404, member: 404, groupAdmin: 404 },
    }),
  ],
  [`DELETE ${ONE}/participants/:userId`]: inGroup(ADMIN, 204, ({ people }) => ({
    rest: `/participants/${people.leaver.id}`,
  }), ROOM),
  [`PUT ${ONE}/participants/:userId/role`]: [
    inGroup(ADMIN, 204, ({ people }) => ({
      rest: `/participants/${people.other.id}/role`,
      body: { role: "admin" },
    }), ROOM),
    // Nobody makes themselves an admin.
    inGroup(ADMIN, 204, ({ people }, role) => ({
      rest: `/participants/${people[role].id}/role`,
      body: { role: "admin" },
    }), ROOM),
  ],
};

/** Middleware that stands before many routes; any other handler for every method would be a route without a row. */
export const MIDDLEWARE = new Set(["/*", "/api/*", "/api/accounts", "/api/seen", "/api/sessions/link"]);

export function expectedStatus(row: RouteRow, role: Role, way: Way, dead: boolean, outside: boolean): number {
  if (row.may.includes(role) && (row.ways?.includes(way) ?? true)) return row.ok;
  if (row.but?.[role] !== undefined) return row.but[role];
  if (dead) return 401;
  return outside && row.namesConversation ? 404 : 403;
}
