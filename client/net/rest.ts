// Asks the server over HTTP: JSON both ways; every failure is a Failure, with the code of problem+json (RFC 9457).
import type { z } from "zod";
import type {
  ConversationDetail,
  ConversationList,
  MeAnswer,
  MessageAnswer,
  MessagePage,
  PublicConfig,
} from "../../protocol/rest.ts";
import type { Problem } from "../../protocol/errors.ts";
import { Failure, type FailureCode } from "../state/failure.ts";

/** An answer that takes longer is taken for none: a phone's network can swallow a request without a word. */
const ANSWER_TIMEOUT_MS = 20_000;

type Answer<Schema extends z.ZodType> = z.infer<Schema>;
type Query = Record<string, string | number | boolean | undefined>;

export type Rest = ReturnType<typeof createRest>;

export function createRest(send: typeof fetch = (input, init) => fetch(input, init)) {
  const get = <T>(path: string, query: Query = {}) => ask<T>(send, "GET", path + queryString(query));
  const post = <T>(path: string, body: unknown) => ask<T>(send, "POST", path, body);
  const conversations = "/api/messages/conversations";
  const one = (id: string, rest = "") => `${conversations}/${encodeURIComponent(id)}${rest}`;
  return {
    /** For what has no name here: it is asked for rarely (net/rarely.ts). */
    ask: <T>(method: string, path: string, body?: unknown) => ask<T>(send, method, path, body),
    config: () => get<PublicConfig>("/api/config"),
    me: () => get<Answer<typeof MeAnswer>>("/api/me"),
    signInByLink: (code: string) => post<Answer<typeof MeAnswer>>("/api/sessions/link", { code }),

    conversations: (query: { cursor?: string; archived?: boolean; limit?: number } = {}) =>
      get<Answer<typeof ConversationList>>(conversations, query),
    conversation: (id: string) => get<Answer<typeof ConversationDetail>>(one(id)),

    messages: (id: string, query: { before?: number; after?: number; limit?: number }) =>
      get<MessagePage>(one(id, "/messages"), query),
    sendMessage: (id: string, body: { clientId: string; body: string }) =>
      post<Answer<typeof MessageAnswer>>(one(id, "/messages"), body),
  };
}

async function ask<T>(send: typeof fetch, method: string, path: string, body?: unknown): Promise<T> {
  let response: Response;
  let answer: unknown;
  try {
    response = await send(path, {
      method,
      headers: { accept: "application/json", ...body === undefined ? {} : { "content-type": "application/json" } },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    answer = await readJson(response);
  } catch {
    throw new Failure("offline");
  }
  if (!response.ok) throw toFailure(response, answer);
  return answer as T;
}

/** Null where the body is no JSON: an empty answer, or a proxy's own error page. */
async function readJson(response: Response): Promise<unknown> {
  if (!/[/+]json\b/.test(response.headers.get("content-type") ?? "")) return null;
  return await response.json();
}

function toFailure(response: Response, answer: unknown): Failure {
  const problem = (answer ?? {}) as { code?: FailureCode; retryable?: boolean; problems?: Problem[] };
  const retryAfter = Number(response.headers.get("retry-after"));
  return new Failure(problem.code ?? (response.status >= 500 ? "unavailable" : "bad_request"), {
    retryable: problem.retryable ?? response.status >= 500,
    problems: problem.problems ?? [],
    ...retryAfter > 0 ? { retryAfter } : {},
  });
}

function queryString(query: Query): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)]))}`;
}
