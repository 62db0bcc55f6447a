// Opaque cursors of paged lists: the last row's sort key as base64url JSON, checked again when it comes back.
import { CommandError } from "../../protocol/errors.ts";

export function encodeCursor(key: string[]): string {
  return btoa(JSON.stringify(key)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The parts of a cursor; each must match its pattern, else `invalid`: a cursor that we did not make. */
export function decodeCursor(cursor: string, ...patterns: RegExp[]): string[] {
  try {
    const key: unknown = JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
    if (Array.isArray(key) && key.length === patterns.length && patterns.every((p, i) => p.test(String(key[i])))) {
      return key.map(String);
    }
  } catch { /* not base64, not JSON: not ours */ }
  throw new CommandError("invalid", {
    problems: [{ pointer: "/query/cursor", detail: "must be the nextCursor of an earlier answer" }],
  });
}

export const UUID_PATTERN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** A timestamptz as PostgreSQL writes it with `TimeZone = UTC`, microseconds kept. */
export const TIME_PATTERN = /^\d{4,6}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/;
