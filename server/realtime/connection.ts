// A connection: one client's socket. Commands come in and are answered by `ref`; all that a flush holds leaves as one frame.
import { CLOSE, type CloseReason } from "../../protocol/close_codes.ts";
import { type Command, type CommandName, COMMANDS } from "../../protocol/commands.ts";
import { CommandError, ERRORS } from "../../protocol/errors.ts";
import type { ErrorBody } from "../../protocol/frames.ts";
import { JsonError, parseJson } from "../../protocol/json.ts";
import type { Principal } from "../auth/principal.ts";
import { tally } from "../metrics.ts";
import type { Batch, Subscriber } from "../room/subscriber.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Flusher } from "./flusher.ts";
import { Holds } from "./holds.ts";

/** The socket below a connection: all that a connection may do with it. */
export interface Wire {
  /** Sends one frame. `shared`: the batch that it holds and nothing else, whose frame others can send too. */
  send(text: string, shared: Batch | null): void;
  close(code: number, reason: string): void;
  /** Bytes that were sent but have not left this process yet. */
  readonly bufferedBytes: number;
}

/** [C7] A reader this far behind, in bytes or for as long, is cut; it comes back and resumes from its cursors. */
const BUFFERED_MAX_BYTES = 4 * 1024 * 1024;
const STALLED_MAX_MS = 15_000;
/** [L1] Who is told so often in a row that they ask too much, and goes on, is cut. */
const REFUSED_IN_A_ROW_MAX = 500;
/** [C5] A client that sends so many frames in a row that are no commands is not one of ours; parsing them costs us. */
const NONSENSE_IN_A_ROW_MAX = 20;

let count = 0;

export class Connection implements Subscriber {
  /** Names the connection in logs and limits, within this process. */
  readonly id: string = `c${++count}`;
  principal: Principal;
  /** The conversations that this client has open; the hub's to change. */
  watching: Set<string> = new Set();
  /** The conversations that its person may be typing in, as far as this client has said. */
  readonly typing: Set<string> = new Set();
  readonly #wire: Wire;
  readonly #dispatch: Dispatch;
  readonly #flusher: Flusher;
  readonly #now: () => number;
  /** Made when first needed: most connections are idle, and there are many. */
  #holds: Holds | undefined;
  #outgoing: (string | Batch)[] = [];
  #closed = false;
  /** Commands that are not answered yet. */
  #underWay = 0;
  #farewell: CloseReason | null = null;
  #stalledSince: number | null = null;
  #refusedInARow = 0;
  #nonsenseInARow = 0;

  /** `now`: milliseconds since 1970. */
  constructor(principal: Principal, wire: Wire, dispatch: Dispatch, flusher: Flusher, now: () => number) {
    this.principal = principal;
    this.#wire = wire;
    this.#dispatch = dispatch;
    this.#flusher = flusher;
    this.#now = now;
  }

  get userId(): string {
    return this.principal.userId;
  }

  /** Bytes that this reader has not taken yet. */
  get backlogBytes(): number {
    return this.#wire.bufferedBytes;
  }

