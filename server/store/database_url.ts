// Reads DATABASE_URL: where the owner's own PostgreSQL is, in words that never show its password.

import { StartError } from "./start_error.ts";

export type Address = {
  host: string;
  port: number;
  username: string;
  password: string;
  database: string;
  /** postgres.js' own words; false: no TLS. */
  ssl: false | "require" | "allow" | "prefer" | "verify-full";
  /** The Unix socket to use instead of host and port. */
  path?: string;
  /** The address without its password, to be shown. */
  shown: string;
};

const SSL = {
  disable: false,
  allow: "allow",
  prefer: "prefer",
  require: "require",
  "verify-ca": "verify-full",
  "verify-full": "verify-full",
} as const;

/** What providers put into their addresses and this program does by itself, or its driver does not do. */
const WITHOUT_EFFECT = ["application_name", "channel_binding", "connect_timeout"];

const NO_HOST = "none.invalid";

/**
 * `postgres://user:password@host:port/database?sslmode=require`; for a Unix socket
 * `postgres://user@/database?host=/var/run/postgresql`. Throws StartError when it is anything else.
 * https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */
export function parseDatabaseUrl(text: string): Address {
  const url = parse(text);
  for (const name of url.searchParams.keys()) {
    if (![...WITHOUT_EFFECT, "sslmode", "host"].includes(name)) {
      throw refused(`has a parameter "${name}": only sslmode and host are known`);
    }
  }
  const sslmode = url.searchParams.get("sslmode") ?? "disable";
  if (!Object.hasOwn(SSL, sslmode)) {
    throw refused(`has sslmode=${sslmode}: expected one of ${Object.keys(SSL).join(", ")}`);
  }
  const directory = url.searchParams.get("host");
  const host = directory ?? decode(url.hostname).replace(/^\[(.*)\]$/, "$1");
  const port = Number(url.port || 5432);
  const username = decode(url.username);
  const database = decode(url.pathname.slice(1)) || username;
  if (host === NO_HOST || host === "") throw refused("names no host");
  if (username === "") throw refused("names no user");
  return {
    host,
    port,
    username,
    password: decode(url.password),
    database,
    ssl: SSL[sslmode as keyof typeof SSL],
    ...(host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}`, ssl: false } : {}),
    shown: `${username}@${host.startsWith("/") ? host : `${host}:${port}`}/${database}`,
  };
}

function parse(text: string): URL {
  // a URL without a host is no URL to WHATWG, but is one to PostgreSQL's own tools
  const url = URL.parse(text.replace(/^(postgres(?:ql)?:\/\/[^/?#]*@)(?=[:/?]|$)/, `$1${NO_HOST}`));
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw refused("is not a postgres:// address");
  }
  // a password with a bare # / or ? ends the host too early, and its rest would be shown as something else
  if (url.username === "" && text.includes("@")) {
    throw refused("cannot be read: write special characters of the password as %23 (#), %2F (/), %3F (?), %40 (@)");
  }
  return url;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused("is not a postgres:// address: it has a % that is no %25");
  }
}

function refused(what: string): StartError {
  return new StartError(
    `DATABASE_URL ${what}. Expected postgres://user:password@host:5432/database (with ?sslmode=require for TLS)`,
  );
}
