// The demo: what it fills a database with, that it keeps what it finds, and that its links sign people in.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { MUTE_ALWAYS } from "../../protocol/limits.ts";
import { Listing } from "../../protocol/models.ts";
import { SendMessage, SignUp } from "../../protocol/rest.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { demoCommand, welcome } from "../../server/cli/demo.ts";
import { runCommand } from "../../server/cli/command.ts";
import { fillDemo } from "../../server/cli/demo/fill.ts";
import { LISTINGS } from "../../server/cli/demo/listings.ts";
import { BUYER, PEOPLE, type PersonKey, SELLER } from "../../server/cli/demo/people.ts";
import { readScript } from "../../server/cli/demo/script.ts";
import { SCRIPTS } from "../../server/cli/demo/scripts/all.ts";
import type { Sql } from "../../server/store/database.ts";
import { createEmptyDatabase, createTestDatabase } from "../helpers/database.ts";
import { createPeople } from "../helpers/people.ts";
import { Caller, createTestServer, type TestServer } from "../helpers/server.ts";

const HOUR_MS = 3_600_000;
const CONVERSATIONS = "/api/messages/conversations";

async function contents(sql: Sql) {
  const [row] = await sql`
    select (select count(*) from users) as users, (select count(*) from conversations) as conversations,
      (select count(*) from messages) as messages, (select count(*) from participants) as participants`;
  return row;
}

describe("the scripts", () => {
  const messages = SCRIPTS.flatMap((script) => readScript(script.text, Date.now())).filter((line) => "body" in line);

  it("are what the server would take", () => {
    for (const { body } of messages) {
      expect(SendMessage.safeParse({ clientId: uuidv7(), body }).success, body).toBe(true);
    }
    for (const listing of Object.values(LISTINGS)) expect(Listing.parse(listing)).toEqual(listing);
    for (const person of Object.values(PEOPLE)) {
      expect(SignUp.safeParse({ ...person, password: "long enough" }).success, person.name).toBe(true);
    }
  });

  it("are written for it: nothing is said twice in the same words", () => {
    const bodies = messages.map((line) => line.body);
    expect(bodies.filter((body, index) => bodies.indexOf(body) !== index)).toEqual([]);
  });

  it("rise in time and end before now, at whatever hour the demo is run", () => {
    const midnight = new Date(2026, 2, 9).getTime();
    for (let hour = 0; hour < 24; hour++) {
      const now = midnight + hour * HOUR_MS + 60_000;
      const lasts = SCRIPTS.map((script) => {
        const times = readScript(script.text, now).map((line) => line.at);
        expect(times, script.text.slice(0, 80)).toEqual([...new Set(times)].sort((a, b) => a - b));
        return times.at(-1)!;
      });
      expect(Math.max(...lasts)).toBeLessThan(now);
      expect(Math.max(...lasts)).toBeGreaterThan(now - HOUR_MS / 4);
    }
  });

  it("keep the lines of a longer message, and refuse what is not in the cast or out of order", () => {
    const [line] = readScript("5m\nanisha: one\n| two", Date.now());
    expect(line).toMatchObject({ by: "anisha", body: "one\ntwo" });
    expect(() => readScript("5m\nnobody: hi", Date.now())).toThrow(/nobody is called/);
    expect(() => readScript("5m\nanisha: hi\n9m\nanisha: hi", Date.now())).toThrow(/not after/);
  });
});

