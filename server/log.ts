// Structured log lines, readable text or JSON, from which secrets and people's words are kept out.

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Record<string, unknown>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log that adds these fields to each of its lines. */
  child(fields: LogFields): Log;
}

export interface LogOptions {
  level: LogLevel;
  format: "text" | "json";
  /** Takes a whole entry without its last newline; standard output when left out. */
  write?: (entry: string) => void;
  now?: () => Date;
}

const LEVELS: LogLevel[] = ["debug", "info", "warn", "error"];
const PRIVATE_KEY = /token|password|secret|cookie|authorization|ticket|^body$/i;
const MAX_DEPTH = 5;

export function createLog(options: LogOptions, fixed: LogFields = {}): Log {
  const { level: least, format, write = (entry) => console.log(entry), now = () => new Date() } = options;
  const render = format === "json" ? asJson : asText;
  const at = (level: LogLevel) => (message: string, fields: LogFields = {}) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    const safe = publicFields({ ...fixed, ...fields }, 0);
    write(render({ time: now().toISOString(), level, message: withoutPassword(message) }, safe));
  };
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (fields) => createLog(options, { ...fixed, ...fields }),
  };
}

type Head = { time: string; level: LogLevel; message: string };

/** The head stands first and cannot be overwritten by a field of the same name. */
function asJson(head: Head, fields: LogFields): string {
  return JSON.stringify({ ...head, ...fields, ...head });
}

function asText(head: Head, fields: LogFields): string {
  const pairs: string[] = [];
  const stacks: string[] = [];
  for (const [key, value] of Object.entries(fields)) {
    if (isLoggedError(value)) {
      pairs.push(`${key}=${plain(`${value.name}: ${value.message}`)}`);
      stacks.push(...stackLines(value));
    } else {
      pairs.push(`${key}=${typeof value === "string" ? plain(value) : JSON.stringify(value)}`);
    }
  }
  const line = [head.time, head.level.padEnd(5), head.message, ...pairs].join(" ");
  return [oneLine(line), ...stacks].join("\n");
}

function stackLines(error: LoggedError): string[] {
  const lines = (error.stack ?? error.message).split("\n").map((line) => "    " + oneLine(line));
  return isLoggedError(error.cause) ? [...lines, "    Caused by:", ...stackLines(error.cause)] : lines;
}

/** Quoted where a reader, or someone who plants a line break, could take it for something else. */
function plain(text: string): string {
  return /^[\w.:/@+-]+$/.test(text) ? text : JSON.stringify(text);
}

/** Control characters (Unicode category Cc) and line separators as escapes: none of them may reach a terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function publicFields(fields: object, depth: number): LogFields {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, PRIVATE_KEY.test(key) ? "(private)" : publicValue(value, depth)]),
  );
}

function publicValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return withoutPassword(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "function" || typeof value === "symbol") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (depth >= MAX_DEPTH) return "…";
  if (value instanceof Error) return loggedError(value, depth);
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (Array.isArray(value)) return value.map((item) => publicValue(item, depth + 1));
  return publicFields(value, depth + 1);
}

type LoggedError = { name: string; message: string; stack?: string; code?: string; cause?: unknown };

/** Only these: a driver's error also carries the query and its parameters, which are people's words. */
function loggedError(error: Error, depth: number): LoggedError {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: withoutPassword(error.message),
    ...(error.stack === undefined ? {} : { stack: withoutPassword(error.stack) }),
    ...(typeof code === "string" ? { code } : {}),
    ...(error.cause === undefined ? {} : { cause: publicValue(error.cause, depth + 1) }),
  };
}

function isLoggedError(value: unknown): value is LoggedError {
  return typeof value === "object" && value !== null && "stack" in value && "message" in value;
}

/** A database's address may stand in any text, with its password. */
function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^\s:/@]*):[^\s/@]*@/g, "$1:…@");
}
