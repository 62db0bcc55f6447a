// One group with somebody of each role around it, a canary at each place of it, and how each of them asks.
import { SignJWT } from "jose";
import { MUTE_ALWAYS } from "../../protocol/limits.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { SESSION_COOKIE } from "../../server/auth/cookies.ts";
import { hashSecret, newSecret } from "../../server/auth/secrets.ts";
import { indexWords } from "../../server/store/words.ts";
import { openSocket, type TestSocket } from "../helpers/socket.ts";
import { type Canaries, INSIDE, newCanaries, type Role, ROLES } from "./authorization_roles.ts";
import { SITE, type Way, type World } from "./authorization_world.ts";

const HOUR_MS = 3_600_000;
/** `other` and `leaver` are members whom no role plays; `newcomer` is in nothing. */
const OTHERS = ["other", "leaver", "newcomer"] as const;
type Name = Role | typeof OTHERS[number];

export interface Person {
  id: string;
  username: string;
  sessionId: string;
  headers: Record<string, string>;
  /** A proof that `session:renew` takes; null where the role has none. */
  token: string;
}

export interface Scene {
  way: Way;
  url: string;
  canaries: Canaries;
  people: Record<Name, Person>;
  groupId: string;
  directId: string;
  /** What stands where in the group. `early` and `late` are the member's. */
  seqs: typeof SEQS;
  /** Before this everybody but two has a proof that counts; from then on it is as the roles say. */
  endAuthority(): Promise<void>;
  ask(role: Role, method: string, path: string, body?: unknown): Promise<Received>;
  connect(name: Name): Promise<TestSocket>;
}

/** All that comes back over REST, as text: status line, headers, body. */
export interface Received {
  status: number;
  bytes: string;
}

const SEQS = { created: 1, early: 2, replaced: 3, deleted: 4, late: 5 };
const LAST_VERSION = 7;

