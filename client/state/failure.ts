// Why something a person asked for did not happen, in a form that the net throws and the views can put into words.
import type { ErrorCode, Problem } from "../../protocol/errors.ts";

/** A code of the server's catalogue, or `offline`: no answer came at all. */
export type FailureCode = ErrorCode | "offline";

export class Failure extends Error {
  readonly code: FailureCode;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** Seconds to wait before that, where the server said so. */
  readonly retryAfter: number | undefined;
  readonly problems: readonly Problem[];

  constructor(code: FailureCode, options: { retryable?: boolean; retryAfter?: number; problems?: Problem[] } = {}) {
    super(code);
    this.name = "Failure";
    this.code = code;
    this.retryable = options.retryable ?? code === "offline";
    this.retryAfter = options.retryAfter;
    this.problems = options.problems ?? [];
  }

  /** The fields of a form that were not accepted, in the server's order: the last step of each JSON pointer. */
  get fields(): string[] {
    return this.problems.map(({ pointer }) => pointer.split("/").at(-1)!);
  }
}

/** Any thrown thing as a Failure: what is not one already is a fault of ours, said as `internal`. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  console.error(thrown);
  return new Failure("internal", { retryable: true });
}
