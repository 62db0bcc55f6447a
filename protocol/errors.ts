// The closed catalogue of what can go wrong: a stable code, its HTTP status, whether trying again can help, and words for a person.

export const ERRORS = {
  bad_request: { status: 400, retryable: false, title: "The request could not be read" },
  invalid: { status: 422, retryable: false, title: "The request has a value that is not accepted" },
  unauthenticated: { status: 401, retryable: false, title: "Sign in to do this" },
  invalid_credentials: { status: 401, retryable: false, title: "The user name or the password is wrong" },
  forbidden: { status: 403, retryable: false, title: "You may not do this" },
  cross_origin: { status: 403, retryable: false, title: "The request came from a page of another site" },
  signup_closed: { status: 403, retryable: false, title: "New accounts are not open here" },
  invite_invalid: { status: 403, retryable: false, title: "The invitation is used, has ended or is not known" },
  not_found: { status: 404, retryable: false, title: "There is no such thing, or you may not see it" },
  user_not_found: { status: 404, retryable: false, title: "There is no such person" },
  username_taken: { status: 409, retryable: false, title: "The user name is taken" },
  client_id_reused: { status: 409, retryable: false, title: "The client id was used before for another message" },
  recipient_left: { status: 409, retryable: false, title: "The other person has left this conversation" },
  too_late: { status: 409, retryable: false, title: "The time for changing this message is over" },
  not_a_group: { status: 409, retryable: false, title: "This can be done in a group only" },
  group_full: { status: 409, retryable: false, title: "The group has as many people as it can hold" },
  too_large: { status: 413, retryable: false, title: "The request is too large" },
  unsupported_media_type: { status: 415, retryable: false, title: "The request body must be JSON" },
  upgrade_required: { status: 426, retryable: false, title: "This address takes WebSockets only" },
  rate_limited: { status: 429, retryable: true, title: "Too many requests; wait a little" },
  internal: { status: 500, retryable: true, title: "Something went wrong on the server" },
  unavailable: { status: 503, retryable: true, title: "The server cannot do this right now; try again" },
} as const;

export type ErrorCode = keyof typeof ERRORS;

export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** One value that was not accepted: a JSON pointer (RFC 6901) to it, and what is expected there. */
export type Problem = { pointer: string; detail: string };

/** An expected failure. One place turns it into a reply on the socket, one into problem+json (RFC 9457). */
export class CommandError extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly problems: Problem[] | undefined;
  /** Seconds after which trying again makes sense (`Retry-After`). */
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, options: { detail?: string; problems?: Problem[]; retryAfter?: number } = {}) {
    super(options.detail ?? ERRORS[code].title);
    this.name = "CommandError";
    this.code = code;
    this.detail = options.detail;
    this.problems = options.problems;
    this.retryAfter = options.retryAfter;
  }
}
