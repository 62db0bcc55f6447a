// A whole server on a database of its own, and people who talk to it over HTTP; every answer is checked against the OpenAPI document.
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { expect } from "vitest";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { Conversation, Me, Message } from "../../protocol/models.ts";
import { uuidv7 } from "../../protocol/uuid.ts";
import { type RunningServer, type ServerOptions, startServer } from "../../server/cli/server.ts";
import { type Config, readConfig } from "../../server/config.ts";
import { createLog } from "../../server/log.ts";
import { SESSION_COOKIE } from "../../server/auth/cookies.ts";
import { hashPassword } from "../../server/auth/passwords.ts";
import { hashSecret, newSecret } from "../../server/auth/secrets.ts";
import { indexWords } from "../../server/store/words.ts";
import { createTestDatabase } from "./database.ts";

export interface TestServer extends RunningServer {
  url: string;
  sql: Awaited<ReturnType<typeof createTestDatabase>>["sql"];
  /** What was logged, one JSON object a line. */
  logged: string[];
  close(): Promise<void>;
}

export interface ServerSettings {
  environment?: Record<string, string>;
  now?: () => number;
  restPerMinute?: number;
  /** The limits of sockets; those of the product when not given. */
  limits?: Omit<NonNullable<ServerOptions["limits"]>, "restPerMinute">;
  timings?: ServerOptions["timings"];
  freeBytes?: ServerOptions["freeBytes"];
  /** A database that outlives the server: the test closes it. */
  database?: Awaited<ReturnType<typeof createTestDatabase>>;
}

/** Starts a server on a free port of 127.0.0.1. */
export async function createTestServer(settings: ServerSettings = {}): Promise<TestServer> {
  const database = settings.database ?? await createTestDatabase();
  const logged: string[] = [];
  const config: Config = readConfig({ PORT: "0", LOG_FORMAT: "json", LOG_LEVEL: "debug", ...settings.environment }, []);
  const log = createLog({ level: "debug", format: "json", write: (entry) => logged.push(entry) });
  const { now, restPerMinute = 100_000 } = settings;
  const server = await startServer({
    config,
    sql: database.sql,
    log,
    ...(now && { now }),
    limits: { restPerMinute, ...settings.limits },
    ...(settings.timings && { timings: settings.timings }),
    ...(settings.freeBytes && { freeBytes: settings.freeBytes }),
  });
  return {
    ...server,
    url: `${server.scheme}://127.0.0.1:${server.port}`,
    sql: database.sql,
    logged,
    async close() {
      await server.stop();
      if (settings.database === undefined) await database.close();
    },
  };
}

export interface Answer {
  status: number;
  headers: Headers;
  // deno-lint-ignore no-explicit-any -- tests say what they expect of it
  body: any;
}

export interface RequestOptions {
  headers?: Record<string, string>;
  /** Sent as it is instead of JSON. */
  raw?: BodyInit;
}

/** Someone who sends requests: keeps the session cookie, and checks that each answer is what the OpenAPI document says. */
export class Caller {
  readonly #server: RunningServer;
  cookie: string | null = null;
  /** Headers that go with each request, such as a token. */
  headers: Record<string, string> = {};

  constructor(server: RunningServer) {
    this.#server = server;
  }

  async request(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer> {
    const headers = new Headers({ origin: "http://localhost", ...this.headers, ...options.headers });
    if (this.cookie) headers.set("cookie", this.cookie);
    if (body !== undefined) headers.set("content-type", "application/json");
    const response = await this.#server.app.request(`http://localhost${path}`, {
      method,
      headers,
      ...(body !== undefined ? { body: JSON.stringify(body) } : options.raw !== undefined && { body: options.raw }),
    });
    const cookie = response.headers.get("set-cookie");
    if (cookie) this.cookie = cookie.split(";")[0]!;
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    const answer = { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    if (path.startsWith("/api/")) await checkAgainstOpenApi(this.#server, method, path, answer);
    return answer;
  }

  get = (path: string, options?: RequestOptions) => this.request("GET", path, undefined, options);
  post = (path: string, body?: unknown, options?: RequestOptions) => this.request("POST", path, body, options);
  put = (path: string, body?: unknown, options?: RequestOptions) => this.request("PUT", path, body, options);
  patch = (path: string, body?: unknown, options?: RequestOptions) => this.request("PATCH", path, body, options);
  delete = (path: string, options?: RequestOptions) => this.request("DELETE", path, undefined, options);
}

/** A person with an account, and what they do. */
export class Person extends Caller {
  me!: Me;

