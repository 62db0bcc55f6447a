// At a million messages, every hot query finds its rows by an index: the plans of what the store really sends, and the server's own count of sequential scans.
import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { uuidv7 } from "../../protocol/uuid.ts";
import type { Sql } from "../../server/store/database.ts";
import { createStore, type Store } from "../../server/store/store.ts";
import { createTestDatabase } from "../helpers/database.ts";

const CONVERSATIONS = 20_000;
const MESSAGES_EACH = 45;
const MESSAGES_IN_THE_BUSY_ONE = 100_000;
/** Small enough to be read whole without harm, or the very thing that is looked up. */
const BIG_TABLES = [
  "messages",
  "participants",
  "conversations",
  "users",
  "user_words",
  "conversation_words",
  "sessions",
];

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let recorded: { query: string; parameters: unknown[] }[];
let sql: Sql;
let store: Store;
/** Somebody with many conversations, the busiest of them, and another person in it. */
let seller: string;
let buyer: string;
let busy: string;

beforeAll(async () => {
  database = await createTestDatabase();
  recorded = [];
  sql = postgres(database.url, {
    max: 1,
    debug: (_connection, query, parameters) => recorded.push({ query, parameters }),
    connection: { statement_timeout: 0, TimeZone: "UTC" },
    types: { bigint: { to: 20, from: [20], serialize: String, parse: Number } },
  }) as unknown as Sql;
  store = createStore(sql);
  await fill(sql);
  [seller, buyer] = await firstTwo(sql);
  const [row] = await sql`
    select id from conversations where direct_low in (${seller}, ${buyer}) and direct_high in (${seller}, ${buyer})`;
  busy = row!.id;
}, 120_000);
afterAll(async () => {
  await sql.end();
  await database.close();
});

/** A seller who talks with every buyer about an ad, as fast as PostgreSQL can make it. */
async function fill(sql: Sql): Promise<void> {
  await sql`
    insert into users (id, external_id, name)
    select gen_random_uuid(), n::text, 'Person ' || n from generate_series(0, ${CONVERSATIONS}) n`;
  await sql`insert into user_words (word, user_id) select 'person', id from users union all select external_id, id from users`;
  await sql`
    insert into sessions (id, user_id, secret_hash, expires_at)
    select gen_random_uuid(), id, sha256(id::text::bytea), now() + interval '1 day' from users`;
  await sql`
    insert into conversations (id, kind, created_by, direct_low, direct_high, listing_id, listing_title, listing_status,
      participant_count, last_seq, last_version, last_activity_at)
    select gen_random_uuid(), 'direct', b.id, least(a.id, b.id), greatest(a.id, b.id), 'ad ' || b.external_id, 'Ad', 'active',
      2, n, n, now() - random() * interval '300 days'
    from users b
    join users a on a.external_id = (b.external_id::int % 400)::text and a.id <> b.id,
    lateral (select case when b.external_id = '400' then ${MESSAGES_IN_THE_BUSY_ONE}::int else ${MESSAGES_EACH}::int end as n) s
    where b.external_id::int >= 400`;
  await sql`
    insert into conversation_words (conversation_id, word)
    select id, 'ad' from conversations union all select id, split_part(listing_id, ' ', 2) from conversations`;
  await sql`
    insert into participants (conversation_id, user_id)
    select id, direct_low from conversations union all select id, direct_high from conversations`;
  await sql`
    insert into messages (conversation_id, seq, version, kind, sender_id, client_id, body)
    select c.id, n, n, 'text', c.direct_low, gen_random_uuid(), 'message ' || n
    from conversations c, generate_series(1, c.last_seq) n`;
  await sql`vacuum (analyze)`;
}

async function firstTwo(sql: Sql): Promise<[string, string]> {
  const rows = await sql`select id from users where external_id in ('0', '400') order by external_id::int`;
  return rows.map((row) => row.id) as [string, string];
}