export async function createScene(world: World, way: Way, options: { exStillInside?: boolean } = {}): Promise<Scene> {
  const canaries = newCanaries();
  const server = world.servers[way];
  const people = await createPeople(world, way, server.url);
  const groupId = await createGroup(world, people, canaries, options.exStillInside ?? false);
  const directId = await createDirect(world, people, canaries);
  let asked = 0;
  return {
    way,
    url: server.url,
    canaries,
    people,
    groupId,
    directId,
    seqs: SEQS,

    async endAuthority() {
      world.turnClock(2 * HOUR_MS);
      const { sql } = world;
      await sql`update sessions set revoked_at = now() where id = ${people.revoked.sessionId}`;
      await sql`update users set deactivated_at = now() where id = ${people.deactivated.id}`;
    },

    async ask(role, method, path, body) {
      const response = await fetch(server.url + path, {
        method,
        redirect: "manual",
        headers: {
          origin: server.url,
          // Each asks from an address of their own: what is counted by address must not stop the matrix.
          "x-forwarded-for": `10.${asked >> 8 & 255}.${asked++ & 255}.${ROLES.indexOf(role)}`,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...people[role].headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const headers = [...response.headers].filter(([name]) => name !== "date").map((pair) => pair.join(": "));
      const bytes = [`${response.status}`, ...headers, "", await response.text()].join("\n");
      return { status: response.status, bytes: bytes.replace(/(requestId":"|x-request-id: )[0-9a-f-]{36}/g, "$1…") };
    },

    connect: (name) => openSocket(server.url, { headers: people[name].headers }),
  };
}

async function createPeople(world: World, way: Way, url: string): Promise<Record<Name, Person>> {
  const { sql, passwordHash } = world;
  const names: Name[] = [...ROLES, ...OTHERS];
  const made = await Promise.all(names.map(async (name) => {
    const id = uuidv7();
    const secret = newSecret();
    const sessionId = uuidv7();
    const username = `${name.toLowerCase()}.${id.slice(-12)}`;
    const expiresAt = world.now() + (name === "expired" ? 1 : 20) * HOUR_MS;
    const user = {
      id,
      name,
      role: name === "owner" ? "owner" : "member",
      ...(way === "site"
        ? { external_id: id, username: null, password_hash: null }
        : { external_id: null, username, password_hash: passwordHash }),
    };
    const session = { id: sessionId, user_id: id, secret_hash: hashSecret(secret), expires_at: new Date(expiresAt) };
    const tokens = { own: ownToken(world, id, sessionId, expiresAt), site: siteToken(id, user, expiresAt) };
    const isSite = way === "site" && name !== "revoked";
    const audience = name === "wrongAudience" ? "another" : undefined;
    const token = await (isSite ? tokens.site : tokens.own)(audience);
    const headers = headersOf(name, way, { secret, token, url });
    return { name, user, session, person: { id, username, sessionId, headers, token } };
  }));
  await sql`insert into users ${sql(made.map(({ user }) => user))}`;
  await sql`insert into sessions ${sql(made.map(({ session }) => session))}`;
  const words = made.flatMap(({ name, person }) => indexWords(name).map((word) => ({ word, user_id: person.id })));
  await sql`insert into user_words ${sql(words)}`;
  return Object.fromEntries(made.map(({ name, person }) => [name, person])) as Record<Name, Person>;
}

function headersOf(
  name: Name,
  way: Way,
  proof: { secret: string; token: string; url: string },
): Record<string, string> {
  if (name === "anonymous") return way === "cookie" ? {} : { authorization: "Bearer nobody" };
  if (way !== "cookie") return { authorization: `Bearer ${proof.token}` };
  const value = name === "wrongAudience" ? proof.token : proof.secret;
  return { cookie: `${SESSION_COOKIE}=${value}`, origin: proof.url };
}

const ownToken = ({ tokenSecret }: World, id: string, sid: string, expiresAt: number) => (audience = "chautari-api") =>
  new SignJWT({ sid }).setProtectedHeader({ alg: "HS256", typ: "at+jwt" }).setIssuer("chautari")
    .setAudience(audience).setSubject(id).setExpirationTime(Math.floor(expiresAt / 1000)).sign(tokenSecret);

const siteToken =
  (id: string, { name, role }: { name: string; role: string }, expiresAt: number) => (audience = SITE.audience) =>
    new SignJWT({ name, role }).setProtectedHeader({ alg: "HS256" }).setIssuer(SITE.issuer).setAudience(audience)
      .setSubject(id).setExpirationTime(Math.floor(expiresAt / 1000)).sign(new TextEncoder().encode(SITE.secret));

/** Who lost their proof was in the group too: it must be the proof that keeps them out. */
const ONCE_INSIDE: Name[] = ["expired", "wrongAudience", "revoked", "deactivated", "other", "leaver"];

async function createGroup(
  { sql }: World,
  people: Record<Name, Person>,
  canaries: Canaries,
  exStillInside: boolean,
): Promise<string> {
  const id = uuidv7();
  const last = SEQS.late;
  const inside: Name[] = [...INSIDE, ...ONCE_INSIDE, ...(exStillInside ? ["exParticipant" as const] : [])];
  await sql`insert into conversations ${
    sql({
      id,
      kind: "group",
      title: canaries.title,
      created_by: people.groupAdmin.id,
      last_seq: last,
      last_version: LAST_VERSION,
      participant_count: inside.length,
      listing_id: "ad",
      listing_title: canaries.listing,
      listing_status: "active",
    })
  }`;
  const participants = [...new Set<Name>([...inside, "exParticipant"])].map((name) => ({
    conversation_id: id,
    user_id: people[name].id,
    role: name === "groupAdmin" ? "admin" : "member",
    visible_after_seq: name === "invited" ? SEQS.deleted : 0,
    muted_until: name === "muted" ? MUTE_ALWAYS : null,
    removed_at: inside.includes(name) ? null : new Date(),
  }));
  await sql`insert into participants ${sql(participants)}`;
  await sql`
    insert into conversation_words ${
    sql([canaries.title, canaries.listing].map((word) => ({ conversation_id: id, word })))
  }`;
  await sql`
    insert into messages (conversation_id, seq, version, kind, sender_id, system)
    values (${id}, ${SEQS.created}, 1, 'system', ${people.groupAdmin.id}, '{"type":"created"}')`;
  const text = { conversation_id: id, kind: "text", sender_id: people.member.id };
  const plain = { edited_at: null, changed_at: null, deleted_at: null };
  const now = new Date();
  await sql`insert into messages ${
    sql([
      { ...text, ...plain, seq: SEQS.early, version: 2, client_id: uuidv7(), body: canaries.early },
      {
        ...text,
        ...plain,
        seq: SEQS.replaced,
        version: 6,
        client_id: uuidv7(),
        body: "edited",
        edited_at: now,
        changed_at: now,
      },
      {
        ...text,
        ...plain,
        seq: SEQS.deleted,
        version: 7,
        client_id: uuidv7(),
        body: null,
        deleted_at: now,
        changed_at: now,
      },
      { ...text, ...plain, seq: SEQS.late, version: 5, client_id: uuidv7(), body: canaries.late },
    ])
  }`;
  await sql`insert into message_revisions ${
    sql((["replaced", "deleted"] as const).map((canary) => ({
      conversation_id: id,
      seq: SEQS[canary],
      version: SEQS[canary],
      body: canaries[canary],
      replaced_by: people.member.id,
    })))
  }`;
  return id;
}

async function createDirect({ sql }: World, people: Record<Name, Person>, canaries: Canaries): Promise<string> {
  const id = uuidv7();
  const [low, high] = [people.member.id, people.groupAdmin.id].sort() as [string, string];
  await sql`insert into conversations ${
    sql({
      id,
      kind: "direct",
      created_by: people.member.id,
      last_seq: 1,
      last_version: 1,
      participant_count: 2,
      direct_low: low,
      direct_high: high,
    })
  }`;
  await sql`insert into participants (conversation_id, user_id) values (${id}, ${low}), (${id}, ${high})`;
  await sql`
    insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body)
    values (${id}, 1, 1, 'text', ${people.member.id}, ${uuidv7()}, ${canaries.direct})`;
  return id;
}
