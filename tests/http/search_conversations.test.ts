// Finding one's own conversations: by title, by listing, by who is in them, in every script; and never anyone else's.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Conversation } from "../../protocol/models.ts";
import {
  Caller,
  createPerson,
  createTestServer,
  expectProblem,
  type Person,
  type TestServer,
} from "../helpers/server.ts";

const PATH = "/api/messages/search-conversations";
const BASE = "/api/messages/conversations";

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
});
afterAll(() => server.close());

async function people(...names: string[]): Promise<Person[]> {
  return await Promise.all(names.map((name) => createPerson(server, name)));
}

async function find(person: Person, words: string, options = ""): Promise<Conversation[]> {
  const answer = await person.get(`${PATH}?q=${encodeURIComponent(words)}${options}`);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.conversations;
}

const ids = async (...of: Parameters<typeof find>) => (await find(...of)).map((one) => one.id);

it("finds by the beginning of each word of the title or of the others' names, together", async () => {
  const [sita, ram, gita] = await people("Sita Shrestha", "Ram Bahadur", "गीता गुरुङ") as [Person, Person, Person];
  const direct = (await sita.open(ram)).id;
  const tea = (await sita.group("Chiya & समोसा", ram, gita)).id;
  const beijing = (await sita.group("北京茶馆", gita)).id;
  expect(await ids(sita, "ba")).toEqual([tea, direct]);
  expect(await ids(sita, "CHI ram")).toEqual([tea]);
  expect(await ids(sita, "समो")).toEqual([tea]);
  expect(await ids(sita, "गीता गु")).toEqual([beijing, tea]);
  expect(await ids(sita, "茶")).toEqual([beijing]);
  for (const nothing of ["ahadur", "ram xyz", "&", "…"]) expect(await ids(sita, nothing), nothing).toEqual([]);
});

it("does not find by the asker's own name, which is in all of them", async () => {
  const [sita, ram] = await people("Sita", "Ram") as [Person, Person];
  const { id } = await sita.open(ram);
  await sita.send(id, "hello");
  expect(await ids(sita, "sita")).toEqual([]);
  expect(await ids(ram, "sita")).toEqual([id]);
});

it("finds by the listing, as it was and as a new title names the group", async () => {
  const [sita, ram] = await people("Sita", "Ram") as [Person, Person];
  const listing = { id: "ad-1", title: "Hero Splendor २०७८" };
  const { id } = (await sita.post(BASE, { kind: "direct", to: { id: ram.me.id }, listing })).body.conversation;
  expect(await ids(sita, "splen २०")).toEqual([id]);
  const { id: group } = (await sita.post(BASE, { kind: "group", title: "Buyers", listing })).body.conversation;
  await sita.put(`${BASE}/${group}/title`, { title: "Friends of bikes" });
  expect(await ids(sita, "buyers")).toEqual([]);
  expect(await ids(sita, "bikes hero")).toEqual([group]);
});

it("gives them as the list does: the most recently active first, at most so many, archived ones too", async () => {
  const [sita] = await people("Sita") as [Person];
  const others = await people("Kamal", "Kamala", "Kamana") as [Person, Person, Person];
  const made = [];
  for (const other of others) made.push((await sita.open(other)).id);
  for (const id of [made[1]!, made[0]!, made[2]!]) await sita.send(id, "hello");
  expect(await ids(sita, "kam")).toEqual([made[2], made[0], made[1]]);
  expect(await ids(sita, "kam", "&limit=2")).toEqual([made[2], made[0]]);
  await sita.put(`${BASE}/${made[2]}/archive`, { archived: true });
  const [first] = await find(sita, "kam");
  expect(first).toEqual((await sita.get(`${BASE}/${made[2]}`)).body.conversation);
  expect(first!.my.archived).toBe(true);
});

it("shows nothing that is not the asker's, or not listed to them yet", async () => {
  const [sita, ram, stranger] = await people("Sita", "Ram", "Stranger") as [Person, Person, Person];
  const { id } = await sita.group("Secret garden", ram);
  expect(await ids(stranger, "secret")).toEqual([]);
  await sita.open(stranger);
  expect(await ids(stranger, "sita")).toEqual([]);
  await ram.delete(`${BASE}/${id}`);
  expect(await ids(ram, "secret")).toEqual([]);
  expectProblem(await new Caller(server).get(`${PATH}?q=secret`), 401, "unauthenticated");
});

it("knows a group by who is in it, and a direct conversation also by who has left it", async () => {
  const [sita, ram] = await people("Sita", "Ram") as [Person, Person];
  const direct = (await sita.open(ram)).id;
  const group = (await sita.group("Tea", ram)).id;
  await sita.send(direct, "hello");
  for (const id of [direct, group]) await ram.delete(`${BASE}/${id}`);
  expect(await ids(sita, "ram")).toEqual([direct]);
});

it.each(["", "q=", "q=%00", "q=a&limit=21", `q=${"a".repeat(81)}`, "q=a&x=1"])(
  "refuses the query “%s”",
  async (query) => {
    const [sita] = await people("Sita") as [Person];
    expectProblem(await sita.get(`${PATH}?${query}`), 422, "invalid");
  },
);
