// What must not pass: bad bodies, foreign pages, odd values; and the headers that keep a browser safe. Each a clear 4xx.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { uuidv7 } from "../../protocol/uuid.ts";
import { createPerson, createTestServer, expectProblem, type Person, type TestServer } from "../helpers/server.ts";

let server: TestServer;
let sita: Person;
let conversation: string;
let messages: string;
beforeAll(async () => {
  server = await createTestServer({ environment: { CORS_ORIGINS: "https://bazaar.example", LOG_LEVEL: "info" } });
  sita = await createPerson(server, "Sita");
  conversation = (await sita.open(await createPerson(server, "Ram"))).id;
  messages = `/api/messages/conversations/${conversation}/messages`;
});
afterAll(async () => {
  expect((await sita.get(messages)).body.messages.map((one: { body: string }) => one.body)).toEqual(["y".repeat(4000)]);
  await server.close();
});

const send = (body: unknown) => sita.post(messages, body);
const sendRaw = (raw: BodyInit, type = "application/json") =>
  sita.post(messages, undefined, { raw, headers: { "content-type": type } });
const message = (body: string) => ({ clientId: uuidv7(), body });

describe("a value that is not accepted is named", () => {
  const id = uuidv7();
  it.each([
    ["a NUL byte", { clientId: id, body: "a\0b" }, "/body/body"],
    ["a lone surrogate", { clientId: id, body: "a\ud800b" }, "/body/body"],
    ["4,001 characters", { clientId: id, body: "x".repeat(4001) }, "/body/body"],
    ["4,001 characters of two code units", { clientId: id, body: "🙏".repeat(4001) }, "/body/body"],
    ["nothing but space", { clientId: id, body: " \n\t " }, "/body/body"],
    ["the wrong type", { clientId: id, body: 7 }, "/body/body"],
    ["null", { clientId: id, body: null }, "/body/body"],
    ["an unknown field", { clientId: id, body: "x", admin: true }, "/body"],
    ["a missing field", { body: "x" }, "/body/clientId"],
    ["a client id of another version", { clientId: crypto.randomUUID(), body: "x" }, "/body/clientId"],
    ["a huge number", { clientId: id, body: "x", replyToSeq: 1e300 }, "/body/replyToSeq"],
    ["a fraction", { clientId: id, body: "x", replyToSeq: 1.5 }, "/body/replyToSeq"],
    ["a list", [message("x")], "/body"],
    ["a prototype", JSON.parse(`{"clientId":"${id}","body":"x","__proto__":{"admin":true}}`), "/body"],
  ])("%s", async (_, body, pointer) => {
    const answer = await send(body);
    expectProblem(answer, 422, "invalid");
    const pointers = answer.body.problems.map((problem: { pointer: string }) => problem.pointer);
    expect([...new Set(pointers)]).toEqual([pointer]);
  });

  it.each([
    "limit=0",
    "limit=101",
    "limit=ten",
    "limit=1e999",
    "limit=1&limit=2",
    "before=0",
    "before=99999999999999999999",
    "nonsense=1",
  ])(
    "in the query: %s",
    async (query) => expectProblem(await sita.get(`${messages}?${query}`), 422, "invalid"),
  );

  it.each(["not-an-id", "1", encodeURIComponent("../me"), encodeURIComponent("\0")])("in the path: %s", async (id) => {
    const answer = await sita.get(`/api/messages/conversations/${id}`);
    expectProblem(answer, 422, "invalid");
    expect(answer.body.problems[0].pointer).toBe("/path/id");
  });

  it("a date that is none, a listing with a script for a link, a name with a line break", async () => {
    const path = `/api/messages/conversations/${conversation}/mute`;
    expectProblem(await sita.put(path, { until: "tomorrow" }), 422, "invalid");
    for (const url of ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://a:b@evil.example"]) {
      const listing = { id: "1", title: "t", url };
      const body = { kind: "direct", to: { id: uuidv7() }, listing };
      expectProblem(await sita.post("/api/messages/conversations", body), 422, "invalid");
    }
    expectProblem(await sita.patch("/api/me", { name: "Sita\nAdmin" }), 422, "invalid");
    expectProblem(await sita.patch("/api/me", {}), 422, "invalid");
  });

  it("4,000 characters are welcome", async () => expect((await send(message("y".repeat(4000)))).status).toBe(201));
});

