// REST of conversations, messages and participants: what members can do, and what everyone else gets.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uuidv7 } from "../../protocol/uuid.ts";
import {
  Caller,
  createPerson,
  createTestServer,
  expectProblem,
  type Person,
  type TestServer,
} from "../helpers/server.ts";

const BASE = "/api/messages/conversations";

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

async function people(...names: string[]): Promise<Person[]> {
  return await Promise.all(names.map((name) => createPerson(server, name)));
}

const LISTING = {
  id: "ad-77",
  title: "Pulsar 220F",
  url: "https://bazaar.example/ads/77",
  imageUrl: null,
  price: 210000,
  currency: "NPR",
  status: "active",
};

describe("a direct conversation", () => {
  it("is opened once, about a listing or about nothing", async () => {
    const [sita, ram] = await people("Sita", "Ram") as [Person, Person];
    const body = { kind: "direct", to: { id: ram.me.id }, listing: LISTING };
    const first = await sita.post(BASE, body);
    expect(first.status).toBe(201);
    expect(first.body.conversation).toMatchObject({
      kind: "direct",
      listing: LISTING,
      unreadCount: 0,
      lastMessage: null,
    });
    const again = await ram.post(BASE, { ...body, to: { id: sita.me.id } });
    expect([again.status, again.body.conversation.id]).toEqual([200, first.body.conversation.id]);
    expect((await sita.open(ram)).id).not.toBe(first.body.conversation.id);
  });

  it("is not opened with oneself or with nobody", async () => {
    const [sita] = await people("Sita") as [Person];
    expectProblem(await sita.post(BASE, { kind: "direct", to: { id: sita.me.id } }), 422, "invalid");
    expectProblem(await sita.post(BASE, { kind: "direct", to: { id: uuidv7() } }), 404, "user_not_found");
    expectProblem(await sita.post(BASE, { kind: "direct", to: { externalId: "x" } }), 404, "user_not_found");
  });

  it("carries messages both ways, unread counts and read positions", async () => {
    const [sita, ram] = await people("Sita", "राम") as [Person, Person];
    const { id } = await sita.open(ram);
    await sita.send(id, "नमस्ते");
    await sita.send(id, "Is it available?");
    const [seen] = (await ram.get(BASE)).body.conversations;
    expect(seen).toMatchObject({ id, unreadCount: 2, lastMessage: { body: "Is it available?", seq: 2 } });
    expect((await ram.get("/api/messages/unread-count")).body).toEqual({ unread: 2, conversations: 1 });
    const read = await ram.put(`${BASE}/${id}/read`, { seq: 2 });
    expect(read.body).toEqual({ lastReadSeq: 2, unreadCount: 0 });
    await ram.send(id, "Yes");
    const detail = await sita.get(`${BASE}/${id}`);
    expect(detail.body.page.messages.map((message: { body: string }) => message.body)).toEqual([
      "नमस्ते",
      "Is it available?",
      "Yes",
    ]);
    expect(detail.body.page.people.map((user: { name: string }) => user.name).sort()).toEqual(["Sita", "राम"]);
    expect(detail.body.conversation.unreadCount).toBe(1);
  });

  it("gives the first result for a repeated send, and refuses the id for another text", async () => {
    const [sita, ram] = await people("Sita", "Ram") as [Person, Person];
    const { id } = await sita.open(ram);
    const clientId = uuidv7();
    const first = await sita.send(id, "once", clientId);
    expect(await sita.send(id, "once", clientId)).toEqual(first);
    expectProblem(await sita.post(`${BASE}/${id}/messages`, { clientId, body: "twice" }), 409, "client_id_reused");
  });

  it("is left, refuses the other's messages then, and is there again for who asks for it", async () => {
    const [sita, ram] = await people("Sita", "Ram") as [Person, Person];
    const { id } = await sita.open(ram);
    await sita.send(id, "hello");
    expect((await ram.delete(`${BASE}/${id}`)).status).toBe(204);
    expectProblem(await ram.get(`${BASE}/${id}`), 404, "not_found");
    expect((await ram.get(BASE)).body.conversations).toEqual([]);
    expectProblem(await sita.post(`${BASE}/${id}/messages`, { clientId: uuidv7(), body: "?" }), 409, "recipient_left");
    expect((await ram.open(sita)).id).toBe(id);
    await sita.send(id, "welcome back");
  });

  it("pages messages before and after a seq", async () => {
    const [sita, ram] = await people("Sita", "Ram") as [Person, Person];
    const { id } = await sita.open(ram);
    for (let count = 1; count <= 5; count++) await sita.send(id, String(count));
    const seqs = async (query: string) =>
      (await ram.get(`${BASE}/${id}/messages?${query}`)).body.messages.map((message: { seq: number }) => message.seq);
    expect(await seqs("limit=2")).toEqual([4, 5]);
    expect(await seqs("limit=2&before=4")).toEqual([2, 3]);
    expect(await seqs("limit=2&after=0")).toEqual([1, 2]);
    expectProblem(await ram.get(`${BASE}/${id}/messages?before=2&after=1`), 422, "invalid");
  });

  it("is archived, muted and brought back by each for themselves", async () => {
    const [sita, ram] = await people("Sita", "Ram") as [Person, Person];
    const { id } = await sita.open(ram);
    await sita.send(id, "hello");
    expect((await ram.put(`${BASE}/${id}/archive`, { archived: true })).body.conversation.my.archived).toBe(true);
    expect((await ram.get(BASE)).body.conversations).toEqual([]);
    expect((await ram.get(`${BASE}?archived=true`)).body.conversations).toHaveLength(1);
    expect((await sita.get(BASE)).body.conversations).toHaveLength(1);
    const until = "2099-01-01T00:00:00.000Z";
    const muted = await ram.put(`${BASE}/${id}/mute`, { until });
    expect(muted.body.conversation.my.mutedUntil).toBe(until);
    expect((await ram.put(`${BASE}/${id}/mute`, { until: null })).body.conversation.my.mutedUntil).toBeNull();
  });
});

