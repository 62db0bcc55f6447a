// Single-use tickets for opening a socket from a page on another origin, where no cookie or header can go along.
import { CommandError } from "../../protocol/errors.ts";
import { TICKET_TTL_MS } from "../../protocol/limits.ts";
import type { Principal } from "./principal.ts";
import { newSecret } from "./secrets.ts";

const MAX_TICKETS = 10_000;

export class Tickets {
  readonly #now: () => number;
  readonly #max: number;
  /** In the order of their end, since all live equally long. */
  readonly #tickets = new Map<string, { principal: Principal; expiresAt: number }>();

  constructor(now: () => number, max = MAX_TICKETS) {
    this.#now = now;
    this.#max = max;
  }

  /** Throws unavailable while too many are open. */
  issue(principal: Principal): { ticket: string; expiresAt: number } {
    this.#dropExpired();
    if (this.#tickets.size >= this.#max) throw new CommandError("unavailable", { retryAfter: TICKET_TTL_MS / 1000 });
    const ticket = newSecret();
    const expiresAt = this.#now() + TICKET_TTL_MS;
    this.#tickets.set(ticket, { principal: { ...principal, via: "ticket" }, expiresAt });
    return { ticket, expiresAt };
  }

  /** Works once. Null when it is unknown, used or expired. */
  redeem(ticket: string): Principal | null {
    const found = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    return found !== undefined && this.#now() < found.expiresAt ? found.principal : null;
  }

  #dropExpired(): void {
    for (const [ticket, { expiresAt }] of this.#tickets) {
      if (this.#now() < expiresAt) break;
      this.#tickets.delete(ticket);
    }
  }
}