describe("a body that cannot be read", () => {
  it.each([
    ["nothing", ""],
    ["half an object", '{"clientId":'],
    ["a key twice", `{"clientId":"${uuidv7()}","body":"a","body":"b"}`],
    ["a key twice, escaped", `{"clientId":"${uuidv7()}","body":"a","\\u0062ody":"b"}`],
    ["a comment", `{"body":"a" /* b */}`],
    ["NaN", `{"replyToSeq":NaN}`],
  ])("%s", async (_, raw) => expectProblem(await sendRaw(raw), 400, "bad_request"));

  it("bytes that are not UTF-8", async () => {
    expectProblem(await sendRaw(new Uint8Array([0x22, 0xff, 0xfe, 0x22])), 400, "bad_request");
  });

  it("another media type, or none", async () => {
    expectProblem(await sendRaw("a=b", "application/x-www-form-urlencoded"), 415, "unsupported_media_type");
    expectProblem(await sendRaw("{}", "text/plain"), 415, "unsupported_media_type");
  });

  it("more than 64 KiB, said beforehand or not", async () => {
    expectProblem(await sendRaw("x".repeat(65_537)), 413, "too_large");
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent++;
        controller.enqueue(new Uint8Array(16_384).fill(0x20));
      },
    });
    expectProblem(await sendRaw(endless), 413, "too_large");
    expect(sent).toBeLessThan(20);
  });
});

describe("a page of another site", () => {
  const foreign = { headers: { origin: "https://evil.example" } };

  it("cannot act with the cookie, and not without an Origin either", async () => {
    const answer = await sita.post(messages, message("forged"), foreign);
    expectProblem(answer, 403, "cross_origin");
    const { cookie } = sita;
    const bare = await server.app.request(`http://localhost${messages}`, {
      method: "POST",
      headers: { cookie: cookie!, "content-type": "application/json" },
      body: JSON.stringify(message("forged")),
    });
    expect(bare.status).toBe(403);
  });

  it("cannot sign anyone in or up", async () => {
    const account = { username: "mallory", name: "Mallory", password: "a long password" };
    expectProblem(await sita.post("/api/accounts", account, foreign), 403, "cross_origin");
    const { username, password } = account;
    expectProblem(await sita.post("/api/sessions", { username, password }, foreign), 403, "cross_origin");
  });

  it("is let in by CORS only when it is on the list, to the letter, and never with cookies", async () => {
    const allowed = async (origin: string) => {
      const response = await server.app.request("http://localhost/api/me", {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "GET" },
      });
      expect(response.headers.get("access-control-allow-credentials")).toBeNull();
      return response.headers.get("access-control-allow-origin");
    };
    expect(await allowed("https://bazaar.example")).toBe("https://bazaar.example");
    for (
      const origin of [
        "https://evil.example",
        "http://bazaar.example",
        "https://bazaar.example:444",
        "https://bazaar.example.evil.example",
        "https://BAZAAR.example",
        "null",
      ]
    ) expect(await allowed(origin)).toBeNull();
  });
});

describe("headers", () => {
  it("stand on pages, answers and errors alike", async () => {
    for (const path of ["/en/messages", "/api/config", "/api/me", "/nowhere"]) {
      const { headers } = await sita.get(path);
      const policy = headers.get("content-security-policy")!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("img-src 'self' data: https://bazaar.example;");
      expect(policy).not.toMatch(/unsafe|\*/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("strict-origin-when-cross-origin");
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect((await sita.get("/api/me")).headers.get("cache-control")).toBe("no-store");
  });
});

it("never shows a stack or SQL, and logs what went wrong without people's words", async () => {
  const broken = await createTestServer();
  const person = await createPerson(broken, "Sita");
  const { id } = await person.open(await createPerson(broken, "Ram"));
  await broken.sql`alter table users rename column locale to gone`;
  const answer = await person.get(`/api/messages/search-users?q=secretword`);
  await broken.sql`alter table participants rename to hidden`;
  const failed = [answer, await person.get(`/api/messages/conversations/${id}`)];
  for (const one of failed.filter(({ status }) => status !== 200)) {
    expectProblem(one, 500, "internal");
    expect(JSON.stringify(one.body)).not.toMatch(/select|relation|column|\.ts|at /i);
  }
  expect(failed.at(-1)!.status).toBe(500);
  expect(broken.logged.some((line) => line.includes("request failed"))).toBe(true);
  expect(broken.logged.join("\n")).not.toContain("secretword");
  await broken.close();
});
