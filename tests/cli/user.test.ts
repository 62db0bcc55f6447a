// What whoever runs the server does from the command line, beside a server that runs: at once, and on open sockets too.
import { jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CLOSE } from "../../protocol/close_codes.ts";
import { runCommand } from "../../server/cli/command.ts";
import { inviteCommand } from "../../server/cli/invite.ts";
import { tokenCommand } from "../../server/cli/token.ts";
import { userCommand } from "../../server/cli/user.ts";
import { createEmptyDatabase, createTestDatabase } from "../helpers/database.ts";
import { Caller, createTestServer, type TestServer } from "../helpers/server.ts";
import { connect } from "../helpers/talk.ts";
import { Person } from "../helpers/server.ts";

const COMMANDS = { user: userCommand, invite: inviteCommand, token: tokenCommand };

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let server: TestServer;
beforeAll(async () => {
  database = await createTestDatabase();
  server = await createTestServer({ database });
});
afterAll(async () => {
  await server.close();
  await database.close();
});

async function ran(line: string, url = database.url) {
  const [name, ...args] = line.split(" ");
  const printed = { log: [] as string[], error: [] as string[] };
  const spies = (["log", "error"] as const).map((stream) =>
    vi.spyOn(console, stream).mockImplementation((text) => printed[stream].push(String(text)))
  );
  try {
    const code = await runCommand(name!, COMMANDS[name as keyof typeof COMMANDS], [...args, "--database-url", url]);
    return { code, out: printed.log.join("\n"), err: printed.error.join("\n") };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** Makes an account by the command line and signs in with the password that it shows. */
async function added(username: string, ...words: string[]): Promise<Person> {
  const { out, err } = await ran(["user add", username, ...words].join(" "));
  const password = /password: (\S+)$/.exec(out)?.[1];
  expect(password, out + err).toBeDefined();
  const person = new Person(server);
  const signedIn = await person.post("/api/sessions", { username, password });
  expect(signedIn.status).toBe(201);
  person.me = signedIn.body.me;
  return person;
}

describe("user", () => {
  it("add: the first is the owner, the next are members, or what is asked for; a name is taken once", async () => {
    const fresh = await createEmptyDatabase();
    try {
      expect((await ran("user add First --role member", fresh.url)).err).toMatch(/^first is the only owner/);
      expect((await ran("user add second", fresh.url)).out).toMatch(
        /^Made the account second \(member\); the password/,
      );
      expect((await ran("user add third --role admin", fresh.url)).out).toMatch(/^Made the account third \(admin\)/);
      expect(await ran("user add third", fresh.url)).toMatchObject({ code: 1, err: expect.stringMatching(/is taken/) });
      const { out } = await ran("user list", fresh.url);
      expect(out.split("\n").map((line) => line.split("\t").slice(0, 4).join(" "))).toEqual([
        "WHO NAME ROLE STATE",
        "first First owner active",
        "second second member active",
        "third third admin active",
      ]);
    } finally {
      await fresh.close();
    }
  });

  it("deactivate: the open socket is cut, and nobody signs in", async () => {
    await added("keeper");
    const person = await added("leaver");
    const socket = await connect(server, person);
    expect(await ran("user deactivate leaver")).toMatchObject({ code: 0 });
    expect(await socket.closed).toEqual({ code: CLOSE.unauthenticated.code, reason: CLOSE.unauthenticated.reason });
    expect((await person.get("/api/me")).status).toBe(401);
    expect((await ran("user list")).out).toMatch(/^leaver\tleaver\tmember\tdeactivated\t/m);
  });

  it("reset-password: the open socket is cut, and only the new password opens", async () => {
    await added("keeper-too");
    const person = await added("forgetter");
    const socket = await connect(server, person);
    const { out } = await ran("user reset-password forgetter");
    expect(await socket.closed).toEqual({ code: CLOSE.unauthenticated.code, reason: CLOSE.unauthenticated.reason });
    const password = /password: (\S+)$/.exec(out)![1];
    expect((await new Caller(server).post("/api/sessions", { username: "forgetter", password })).status).toBe(201);
  });

  it("set-role: counts at the next request, and the last owner stays one", async () => {
    const owners = await database.sql`select username from users where role = 'owner'`;
    const owner = owners[0]!.username;
    const person = await added("riser");
    expect(await ran("user set-role riser owner")).toMatchObject({ code: 0, out: "riser is owner now" });
    expect((await person.get("/api/me")).body.me.role).toBe("owner");
    expect(await ran(`user set-role ${owner} member`)).toMatchObject({ code: 0 });
    for (const line of ["user set-role riser admin", "user deactivate riser"]) {
      expect(await ran(line)).toMatchObject({ code: 1, err: expect.stringMatching(/^riser is the only owner/) });
    }
    expect((await person.get("/api/me")).body.me.role).toBe("owner");
  });

  it("of somebody unknown", async () => {
    expect(await ran("user deactivate nobody-at-all")).toEqual({
      code: 1,
      out: "",
      err: 'Nobody here is called "nobody-at-all": chautari user list shows who is',
    });
  });

  it("of a database that is not ours yet", async () => {
    const empty = await createEmptyDatabase();
    try {
      expect(await ran("user list", empty.url)).toMatchObject({
        code: 1,
        err: expect.stringMatching(/start the server/),
      });
    } finally {
      await empty.close();
    }
  });
});

describe("invite", () => {
  it("makes a link that makes an account, so many times", async () => {
    const { out, err } = await ran("invite --url https://chat.example.com/np");
    const [, code] = /^https:\/\/chat\.example\.com\/en\/messages#invite=([\w-]+)$/.exec(out)!;
    expect(err).toMatch(/^For one account, until /);
    const closed = await createTestServer({ database, environment: { SIGNUP: "invite" } });
    try {
      const signUp = async (username: string) => {
        const account = { username, name: username, password: "a long password", invite: code };
        return (await new Caller(closed).post("/api/accounts", account)).status;
      };
      expect(await signUp("invited")).toBe(201);
      expect(await signUp("uninvited")).toBeGreaterThanOrEqual(400);
    } finally {
      await closed.close();
    }
  });
});

describe("token", () => {
  it("is what the host site would sign", async () => {
    const secret = "a secret of at least 32 bytes, yes";
    const settings = [`--jwt-secret=${secret.replaceAll(" ", "_")}`, "--jwt-issuer=site", "--jwt-audience=chat"];
    const { code, out } = await ran(`token sita-42 --name Sita --role admin --minutes 5 ${settings.join(" ")}`);
    expect(code).toBe(0);
    const key = new TextEncoder().encode(secret.replaceAll(" ", "_"));
    const { payload } = await jwtVerify(out, key, { issuer: "site", audience: "chat" });
    expect(payload).toMatchObject({ sub: "sita-42", name: "Sita", role: "admin" });
    expect(payload.exp! - payload.iat!).toBe(300);
  });
});
