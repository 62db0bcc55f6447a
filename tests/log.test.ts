// Log lines: their level, their two forms, and what never stands in them.
import { describe, expect, it } from "vitest";
import { background } from "../server/background.ts";
import { createLog, type LogLevel } from "../server/log.ts";

function logOf(format: "text" | "json", level: LogLevel = "debug") {
  const entries: string[] = [];
  const now = () => new Date("2026-01-02T03:04:05.678Z");
  return { entries, log: createLog({ level, format, write: (entry) => entries.push(entry), now }) };
}

describe("form", () => {
  it("is one readable line as text", () => {
    const { log, entries } = logOf("text");
    log.info("Request answered", { status: 200, path: "/api/me", agent: "a b", missing: undefined });
    expect(entries).toEqual(['2026-01-02T03:04:05.678Z info  Request answered status=200 path=/api/me agent="a b"']);
  });

  it("is one JSON object a line as json", () => {
    const { log, entries } = logOf("json");
    log.warn("Slow", { ms: 12n, at: new Date(0), bytes: new Uint8Array(3) });
    expect(JSON.parse(entries[0]!)).toEqual({
      time: "2026-01-02T03:04:05.678Z",
      level: "warn",
      message: "Slow",
      ms: "12",
      at: "1970-01-01T00:00:00.000Z",
      bytes: "3 bytes",
    });
  });

  it("leaves out what is less important than asked for", () => {
    const { log, entries } = logOf("text", "warn");
    log.debug("a");
    log.info("b");
    log.warn("c");
    log.error("d");
    expect(entries.map((entry) => entry.at(-1))).toEqual(["c", "d"]);
  });

  it("carries a child's fields on each line", () => {
    const { log, entries } = logOf("text");
    log.child({ connection: "c1" }).child({ ref: 7 }).info("x", { ref: 8 });
    expect(entries[0]).toMatch(/x connection=c1 ref=8$/);
  });

  it("cannot be forged by a line break, a field's name or a terminal's escape", () => {
    const text = logOf("text");
    text.log.info("a\nb", { name: "x\n2026 error y", "k\ney": "\u001b[2J\u009b\u2028" });
    expect(text.entries[0]!.split("\n")).toHaveLength(1);
    expect(text.entries[0]).not.toMatch(/[\p{Cc}\u2028]/u);
    const json = logOf("json");
    json.log.info("real", { message: "forged", level: "error" });
    expect(JSON.parse(json.entries[0]!)).toMatchObject({ message: "real", level: "info" });
  });

  it("survives a circle", () => {
    const { log, entries } = logOf("json");
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    log.info("x", { circle });
    expect(entries).toHaveLength(1);
  });
});

describe("errors", () => {
  it("come with name, message, stack and cause", () => {
    const { log, entries } = logOf("json");
    log.error("x", { error: new TypeError("outer", { cause: new Error("inner") }) });
    const { error } = JSON.parse(entries[0]!);
    expect(error).toMatchObject({ name: "TypeError", message: "outer", cause: { message: "inner" } });
    expect(error.stack).toContain("log.test.ts");
  });

  it("have their stack below the line as text", () => {
    const { log, entries } = logOf("text");
    log.error("x", { error: new Error("outer", { cause: new Error("inner") }) });
    expect(entries[0]).toContain('error="Error: outer"\n    Error: outer\n');
    expect(entries[0]).toContain("    Caused by:\n    Error: inner\n");
  });

  it("keep to themselves what a driver hangs on them", () => {
    const { log, entries } = logOf("json");
    log.error("x", {
      error: Object.assign(new Error("e"), { code: "23505", query: "q-text", parameters: ["p-text"] }),
    });
    expect(JSON.parse(entries[0]!).error.code).toBe("23505");
    expect(entries[0]).not.toMatch(/q-text|p-text/);
  });
});

describe("what never stands in a line", () => {
  const keys = ["token", "password", "secret", "cookie", "authorization", "body", "ticket"];
  const spellings = ["accessToken", "Set-Cookie", "Authorization", "passwordHash", "JWT_SECRET"];

  it.each([...keys, ...spellings].flatMap((key) => [[key, "text"], [key, "json"]] as const))(
    "%s, as %s",
    (key, format) => {
      const { log, entries } = logOf(format);
      log.info("x", { [key]: "hunter2", deep: { list: [{ [key]: { at: "hunter2" } }] } });
      log.child({ [key]: "hunter2" }).info("x");
      expect(entries.join("\n")).not.toContain("hunter2");
      expect(entries.join("\n")).toContain(key);
    },
  );

  it("the password in a database's address, wherever it stands", () => {
    const { log, entries } = logOf("json");
    const url = "postgres://chautari:hunter2@db/x";
    log.error(`Cannot reach ${url}`, { url, error: new Error(`Cannot reach ${url}`) });
    expect(entries[0]).not.toContain("hunter2");
    expect(entries[0]).toContain("postgres://chautari:…@db/x");
  });
});

describe("background work", () => {
  it("that fails is logged", async () => {
    const { log, entries } = logOf("text");
    const failed = Promise.reject(new Error("lost"));
    background(failed, log, "mark the session as seen");
    await failed.catch(() => {});
    expect(entries[0]).toContain('error Cannot mark the session as seen error="Error: lost"');
  });

  it("that succeeds says nothing", async () => {
    const { log, entries } = logOf("text");
    const done = Promise.resolve(1);
    background(done, log, "x");
    await done;
    expect(entries).toEqual([]);
  });
});