describe("a group", () => {
  it("is made, renamed, grown and shrunk by its admins, and everyone is told", async () => {
    const [sita, ram, gita] = await people("Sita", "Ram", "Gita") as [Person, Person, Person];
    const { id } = await sita.group("Tea", ram);
    const path = `${BASE}/${id}/participants`;
    expectProblem(await ram.post(path, { participants: [{ id: gita.me.id }] }), 403, "forbidden");
    expectProblem(await ram.put(`${BASE}/${id}/title`, { title: "Coffee" }), 403, "forbidden");
    expect((await sita.post(path, { participants: [{ id: gita.me.id }] })).status).toBe(204);
    expect((await sita.put(`${path}/${ram.me.id}/role`, { role: "admin" })).status).toBe(204);
    expect((await ram.put(`${BASE}/${id}/title`, { title: "चिया" })).body.conversation.title).toBe("चिया");
    expect((await gita.get(path)).body.participants).toHaveLength(3);
    expect((await ram.delete(`${path}/${gita.me.id}`)).status).toBe(204);
    expectProblem(await gita.get(`${BASE}/${id}`), 404, "not_found");
    expectProblem(await gita.get(path), 404, "not_found");
    const { messages, people: named } = (await sita.get(`${BASE}/${id}/messages`)).body;
    expect(messages.map((message: { system: { type: string } }) => message.system.type)).toEqual([
      "created",
      "added",
      "role",
      "renamed",
      "removed",
    ]);
    expect(named.map((user: { name: string }) => user.name)).toContain("Gita");
  });

  it("has a colour of its own, given by who makes it or by its admins", async () => {
    const [sita, ram] = await people("Sita", "Ram") as [Person, Person];
    const wanted = { kind: "group", title: "Tea", participants: [{ id: ram.me.id }] };
    const { id, colour } = (await sita.post(BASE, { ...wanted, colour: 7 })).body.conversation;
    expect([colour, (await sita.group("Plain", ram)).colour]).toEqual([7, null]);
    expectProblem(await ram.put(`${BASE}/${id}/colour`, { colour: 1 }), 403, "forbidden");
    for (const wrong of [8, -1, 1.5, "red", undefined]) {
      expectProblem(await sita.put(`${BASE}/${id}/colour`, { colour: wrong }), 422, "invalid");
    }
    expect((await sita.put(`${BASE}/${id}/colour`, { colour: 0 })).body.conversation.colour).toBe(0);
    expect((await ram.get(BASE)).body.conversations.map((one: { colour: number }) => one.colour)).toEqual([null, 0]);
  });

  it("does not take the routes of groups in a direct conversation", async () => {
    const [sita, ram] = await people("Sita", "Ram") as [Person, Person];
    const { id } = await sita.open(ram);
    expectProblem(await sita.put(`${BASE}/${id}/title`, { title: "x" }), 409, "not_a_group");
    expectProblem(await sita.put(`${BASE}/${id}/colour`, { colour: 1 }), 409, "not_a_group");
  });
});

describe("who may not see a conversation", () => {
  const routes: [string, string, unknown?][] = [
    ["GET", ""],
    ["GET", "/messages"],
    ["POST", "/messages", { clientId: uuidv7(), body: "let me in" }],
    ["PUT", "/read", { seq: 1 }],
    ["PUT", "/archive", { archived: true }],
    ["PUT", "/mute", { until: null }],
    ["PUT", "/unread", { marked: true }],
    ["PUT", "/colour", { colour: 1 }],
    ["PUT", "/title", { title: "mine" }],
    ["DELETE", ""],
    ["GET", "/participants"],
    ["POST", "/participants", { participants: [{ id: uuidv7() }] }],
    ["DELETE", `/participants/${uuidv7()}`],
    ["PUT", `/participants/${uuidv7()}/role`, { role: "admin" }],
  ];

  it.each(routes)("gets 404 like for one that does not exist: %s %s", async (method, path, body) => {
    const [sita, ram, stranger] = await people("Sita", "Ram", "Stranger") as [Person, Person, Person];
    const group = await sita.group("Secret", ram);
    const there = await stranger.request(method, `${BASE}/${group.id}${path}`, body);
    const nowhere = await stranger.request(method, `${BASE}/${uuidv7()}${path}`, body);
    expectProblem(there, 404, "not_found");
    const without = ({ requestId: _, ...rest }: { requestId: string }) => rest;
    expect(without(there.body)).toEqual(without(nowhere.body));
    const after = (await sita.get(`${BASE}/${group.id}`)).body;
    expect([after.conversation.lastSeq, after.conversation.participantCount]).toEqual([1, 2]);
  });

  it.each(routes)("gets 401 without a session: %s %s", async (method, path, body) => {
    const answer = await new Caller(server).request(method, `${BASE}/${uuidv7()}${path}`, body);
    expectProblem(answer, 401, "unauthenticated");
  });
});

describe("finding people", () => {
  it("finds by the beginning of any word, in any script, never oneself", async () => {
    const [sita] = await people("Sita Shrestha", "Sitaram Koirala", "सीता गुरुङ") as [Person];
    const names = async (q: string) =>
      (await sita.get(`/api/messages/search-users?q=${encodeURIComponent(q)}`)).body.users.map(
        (user: { name: string }) => user.name,
      );
    expect(await names("koir")).toEqual(["Sitaram Koirala"]);
    expect(await names("सीता गु")).toEqual(["सीता गुरुङ"]);
    expect(await names("Sita Shr")).toEqual([]);
  });
});
