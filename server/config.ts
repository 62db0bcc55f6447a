// From the environment and the flags to one checked `Config`. The only file that reads the environment.
import type { z } from "zod";
import { flagOf, SETTING_NAMES as NAMES, type SettingName as Name, SETTINGS, shown } from "./settings.ts";

export interface Config {
  port: number;
  /** False: 8080 is only a wish, and the next free port will do. */
  portGiven: boolean;
  host: string;
  dataDir: string;
  /** Null: the PostgreSQL inside is used. */
  databaseUrl: string | null;
  /** Null: people have accounts here. Else exactly one of `secret` and `jwksUrl` is set (host mode). */
  jwt: null | {
    secret: string | null;
    jwksUrl: string | null;
    issuer: string;
    audience: string;
    /** The name of the site's own cookie that carries the token. */
    cookie: string | null;
  };
  signInUrl: string | null;
  corsOrigins: string[];
  listingOrigins: string[];
  signup: "open" | "invite" | "closed";
  /** How many reverse proxies stand in front. */
  trustProxy: number;
  /** Null: plain http. */
  tls: { cert: string; key: string } | null;
  /** Null: there is no /metrics. */
  metricsToken: string | null;
  minFreeMb: number;
  /** Null: a share of what there is. */
  maxMemoryMb: number | null;
  /** Minutes after sending within which a message may be edited, or deleted by its author; 0: for ever. */
  editMinutes: number;
  deleteMinutes: number;
  logLevel: "debug" | "info" | "warn" | "error";
  logFormat: "text" | "json";
}

/** Settings that cannot be used: one line per mistake, with the name, what was given and what is expected. */
export class ConfigError extends Error {
  readonly lines: string[];

  constructor(lines: string[]) {
    super(lines.join("\n"));
    this.name = "ConfigError";
    this.lines = lines;
  }
}

type Values = { [N in Name]?: z.output<(typeof SETTINGS)[N]["schema"]> };
type Texts = Partial<Record<Name, string>>;

/** The environment's settings, each asked for by its name: the program may read no others. */
export function readEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(NAMES.map((name) => [name, Deno.env.get(name)]));
}

/**
 * Reads and checks all settings; a flag wins over the environment, whose empty values count as not given.
 * @throws {ConfigError} with every mistake at once
 */
export function readConfig(environment: Record<string, string | undefined>, args: string[]): Config {
  const mistakes: string[] = [];
  const texts: Texts = {};
  for (const name of NAMES) if (environment[name]) texts[name] = environment[name];
  Object.assign(texts, readFlags(args, mistakes));
  const values = readValues(texts, mistakes);
  mistakes.push(...contradictions(texts));
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  const corsOrigins = values.CORS_ORIGINS ?? [];
  return {
    port: values.PORT ?? 8080,
    portGiven: values.PORT !== undefined,
    host: values.HOST ?? "127.0.0.1",
    dataDir: values.DATA_DIR ?? "./data",
    databaseUrl: values.DATABASE_URL ?? null,
    jwt: isHostMode(texts)
      ? {
        secret: values.JWT_SECRET ?? null,
        jwksUrl: values.JWT_JWKS_URL ?? null,
        issuer: values.JWT_ISSUER!,
        audience: values.JWT_AUDIENCE!,
        cookie: values.JWT_COOKIE ?? null,
      }
      : null,
    signInUrl: values.SIGN_IN_URL ?? null,
    corsOrigins,
    listingOrigins: values.LISTING_ORIGINS ?? corsOrigins,
    signup: values.SIGNUP ?? "open",
    trustProxy: values.TRUST_PROXY ?? 0,
    tls: values.TLS_CERT && values.TLS_KEY ? { cert: values.TLS_CERT, key: values.TLS_KEY } : null,
    metricsToken: values.METRICS_TOKEN ?? null,
    minFreeMb: values.MIN_FREE_MB ?? 256,
    maxMemoryMb: values.MAX_MEMORY_MB ?? null,
    editMinutes: values.EDIT_MINUTES ?? 0,
    deleteMinutes: values.DELETE_MINUTES ?? 0,
    logLevel: values.LOG_LEVEL ?? "warn",
    logFormat: values.LOG_FORMAT ?? "text",
  };
}