describe("a filled database", () => {
  let server: TestServer;
  const people = {} as Record<PersonKey, Caller>;
  const begun = Date.now();

  beforeAll(async () => {
    server = await createTestServer();
    await fillDemo(server.sql, "here", begun);
    const codes = [...(await welcome(server, "here")).matchAll(/\/(en|np)\/messages#sign-in=([\w-]+)$/gm)];
    expect(codes.map(([, lang]) => lang)).toEqual(["en", "np"]);
    for (const [index, key] of [BUYER, SELLER].entries()) {
      people[key] = new Caller(server);
      const { status, body } = await people[key].post("/api/sessions/link", { code: codes[index]![2] });
      expect([status, body.me?.name]).toEqual([201, PEOPLE[key].name]);
    }
  });
  afterAll(() => server.close());

  it("has a dozen people, one of them its owner, and a few hundred messages in both scripts", async () => {
    const found = (await contents(server.sql))!;
    expect(found).toMatchObject({ users: 12, conversations: SCRIPTS.length });
    expect(found.messages).toBeGreaterThan(300);
    const owners = await server.sql`select username from users where role = 'owner'`;
    expect([...owners]).toEqual([{ username: PEOPLE.prakash.username }]);
    const [scripts] = await server.sql`
      select count(*) filter (where body ~ '[ऀ-ॿ]') as devanagari, count(*) filter (where body ~ '[a-z]{3}') as latin,
        (select count(*) from users where name ~ '[ऀ-ॿ]') as nepali_names from messages`;
    expect(scripts!.devanagari).toBeGreaterThan(100);
    expect(scripts!.latin).toBeGreaterThan(100);
    expect(scripts!.nepali_names).toBeGreaterThan(2);
  });

  it("keeps the invariants of the schema: seqs without a gap, times that rise with them, counters that agree", async () => {
    const gaps = await server.sql`
      select c.id from conversations c join messages m on m.conversation_id = c.id group by c.id
      having count(*) <> c.last_seq or max(m.seq) <> c.last_seq or max(m.version) <> c.last_version
        or max(m.created_at) <> c.last_activity_at or min(m.created_at) <> c.created_at`;
    expect([...gaps]).toEqual([]);
    const [order] = await server.sql`
      select count(*) filter (where m.created_at <= before.created_at) as falling, min(m.created_at) as first,
        max(m.created_at) as last
      from messages m left join messages before
        on before.conversation_id = m.conversation_id and before.seq = m.seq - 1`;
    expect(order!.falling).toBe(0);
    expect(order!.last.getTime()).toBeLessThan(begun);
    expect(begun - order!.first.getTime()).toBeGreaterThan(18 * 24 * HOUR_MS);
    expect(begun - order!.first.getTime()).toBeLessThan(22 * 24 * HOUR_MS);
    const [early] = await server.sql`
      select count(*) as messages from messages m join participants p
        on p.conversation_id = m.conversation_id and p.user_id = m.sender_id and m.created_at < p.joined_at`;
    expect(early!.messages).toBe(0);
  });

  it("leaves unread, archived and muted what the scripts say, and nothing else", async () => {
    const rows = await server.sql`
      select u.username, count(*) filter (where unread_count > 0) as unread, sum(unread_count)::bigint as messages,
        count(*) filter (where my_archived) as archived, count(*) filter (where my_muted_until > now()) as muted
      from conversation_list join users u on u.id = viewer_id group by u.username`;
    for (const [key, { username }] of Object.entries(PEOPLE) as [PersonKey, { username: string }][]) {
      const unread = SCRIPTS.map((script) => script.unread?.[key] ?? 0);
      expect(rows.find((row) => row.username === username), username).toEqual({
        username,
        unread: unread.filter((count) => count > 0).length,
        messages: unread.reduce((sum, count) => sum + count, 0),
        archived: SCRIPTS.filter((script) => script.archivedBy?.includes(key)).length,
        muted: SCRIPTS.filter((script) => script.mutedBy?.includes(key)).length,
      });
    }
  });

  it("gives the buyer and the seller, signed in by their links, a list each", async () => {
    for (const key of [BUYER, SELLER]) {
      const { conversations } = (await people[key]!.get(CONVERSATIONS)).body;
      expect(conversations.length).toBeGreaterThan(4);
      expect(conversations.some((one: { unreadCount: number }) => one.unreadCount > 0)).toBe(true);
      expect(conversations.some((one: { my: { mutedUntil: string } }) => one.my.mutedUntil === MUTE_ALWAYS)).toBe(true);
      expect((await people[key]!.get(`${CONVERSATIONS}?archived=true`)).body.conversations).toHaveLength(1);
    }
    const [first] = (await people[BUYER]!.get(CONVERSATIONS)).body.conversations;
    expect(first).toMatchObject({ listing: LISTINGS.pulsar, unreadCount: 2 });
    const sent = await people[BUYER]!.post(`${CONVERSATIONS}/${first.id}/messages`, { clientId: uuidv7(), body: "👍" });
    expect([sent.status, sent.body.message?.seq]).toEqual([201, first.lastSeq + 1]);
  });

  it("shows who was added later only what was said from then on", async () => {
    const { conversations } = (await people[BUYER]!.get(CONVERSATIONS)).body;
    const tea = conversations.find((one: { title: string }) => one.title?.startsWith("चिया"));
    const { messages } = (await people[BUYER]!.get(`${CONVERSATIONS}/${tea.id}/messages?after=0`)).body;
    expect(messages[0].system).toMatchObject({ type: "added" });
  });

  it("has no password that opens an account", async () => {
    for (const password of ["", "password", PEOPLE[BUYER].username]) {
      const { status } = await new Caller(server).post("/api/sessions", { username: PEOPLE[BUYER].username, password });
      expect(status).toBe(401);
    }
  });

  it("is kept by a second run, with what people did in between, and gives new links", async () => {
    await createPeople(server.sql, "Somebody who looked in");
    const before = await contents(server.sql);
    await fillDemo(server.sql, "here", Date.now());
    expect(await contents(server.sql)).toEqual(before);
    const [code] = /(?<=#sign-in=)[\w-]+/.exec(await welcome(server, "here"))!;
    expect((await new Caller(server).post("/api/sessions/link", { code })).status).toBe(201);
  });
});

describe("what the demo refuses", () => {
  /** Runs the command, which must not start; what it says. */
  async function refused(code: number, ...args: string[]): Promise<string> {
    const said: string[] = [];
    const spy = vi.spyOn(console, "error").mockImplementation((line) => said.push(line));
    try {
      expect(await runCommand("demo", demoCommand, [...args, "--port", "0", "--log-level", "error"])).toBe(code);
    } finally {
      spy.mockRestore();
    }
    return said.join("\n");
  }

  it("a database with people of its own, which stays as it is", async () => {
    const { sql, url, close } = await createTestDatabase();
    try {
      await createPeople(sql, "Sita");
      const before = await contents(sql);
      expect(await refused(1, "--database-url", url)).toMatch(
        /^Cannot run the demo on the database of DATABASE_URL: it holds/,
      );
      expect(await contents(sql)).toEqual(before);
    } finally {
      await close();
    }
  });

  it("a database of another program, without touching its schema", async () => {
    const { sql, url, close } = await createEmptyDatabase();
    try {
      await sql`create table users (id int)`;
      expect(await refused(1, "--database-url", url)).toMatch(/^Cannot run the demo on/);
      const tables = await sql`select tablename from pg_tables where schemaname = 'public'`;
      expect([...tables]).toEqual([{ tablename: "users" }]);
    } finally {
      await close();
    }
  });

  it("the tokens of a host site", async () => {
    const jwt = ["--jwt-secret", "x".repeat(32), "--jwt-issuer", "site", "--jwt-audience", "chat"];
    expect(await refused(2, ...jwt)).toMatch(/^JWT_SECRET: given to the demo/);
  });

  it("to leave half a demo behind", async () => {
    const { sql, close } = await createTestDatabase();
    try {
      await sql`alter table participants add check (muted_until is null)`;
      await expect(fillDemo(sql, "here", Date.now())).rejects.toThrow(/check constraint/);
      expect(await contents(sql)).toEqual({ users: 0, conversations: 0, messages: 0, participants: 0 });
    } finally {
      await close();
    }
  });
});
