// A connection: one client's socket. Commands come in and are answered by `ref`; all that a flush holds leaves as one frame.
import { CLOSE, type CloseReason } from "../../protocol/close_codes.ts";
import { COMMANDS } from "../../protocol/commands.ts";
import { CommandError, ERRORS } from "../../protocol/errors.ts";
import type { ErrorBody } from "../../protocol/frames.ts";
import { JsonError, parseJson } from "../../protocol/json.ts";
import type { Principal } from "../auth/principal.ts";
import type { EncodedEvent, Subscriber } from "../room/subscriber.ts";
import type { Dispatch } from "./dispatch.ts";

/** The socket below a connection: all that it may do with it. */
export interface Wire {
  send(frame: string): void;
  close(code: number, reason: string): void;
  /** Bytes that were sent but have not left this process yet. */
  readonly bufferedBytes: number;
}

/** A reader this far behind is cut; it comes back and resumes from what it has. */
const BUFFERED_MAX_BYTES = 4 * 1024 * 1024;

export class Connection implements Subscriber {
  readonly id: string = crypto.randomUUID();
  readonly principal: Principal;
  readonly #wire: Wire;
  readonly #dispatch: Dispatch;
  #outgoing: string[] = [];
  #closed = false;

  constructor(principal: Principal, wire: Wire, dispatch: Dispatch) {
    this.principal = principal;
    this.#wire = wire;
    this.#dispatch = dispatch;
  }

  send(event: EncodedEvent): void {
    this.#queue(event.json);
  }

  /** Takes one frame from the client. What is wrong with it is answered; only what is not a command at all closes. */
  receive(frame: string): void {
    let ref: string | null = null;
    try {
      const value = parseJson(frame) as { ref?: unknown; command?: unknown } | null;
      if (typeof value?.ref === "string" && value.ref.length <= 64) ref = value.ref;
      const command = this.#read(value);
      this.#dispatch(this, command).then(
        (result) => this.#queue(JSON.stringify({ ref, ok: result })),
        (error) => this.#refuse(ref, error),
      );
    } catch (error) {
      this.#refuse(ref, error);
    }
  }

  /** Says why and closes; nothing is sent after it. */
  close(reason: CloseReason): void {
    if (this.#closed) return;
    this.#flush();
    this.#closed = true;
    this.#wire.close(CLOSE[reason].code, CLOSE[reason].reason);
  }

  /** The socket is gone: what is still asked finishes, but nobody hears of it. */
  ended(): void {
    this.#closed = true;
    this.#outgoing = [];
  }

  #read(value: unknown) {
    const name = (value as { command?: unknown } | null)?.command;
    if (typeof name !== "string" || !Object.hasOwn(COMMANDS, name)) {
      const known = Object.keys(COMMANDS).join(", ");
      throw new CommandError("invalid", { detail: `/command: must be one of ${known}` });
    }
    const parsed = COMMANDS[name as keyof typeof COMMANDS].input.safeParse(value);
    if (parsed.success) return parsed.data;
    const first = parsed.error.issues[0]!;
    throw new CommandError("invalid", { detail: `/${first.path.join("/")}: ${first.message}` });
  }

  #refuse(ref: string | null, error: unknown): void {
    const known = error instanceof CommandError
      ? error
      : new CommandError(error instanceof JsonError ? "bad_request" : "internal", {
        ...(error instanceof JsonError && { detail: error.message }),
      });
    const body: ErrorBody = {
      code: known.code,
      message: known.detail ?? ERRORS[known.code].title,
      retryable: ERRORS[known.code].retryable,
      ...(known.retryAfter !== undefined && { retryAfter: known.retryAfter }),
    };
    this.#queue(JSON.stringify({ ref, error: body }));
  }

  #queue(json: string): void {
    if (this.#closed) return;
    // The first to wait asks for a flush; all that the present turn of the event loop brings goes with it.
    if (this.#outgoing.push(json) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#closed || this.#outgoing.length === 0) return;
    const frame = `[${this.#outgoing.join(",")}]`;
    this.#outgoing = [];
    this.#wire.send(frame);
    if (this.#wire.bufferedBytes > BUFFERED_MAX_BYTES) this.close("slow");
  }
}
