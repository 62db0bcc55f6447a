// Socket tickets: once, soon, and not too many.
import { describe, expect, it } from "vitest";
import { TICKET_TTL_MS } from "../../protocol/limits.ts";
import type { Principal } from "../../server/auth/principal.ts";
import { Tickets } from "../../server/auth/tickets.ts";

const principal: Principal = { userId: "u", role: "member", sessionId: "s", expiresAt: 9e15, via: "cookie" };

function world(max?: number) {
  const clock = { ms: 1_000 };
  return { clock, tickets: new Tickets(() => clock.ms, max) };
}

describe("Tickets", () => {
  it("carry the principal, once", () => {
    const { tickets } = world();
    const { ticket, expiresAt } = tickets.issue(principal);
    expect(ticket).toMatch(/^[\w-]{43}$/);
    expect(expiresAt).toBe(1_000 + TICKET_TTL_MS);
    expect(tickets.redeem(ticket)).toEqual({ ...principal, via: "ticket" });
    expect(tickets.redeem(ticket)).toBeNull();
    expect(tickets.redeem("unknown")).toBeNull();
  });

  it("end when their time is up", () => {
    const { clock, tickets } = world();
    const [early, late] = [tickets.issue(principal).ticket, tickets.issue(principal).ticket];
    clock.ms += TICKET_TTL_MS - 1;
    expect(tickets.redeem(early)).not.toBeNull();
    clock.ms += 1;
    expect(tickets.redeem(late)).toBeNull();
  });

  it("are bounded in number; ended ones make room", () => {
    const { clock, tickets } = world(2);
    tickets.issue(principal);
    tickets.issue(principal);
    expect(() => tickets.issue(principal)).toThrow(expect.objectContaining({ code: "unavailable" }));
    clock.ms += TICKET_TTL_MS;
    expect(tickets.redeem(tickets.issue(principal).ticket)).not.toBeNull();
  });
});
