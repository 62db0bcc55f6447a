// The simple model: what people sent, changed and were told is done. Nothing in it comes from how the server works.
import type { Message } from "../../protocol/models.ts";
import { uuidv7 } from "../../protocol/uuid.ts";

export interface Sent {
  readonly clientId: string;
  readonly conversationId: string;
  readonly senderId: string;
  /** Its place among all that this person sent. */
  readonly order: number;
  /** Where it was written, when one person's devices each keep an order of their own. */
  device?: string;
  readonly body: string;
  /** What the message may say: what was sent, and each edit that was asked for. */
  readonly texts: Set<string>;
  /** Each state that the server said is done. */
  readonly acknowledged: Message[];
  isRefused: boolean;
  deleteAsked: boolean;
  /** When the server said that it is deleted. */
  deletedAt: number | null;
}

export class Ledger {
  readonly violations: string[] = [];
  readonly sent = new Map<string, Sent>();
  readonly #byCanary = new Map<string, Sent>();
  #clock = 0;

  /** Time as this run counts it: later is more. */
  tick(): number {
    return ++this.#clock;
  }

  report(what: string): void {
    if (this.violations.length < 20) this.violations.push(what);
  }

  send(senderId: string, conversationId: string): Sent {
    const order = this.tick();
    const body = canary(order, "said");
    const sent: Sent = {
      clientId: uuidv7(),
      conversationId,
      senderId,
      order,
      body,
      texts: new Set([body]),
      acknowledged: [],
      isRefused: false,
      deleteAsked: false,
      deletedAt: null,
    };
    this.sent.set(sent.clientId, sent);
    this.#byCanary.set(marks(body)[0]!, sent);
    return sent;
  }

  /** A new text for a message that somebody will ask for. */
  editOf(message: Message): string {
    const sent = this.sent.get(message.clientId!)!;
    const text = canary(this.tick(), "edited");
    sent.texts.add(text);
    this.#byCanary.set(marks(text)[0]!, sent);
    return text;
  }

  acknowledge(message: Message): void {
    const sent = this.sent.get(message.clientId!);
    if (!sent) return this.report(`acknowledged what nobody sent: ${show(message)}`);
    sent.acknowledged.push(message);
    if (message.deletedAt !== null) sent.deletedAt ??= this.tick();
  }

  /** [E2] Texts in a frame that had been deleted before `asked`. */
  deletedIn(raw: string, asked: number): string[] {
    return marks(raw).filter((mark) => (this.#byCanary.get(mark)?.deletedAt ?? Infinity) < asked);
  }
}

export const show = (value: unknown): string => JSON.stringify(value)?.slice(0, 500) ?? "nothing";

const canary = (number: number, word: string): string => `«${number}» ${word}`;
const marks = (text: string): string[] => text.match(/«\d+»/g) ?? [];