  async open(to: Person): Promise<Conversation> {
    const { body } = await this.post("/api/messages/conversations", { kind: "direct", to: { id: to.me.id } });
    return body.conversation;
  }

  async group(title: string, ...others: Person[]): Promise<Conversation> {
    const participants = others.map((other) => ({ id: other.me.id }));
    return (await this.post("/api/messages/conversations", { kind: "group", title, participants })).body.conversation;
  }

  async send(conversationId: string, body: string, clientId = uuidv7()): Promise<Message> {
    const path = `/api/messages/conversations/${conversationId}/messages`;
    const answer = await this.post(path, { clientId, body });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return answer.body.message;
  }
}

export const PASSWORD = "a password for everybody";
let passwordHash: Promise<string> | undefined;

/** Somebody with an account and a session, made in the database: to hash a password for each would take longer than the tests. */
export async function createPerson(server: TestServer, name: string): Promise<Person> {
  passwordHash ??= hashPassword(PASSWORD);
  const id = uuidv7();
  const secret = newSecret();
  await server.sql`
    insert into users (id, username, password_hash, name) values (${id}, ${`u-${
    id.slice(-12)
  }`}, ${await passwordHash}, ${name})`;
  await server.sql`insert into user_words (word, user_id) select unnest(${indexWords(name)}::text[]), ${id}`;
  await server.sql`
    insert into sessions (id, user_id, secret_hash, expires_at)
    values (${uuidv7()}, ${id}, ${hashSecret(secret)}, now() + interval '1 day')`;
  const person = new Person(server);
  person.cookie = `${SESSION_COOKIE}=${secret}`;
  person.me = (await person.get("/api/me")).body.me;
  return person;
}

/** The answer is this problem, and says nothing more than the catalogue does. */
export function expectProblem(answer: Answer, status: number, code: ErrorCode): void {
  expect([answer.status, answer.body.code], JSON.stringify(answer.body)).toEqual([status, code]);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
}

// deno-lint-ignore no-explicit-any -- a JSON document
type Document = any;
const documents = new WeakMap<object, Promise<{ document: Document; ajv: Ajv2020 }>>();

async function openApi(server: RunningServer) {
  const document: Document = await (await server.app.request("/api/openapi.json")).json();
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(document, "openapi.json");
  return { document, ajv };
}

/** What the document says of a path: its own key and entry. */
export function findPath(document: Document, path: string): [string, Document] | undefined {
  const plain = path.split("?")[0]!;
  const matches = Object.entries(document.paths).filter(([template]) =>
    new RegExp(`^${template.replace(/\{\w+\}/g, "[^/]+")}$`).test(plain)
  );
  // A fixed path goes before one with parameters, as in the router.
  return matches.sort(([a], [b]) => a.split("{").length - b.split("{").length)[0] as [string, Document] | undefined;
}

async function checkAgainstOpenApi(server: RunningServer, method: string, path: string, answer: Answer): Promise<void> {
  if (path === "/api/openapi.json") return;
  let known = documents.get(server.app);
  if (!known) documents.set(server.app, known = openApi(server));
  const { document, ajv } = await known;
  const entry = findPath(document, path)?.[1]?.[method.toLowerCase()];
  // What is not in the document is answered before any route: no such path, or a preflight.
  if (!entry) {
    return expect([204, 401, 404], `${method} ${path} is not in the OpenAPI document`).toContain(answer.status);
  }
  const [template] = findPath(document, path)!;
  const described = entry.responses[answer.status];
  expect(described, `${method} ${template} answers ${answer.status}, which the OpenAPI document does not say`)
    .toBeDefined();
  const type = (answer.headers.get("content-type") ?? "").split(";")[0]!;
  if (described.content === undefined) return expect(answer.body).toBe("");
  const key = [template, method.toLowerCase(), "responses", String(answer.status), "content", type, "schema"];
  expect(described.content, `${method} ${template} ${answer.status}`).toHaveProperty([type]);
  const pointer = ["", "paths", ...key].map((part) =>
    encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))
  )
    .join("/");
  const validate = ajv.getSchema(`openapi.json#${pointer}`);
  expect(validate, pointer).toBeDefined();
  if (!validate!(answer.body)) throw new Error(`${method} ${path}: ${ajv.errorsText(validate!.errors)}`);
}
