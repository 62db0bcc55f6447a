// docs/writing-a-client.md is true: its exchange is replayed against a real server, its tables are those of the protocol.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLOSE } from "../../protocol/close_codes.ts";
import { ERRORS } from "../../protocol/errors.ts";
import * as limits from "../../protocol/limits.ts";
import { createTestServer, type TestServer } from "../helpers/server.ts";
import type { TestSocket } from "../helpers/socket.ts";
import { connect, ok, people } from "../helpers/talk.ts";

const page = readFileSync(fileURLToPath(new URL("../../docs/writing-a-client.md", import.meta.url)), "utf8");
const section = (title: string) => page.split(`\n## ${title}\n`)[1]!.split("\n## ")[0]!;
/** The cells of a section's table, without its head. */
const table = (title: string) =>
  section(title).split("\n").filter((line) => line.startsWith("|")).slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim().replaceAll("`", "")));

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/g;

/** The ids of the page and those of this run: each of the one stands for one of the other. */
class Ids {
  readonly #real: Map<string, string>;

  constructor(known: [page: string, run: string][]) {
    this.#real = new Map(known);
  }

  /** A text of the page with the ids of this run; one that is not known yet stays, and means itself from now on. */
  inRun(text: string): string {
    return text.replace(ID, (id) => this.#bind(id, this.#real.get(id) ?? id));
  }

  /** Binds the ids of an expected text to those that stand at the same places in what came. */
  learn(expected: string, came: string): void {
    const real = came.match(ID) ?? [];
    (expected.match(ID) ?? []).forEach((id, index) => {
      if (!this.#real.has(id) && real[index] !== undefined) this.#bind(id, real[index]);
    });
  }

  #bind(id: string, real: string): string {
    this.#real.set(id, real);
    return real;
  }
}

/** What must be equal: times without their value, positions in a fixed order. */
function normal(text: string): unknown {
  return JSON.parse(
    text.replace(TIME, '"a time"'),
    (key, found) =>
      key === "positions" && Array.isArray(found) ? found.toSorted((a, b) => a.userId < b.userId ? -1 : 1) : found,
  );
}

/** What a socket receives, item by item; `next` waits for it. */
class Inbox {
  readonly #socket: TestSocket;
  #read = 0;

  constructor(socket: TestSocket) {
    this.#socket = socket;
  }

  get unread(): unknown[] {
    return this.#socket.items.slice(this.#read);
  }

  async next(): Promise<string> {
    if (this.unread.length === 0) {
      await new Promise((resolve) => this.#socket.ws.once("message", resolve));
      return await this.next();
    }
    return JSON.stringify(this.#socket.items[this.#read++]);
  }
}

describe("the example exchange", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await createTestServer();
  });
  afterAll(() => server.close());

  it("is what a real server says", async () => {
    const [sita, ram] = await people(server, "Sita", "Ram");
    await sita!.open(ram!);
    const other = await connect(server, ram!);
    let socket = await connect(server, sita!);
    let inbox = new Inbox(socket);
    const ids = new Ids([
      ["01920000-0000-7000-8000-000000000001", sita!.me.id],
      ["01920000-0000-7000-8000-000000000002", ram!.me.id],
    ]);
    const lines = section("A complete exchange").split("```jsonl\n")[1]!.split("```")[0]!.trim().split("\n");
    let compared = 0;
    for (const line of lines) {
      if (line.startsWith("#")) continue;
      const [, who, said] = /^(>|<|ram>|close|open) ?(.*)$/.exec(line)!;
      if (who === "close") {
        expect(inbox.unread).toEqual([]);
        socket.close();
        await socket.closed;
      } else if (who === "open") {
        socket = await connect(server, sita!);
        inbox = new Inbox(socket);
      } else if (who === ">") {
        socket.ws.send(ids.inRun(said!));
      } else if (who === "ram>") {
        const { ref: _, ...command } = JSON.parse(ids.inRun(said!));
        await ok(other, command);
      } else {
        for (const item of JSON.parse(said!)) {
          const expected = JSON.stringify(item);
          const came = await inbox.next();
          ids.learn(expected, came);
          expect(normal(came), line).toEqual(normal(ids.inRun(expected)));
          compared++;
        }
      }
    }
    expect(inbox.unread).toEqual([]);
    expect(compared).toBeGreaterThan(20);
  });
});

describe("the tables", () => {
  it("name every error, and whether to try again", () => {
    const known = Object.entries(ERRORS).map(([code, error]) => [code, error.retryable ? "yes" : "no", error.title]);
    expect(table("Errors")).toEqual(known);
  });

  it("name every close code, and whether to come back", () => {
    const known = Object.values(CLOSE).map((one) => [String(one.code), one.reconnect ? "yes" : "no", one.reason]);
    expect(table("When the socket is closed")).toEqual(known);
  });

  it("give the limits as they are", () => {
    const rows = table("Limits");
    expect(rows.length).toBeGreaterThan(10);
    for (const [name, value] of rows) {
      expect([name, value]).toEqual([name, String(limits[name as keyof typeof limits])]);
    }
  });
});