function readFlags(args: string[], mistakes: string[]): Texts {
  const texts: Texts = {};
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    const [, flag, inline] = /^(--[^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (flag === undefined) {
      mistakes.push(`"${arg}" is not known here: settings are given like --port 9000 (--help lists all)`);
      continue;
    }
    // A value that looks like a flag is a forgotten value; it can still be given with "=".
    const following = args[at + 1]?.startsWith("--") ? undefined : args[at + 1];
    const name = NAMES.find((candidate) => flagOf(candidate) === flag);
    const value = inline ?? following;
    if (inline === undefined && following !== undefined) at++;
    if (name === undefined) {
      mistakes.push(`${flag} is not known${didYouMean(flag, NAMES.map(flagOf))} (--help lists all)`);
    } else if (value === undefined) mistakes.push(`${flag}: no value is given; expected ${SETTINGS[name].expected}`);
    else texts[name] = value;
  }
  return texts;
}

function readValues(texts: Texts, mistakes: string[]): Values {
  const read = Object.entries(texts).map(([key, text]) => {
    const name = key as Name;
    const result = SETTINGS[name].schema.safeParse(text);
    if (!result.success) mistakes.push(`${name}: ${shown(name, text)} is given; expected ${SETTINGS[name].expected}`);
    return [name, result.data];
  });
  return Object.fromEntries(read);
}

/** What each setting accepts alone but not beside the others. */
function contradictions(texts: Texts): string[] {
  const given = (name: Name) => texts[name] !== undefined;
  const lines: string[] = [];
  for (const [name, other] of [["TLS_CERT", "TLS_KEY"], ["TLS_KEY", "TLS_CERT"]] as const) {
    if (given(name) && !given(other)) lines.push(`${name}: given alone; expected ${other} with it`);
  }
  if (isHostMode(texts)) {
    if (given("JWT_SECRET") && given("JWT_JWKS_URL")) {
      lines.push("JWT_SECRET and JWT_JWKS_URL: both are given; expected one of them");
    }
    for (const name of ["JWT_ISSUER", "JWT_AUDIENCE"] as const) {
      if (!given(name)) lines.push(`${name}: nothing is given; expected ${SETTINGS[name].expected}`);
    }
    if (given("SIGNUP")) {
      lines.push("SIGNUP: given with JWT_SECRET or JWT_JWKS_URL; expected nothing, since your site makes the accounts");
    }
    return lines;
  }
  for (const name of ["JWT_ISSUER", "JWT_AUDIENCE", "JWT_COOKIE", "SIGN_IN_URL"] as const) {
    if (given(name)) lines.push(`${name}: given alone; expected JWT_SECRET or JWT_JWKS_URL with it`);
  }
  return lines;
}

function isHostMode(texts: Texts): boolean {
  return texts.JWT_SECRET !== undefined || texts.JWT_JWKS_URL !== undefined;
}

/** The nearest of `known`, if one is near or begins alike, as the end of a sentence about `word`. */
export function didYouMean(word: string, known: string[]): string {
  const meant = word.toLowerCase().replaceAll("_", "-");
  const near = known
    .map((one) => ({ one, distance: one.startsWith(meant) ? 0 : editDistance(meant, one) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const isNear = near !== undefined && near.distance <= Math.min(3, meant.replace(/^-+/, "").length / 2);
  return isNear ? `; did you mean ${near.one}?` : "";
}

/** Levenshtein's distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let line = 1; line <= from.length; line++) {
    const next = [line];
    for (let column = 1; column <= to.length; column++) {
      const replace = row[column - 1]! + (from[line - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(replace, row[column]! + 1, next[column - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
