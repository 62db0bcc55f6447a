// The one place where a failure becomes an answer: problem+json (RFC 9457) with a stable code, never a stack.
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ZodError } from "zod";
import { CommandError, type ErrorCode, ERRORS } from "../../protocol/errors.ts";
import { ProblemDetails } from "../../protocol/rest.ts";
import { isUnavailable } from "../store/errors.ts";
import type { HttpEnv } from "./context.ts";

export function onError(error: unknown, c: Context<HttpEnv>): Response {
  const known = asCommandError(error);
  const request = { method: c.req.method, route: c.req.path };
  if (isPeerGone(error)) c.var.log.debug("peer went away in the middle of its request", request);
  // who is told how long to wait is held back on purpose, and that was said once
  else if (known === null || known.code === "unavailable" && known.retryAfter === undefined) {
    c.var.log.error("request failed", { ...request, error });
  }
  return problem(c, known ?? new CommandError("internal"));
}

function asCommandError(error: unknown): CommandError | null {
  if (error instanceof CommandError) return error;
  if (isPeerGone(error)) return new CommandError("bad_request");
  if (isUnavailable(error)) return new CommandError("unavailable");
  if (error instanceof HTTPException && error.status < 500) return new CommandError("bad_request");
  return null;
}

/** Node's words for it; a database that is gone has the same code and others. */
function isPeerGone(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return code === "ECONNRESET" && message === "aborted";
}

export function problem(c: Context<HttpEnv>, error: CommandError): Response {
  const { status, title, retryable } = ERRORS[error.code];
  const body: ProblemDetails = {
    type: "about:blank",
    title,
    status,
    code: error.code,
    retryable,
    requestId: c.var.requestId,
    ...(error.detail !== undefined && { detail: error.detail }),
    ...(error.problems !== undefined && { problems: error.problems }),
  };
  const headers: Record<string, string> = { "content-type": "application/problem+json", "cache-control": "no-store" };
  if (error.retryAfter !== undefined) headers["retry-after"] = String(Math.ceil(error.retryAfter));
  return c.body(JSON.stringify(body), status, headers);
}

type Checked = { success: true } | { success: false; error: ZodError };

/** What every route does with a value that its schema refuses: 422, with a pointer to each. */
export function onInvalid(result: Checked & { target: string }): void {
  if (result.success) return;
  const part = PARTS[result.target] ?? result.target;
  throw new CommandError("invalid", {
    problems: result.error.issues.slice(0, 20).map((issue) => ({
      pointer: ["", part, ...issue.path.map(escapePointer)].join("/"),
      detail: issue.message,
    })),
  });
}

const PARTS: Record<string, string> = { json: "body", param: "path" };

/** RFC 6901 §3. */
function escapePointer(key: PropertyKey): string {
  return String(key).replaceAll("~", "~0").replaceAll("/", "~1");
}

/** The problem answers of a route for its OpenAPI entry, grouped by status. Every route may also answer with the common ones. */
export function problems(...codes: ErrorCode[]): Record<never, never> {
  const byStatus = Map.groupBy(new Set([...codes, ...COMMON]), (code) => ERRORS[code].status);
  return Object.fromEntries([...byStatus].map(([status, group]) => [status, {
    description: group.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join("; "),
    content: { "application/problem+json": { schema: ProblemDetails } },
  }]));
}

/** What may stop a request before its route sees it, or keep the route from answering. */
const COMMON: ErrorCode[] = [
  "bad_request",
  "cross_origin",
  "too_large",
  "unsupported_media_type",
  "invalid",
  "rate_limited",
  "internal",
  "unavailable",
];