  send(batch: Batch): void {
    if (!this.#holds?.take(batch)) this.#queue(batch);
  }

  /** [R3] Holds back the events of these conversations until the sync that reads them is answered. */
  hold(conversationIds: string[]): void {
    (this.#holds ??= new Holds()).hold(conversationIds);
  }

  /** Lets go what was held: what has a version above the one that the answer reached, per conversation. */
  release(reached: Map<string, number>): void {
    for (const batch of this.#holds?.release(reached) ?? []) this.#queue(batch);
  }

  /** Takes one frame from the client. What is wrong with it is answered; only what is not a command at all closes. */
  receive(frame: string): void {
    this.check();
    // [A2] A client that goes on while its socket is being closed has no authority any more.
    if (this.#closed || this.#farewell !== null) return;
    let ref: string | null = null;
    try {
      const value = parseJson(frame) as { ref?: unknown } | null;
      if (typeof value?.ref === "string" && value.ref.length <= 64) ref = value.ref;
      const command = readCommand(value);
      this.#nonsenseInARow = 0;
      void this.#answer(ref, command);
    } catch (error) {
      this.#refuse(ref, error);
      if (++this.#nonsenseInARow >= NONSENSE_IN_A_ROW_MAX) this.close("badFrame");
    }
  }

  /**
   * [A2] [C7] Cuts a connection whose time is over, and a reader that has taken nothing for too long. To be asked several
   * times a second: a timer for each of ten thousand connections would cost more than all of them.
   */
  check(): void {
    const now = this.#now();
    if (now >= this.principal.expiresAt) this.close("unauthenticated");
    if (this.#wire.bufferedBytes === 0) this.#stalledSince = null;
    else if (now - (this.#stalledSince ??= now) > STALLED_MAX_MS) this.close("slow");
  }

  /** Takes no more commands, answers those that are under way, then closes. */
  finish(reason: CloseReason): void {
    this.#farewell = reason;
    if (this.#underWay === 0) this.close(reason);
  }

  /** Says why and closes; nothing is sent after it. */
  close(reason: CloseReason): void {
    if (this.#closed) return;
    tally.closed.add(reason);
    this.flush();
    this.#closed = true;
    this.#wire.close(CLOSE[reason].code, CLOSE[reason].reason);
  }

  /** The socket is gone: what is still asked finishes, but nobody hears of it. */
  ended(): void {
    this.#closed = true;
    this.#outgoing = [];
  }

  /** Sends what waits, as one frame. */
  flush(): void {
    const outgoing = this.#outgoing;
    if (this.#closed || outgoing.length === 0) return;
    this.#outgoing = [];
    tally.frames++;
    for (const one of outgoing) if (typeof one === "object") tally.deliveries += one.events.length;
    const [only] = outgoing;
    if (outgoing.length === 1 && typeof only === "object") this.#wire.send(`[${only.json}]`, only);
    else this.#wire.send(`[${outgoing.map((one) => typeof one === "string" ? one : one.json).join(",")}]`, null);
    if (this.#wire.bufferedBytes > BUFFERED_MAX_BYTES) this.close("slow");
  }

  async #answer(ref: string | null, command: Command): Promise<void> {
    this.#underWay++;
    try {
      const { json, afterwards } = await this.#dispatch(this, command);
      this.#refusedInARow = 0;
      this.#queue(`{"ref":${JSON.stringify(ref)},"ok":${json}}`);
      afterwards?.();
    } catch (error) {
      this.#refuse(ref, error);
    }
    if (--this.#underWay === 0 && this.#farewell !== null) this.close(this.#farewell);
  }

  #refuse(ref: string | null, error: unknown): void {
    const known = error instanceof JsonError
      ? new CommandError("bad_request", { detail: error.message })
      : error instanceof CommandError
      ? error
      : new CommandError("internal");
    tally.refused.add(known.code);
    const body: ErrorBody = {
      code: known.code,
      message: known.detail ?? ERRORS[known.code].title,
      retryable: ERRORS[known.code].retryable,
      ...(known.retryAfter !== undefined && { retryAfter: known.retryAfter }),
    };
    this.#queue(JSON.stringify({ ref, error: body }));
    if (known.code === "rate_limited" && ++this.#refusedInARow > REFUSED_IN_A_ROW_MAX) this.close("rateLimited");
  }

  #queue(one: string | Batch): void {
    if (this.#closed) return;
    if (this.#outgoing.push(one) === 1) this.#flusher.add(this);
  }
}

function readCommand(value: unknown): Command {
  const name = (value as { command?: unknown } | null)?.command;
  if (typeof name !== "string" || !Object.hasOwn(COMMANDS, name)) {
    const known = Object.keys(COMMANDS).join(", ");
    throw new CommandError("invalid", { detail: `/command: must be one of ${known}` });
  }
  const parsed = COMMANDS[name as CommandName].input.safeParse(value);
  if (parsed.success) return parsed.data as Command;
  const first = parsed.error.issues[0]!;
  throw new CommandError("invalid", { detail: `/${first.path.join("/")}: ${first.message}` });
}
