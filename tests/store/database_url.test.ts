// DATABASE_URL: what is read from it, what is refused, and that no password is ever shown.

import { describe, expect, it } from "vitest";
import { parseDatabaseUrl } from "../../server/store/database_url.ts";

describe("DATABASE_URL", () => {
  it("names a server, with what is usual left out", () => {
    expect(parseDatabaseUrl("postgres://ram:s%40cret@db.example/chat")).toEqual({
      host: "db.example",
      port: 5432,
      username: "ram",
      password: "s@cret",
      database: "chat",
      ssl: false,
      shown: "ram@db.example:5432/chat",
    });
    expect(parseDatabaseUrl("postgres://ram@[::1]/chat").host).toBe("::1");
    expect(parseDatabaseUrl("postgresql://ram@db.example:6000")).toMatchObject({ port: 6000, database: "ram" });
  });

  it("asks for TLS with sslmode", () => {
    const ssl = (mode: string) => parseDatabaseUrl(`postgres://ram@h/chat?sslmode=${mode}`).ssl;
    expect([ssl("require"), ssl("verify-ca"), ssl("verify-full"), ssl("disable")])
      .toEqual(["require", "verify-full", "verify-full", false]);
  });

  it("names the folder of a Unix socket as PostgreSQL's own tools do", () => {
    expect(parseDatabaseUrl("postgres://ram@/chat?host=/var/run/postgresql"))
      .toMatchObject({ path: "/var/run/postgresql/.s.PGSQL.5432", shown: "ram@/var/run/postgresql/chat" });
    expect(parseDatabaseUrl("postgres://ram@:6000/chat?host=/run").path).toBe("/run/.s.PGSQL.6000");
  });

  it("takes what providers add without an effect here", () => {
    expect(parseDatabaseUrl("postgres://ram@h/chat?sslmode=require&channel_binding=require").ssl).toBe("require");
  });

  it.each([
    ["mysql://ram@h/chat", "is not a postgres:// address"],
    ["nonsense", "is not a postgres:// address"],
    ["postgres://h/chat", "names no user"],
    ["postgres://ram@/chat", "names no host"],
    ["postgres://ram@h/chat?sslmode=maybe", "has sslmode=maybe"],
    ["postgres://ram@h/chat?sslrootcert=ca.pem", 'has a parameter "sslrootcert"'],
    ["postgres://ram:12#34@h/chat", "write special characters of the password"],
    ["postgres://ram:12/34@h/chat", "write special characters of the password"],
    ["postgres://ram:12?34@h/chat", "write special characters of the password"],
    ["postgres://ram:ab#cd@h/chat", "is not a postgres:// address"],
    ["postgres://ram:%zz@h/chat", "is not a postgres:// address"],
  ])("refuses %s", (url, reason) => {
    expect(() => parseDatabaseUrl(url)).toThrow(reason);
  });

  it.each(["postgres://ram:12#34@h/c", "postgres://ram:pw12@h:port/c", "postgres://ram:pw12@h/c?x=1"])(
    "does not show the password of %s",
    (url) => {
      expect(() => parseDatabaseUrl(url)).toThrow(/^DATABASE_URL (?!.*(12|34))/);
    },
  );
});