async function sequentialScans(): Promise<Record<string, number>> {
  await sql`select pg_stat_force_next_flush()`;
  const rows = await sql`select relname, seq_scan from pg_stat_user_tables where relname in ${sql(BIG_TABLES)}`;
  return Object.fromEntries(rows.map((row) => [row.relname, row.seq_scan]));
}

/** Every node of a plan in EXPLAIN's JSON. */
// deno-lint-ignore no-explicit-any -- EXPLAIN's JSON
function nodes(plan: any): any[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodes)];
}

const append = () => ({ conversationId: busy, senderId: buyer, clientId: uuidv7(), body: "hello", replyToSeq: null });

const hot: [string, () => Promise<unknown>][] = [
  ["the list", () => store.conversations.list({ viewerId: seller, archived: false, limit: 50 })],
  ["the archived list", () => store.conversations.list({ viewerId: seller, archived: true, limit: 50 })],
  ["one conversation", () => store.conversations.find(seller, busy)],
  ["the unread count", () => store.conversations.unread(seller)],
  ["opening a direct conversation that is there", () =>
    store.conversations.openDirect(buyer, seller, {
      id: "ad 400",
      title: "Ad",
      url: null,
      imageUrl: null,
      price: null,
      currency: null,
      status: "active",
    })],
  ["the newest page", () => store.messages.page({ conversationId: busy, viewerId: seller, limit: 50 })],
  [
    "a page before",
    () => store.messages.page({ conversationId: busy, viewerId: seller, before: 50_000, limit: 100 }),
  ],
  ["a page after", () => store.messages.page({ conversationId: busy, viewerId: seller, after: 50_000, limit: 100 })],
  ["sending", () => store.messages.append([append(), append()])],
  ["access", () => store.participants.access(busy, seller)],
  ["a room's start", () => store.participants.roomState(busy)],
  ["participants", () => store.participants.page(busy, 50)],
  [
    "moving positions",
    () => store.participants.movePositions(busy, [{ userId: seller, lastReadSeq: 70_000, lastDeliveredSeq: 0 }]),
  ],
  ["what changed since a cursor", () => store.messages.changesSince(busy, { seq: 99_900, version: 99_900 }, 500)],
  [
    "editing",
    () =>
      store.messages.revise({
        conversationId: busy,
        seq: 100_000,
        actorId: buyer,
        body: null,
        windowMs: null,
        now: new Date(),
      })
        .catch(() => {}),
  ],
  ["the lists of several people", () => store.conversations.lists([seller, buyer], 100)],
  ["when people were last seen", () => store.presence.find([seller, buyer])],
  ["archiving", () => store.participants.setArchived(busy, seller, true)],
  ["marking unread", () => store.participants.setMarkedUnread(busy, seller, true)],
  ["searching conversations by a name", () => store.conversations.search(seller, "person 4", 20)],
  ["searching conversations by what is in all of them", () => store.conversations.search(seller, "ad p", 20)],
  ["searching people", () => store.users.search("person 123", { limit: 20, excludeUserId: seller })],
  ["people by id", () => store.users.findMany([seller, buyer])],
  ["a person by the host's id", () => store.users.findByExternalId("400")],
  ["a session", () => store.sessions.findActiveBySecret(new Uint8Array(32), new Date())],
];

it.each(hot)("%s", async (_, run) => {
  await run();
  const before = await sequentialScans();
  recorded.length = 0;
  await run();
  const sent = [...recorded];
  expect(await sequentialScans()).toEqual(before);
  for (const { query, parameters } of sent.filter(({ query }) => /^\s*(select|with|update)/i.test(query))) {
    const [row] = await sql.unsafe(`explain (format json) ${query}`, parameters as never[]);
    const scanned = nodes(row!["QUERY PLAN"][0].Plan).filter((node) => node["Node Type"] === "Seq Scan");
    expect(scanned.filter((node) => BIG_TABLES.includes(node["Relation Name"])), query).toEqual([]);
  }
});

it("has a million messages to look through", async () => {
  const [row] = await sql`select count(*)::int as count from messages`;
  expect(row!.count).toBeGreaterThanOrEqual(980_000);
});
