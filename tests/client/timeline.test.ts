// Days, groups, the unread line, and the place of what is not sent yet.
import { describe, expect, it } from "vitest";
import { GROUP_PAUSE_MS, timeline, type TimelineItem } from "../../client/state/timeline.ts";
import { ME, message, OTHER, ROOM, START_MS } from "./samples.ts";

const dayOf = (at: string) => at.slice(0, 10);
const at = (minutes: number) => new Date(START_MS + minutes * 60_000).toISOString();
const pending = (createdAt: string) => ({
  clientId: "unsent",
  conversationId: ROOM,
  body: "x",
  createdAt,
  failed: null,
});
const line = (
  messages = [message(1)],
  options: { pending?: ReturnType<typeof pending>[]; unreadAfter?: number } = {},
) => timeline({ messages, pending: options.pending ?? [], meId: ME, unreadAfter: options.unreadAfter ?? null, dayOf });

function shape(items: TimelineItem[]): string {
  return items.map((item) => {
    if (!("place" in item)) return item.kind;
    const { isFirst, isLast } = item.place;
    return `${item.kind === "pending" ? "p" : "m"}${isFirst ? "(" : ""}${isLast ? ")" : ""}`;
  }).join(" ");
}

describe("a timeline", () => {
  it("parts days", () => {
    const items = line([message(1, { createdAt: at(0) }), message(2, { createdAt: at(60 * 24) })]);
    expect(shape(items)).toBe("day m() day m()");
  });

  it("gathers one sender's messages until a pause, another sender or a system message", () => {
    const pause = GROUP_PAUSE_MS / 60_000;
    const items = line([
      message(1, { createdAt: at(0) }),
      message(2, { createdAt: at(pause) }),
      message(3, { createdAt: at(2 * pause + 1) }),
      message(4, { createdAt: at(2 * pause + 1), senderId: ME }),
      message(5, { createdAt: at(2 * pause + 1), kind: "system", system: { type: "left" }, clientId: null }),
      message(6, { createdAt: at(2 * pause + 1), senderId: ME }),
    ]);
    expect(shape(items)).toBe("day m( m) m() m() system m()");
  });

  it("draws the unread line once, before the first unread message of somebody else", () => {
    const messages = [message(1), message(2, { senderId: ME }), message(3), message(4)];
    expect(shape(line(messages, { unreadAfter: 1 }))).toBe("day m() m() unread m( m)");
    expect(shape(line(messages, { unreadAfter: 0 }))).toBe("day unread m() m() m( m)");
    expect(shape(line(messages, { unreadAfter: 4 }))).toBe("day m() m() m( m)");
  });

  it("puts what is not sent at the end, in the group of one's last", () => {
    const items = line([message(1), message(2, { senderId: ME })], { pending: [pending(at(1))] });
    expect(shape(items)).toBe("day m() m( p)");
  });

  it("does not begin an earlier day for an unsent message when this device's clock is behind", () => {
    expect(shape(line([message(1, { createdAt: at(0) })], { pending: [pending(at(-60 * 24 * 3))] }))).toBe(
      "day m() p()",
    );
  });

  it("keeps the key of one's own message from pending to sent, and gives every entry its own", () => {
    const own = message(2, { senderId: ME, clientId: "unsent" });
    const before = line([message(1)], { pending: [pending(at(1))] }).at(-1)!.key;
    expect(line([message(1), own]).at(-1)!.key).toBe(before);
    const keys = line([message(1), own, message(3, { senderId: OTHER, clientId: "unsent" })]).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
