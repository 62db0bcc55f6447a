// Days, groups, the unread line, and the place of what is not sent yet; of a stretch as of the whole.
import { describe, expect, it } from "vitest";
import {
  boundsOf,
  type Entries,
  GROUP_PAUSE_MS,
  isUnreadBefore,
  timeline,
  type TimelineRow,
  unreadPos,
} from "../../client/state/timeline.ts";
import { ME, message, messages, OTHER, ROOM, START_MS } from "./samples.ts";

const dayOf = (at: string) => at.slice(0, 10);
const at = (minutes: number) => new Date(START_MS + minutes * 60_000).toISOString();
const pending = (createdAt: string, clientId = "unsent") => ({
  clientId,
  conversationId: ROOM,
  body: "x",
  createdAt,
  failed: null,
});
const entries = (fields: Partial<Entries> = {}): Entries => ({
  messages: [message(1)],
  pending: [],
  meId: ME,
  unreadAfter: null,
  hasBefore: false,
  dayOf,
  ...fields,
});
const rows = (all: Entries) => timeline(all, boundsOf(all));
const drawn = (fields: Partial<Entries>) => shape(rows(entries(fields)));

function shape(rows: TimelineRow[]): string {
  return rows.map(({ message, pending, day, isUnreadStart, isFirst, isLast }) => {
    const edges = `${isFirst ? "(" : ""}${isLast ? ")" : ""}`;
    const what = message?.kind === "system" ? "system" : `${pending ? "p" : "m"}${edges}`;
    return `${day === null ? "" : "day "}${isUnreadStart ? "unread " : ""}${what}`;
  }).join(" ");
}

describe("a timeline", () => {
  it("parts days", () => {
    expect(drawn({ messages: [message(1, { createdAt: at(0) }), message(2, { createdAt: at(60 * 24) })] }))
      .toBe("day m() day m()");
  });

  it("gathers one sender's messages until a pause, another sender or a system message", () => {
    const pause = GROUP_PAUSE_MS / 60_000;
    expect(drawn({
      messages: [
        message(1, { createdAt: at(0) }),
        message(2, { createdAt: at(pause) }),
        message(3, { createdAt: at(2 * pause + 1) }),
        message(4, { createdAt: at(2 * pause + 1), senderId: ME }),
        message(5, { createdAt: at(2 * pause + 1), kind: "system", system: { type: "left" }, clientId: null }),
        message(6, { createdAt: at(2 * pause + 1), senderId: ME }),
      ],
    })).toBe("day m( m) m() m() system m()");
  });

  it("tells the time where a minute or a group ends", () => {
    const ends = rows(entries({
      messages: [0, 0.5, 1, 1.5, 2].map((minute, index) => message(index + 1, { createdAt: at(minute) })),
    })).map(({ endsMinute }) => endsMinute);
    expect(ends).toEqual([false, true, false, true, true]);
  });

  it("draws the unread line once, before the first unread message of somebody else", () => {
    const messages = [message(1), message(2, { senderId: ME }), message(3), message(4)];
    expect(drawn({ messages, unreadAfter: 1 })).toBe("day m() m() unread m( m)");
    expect(drawn({ messages, unreadAfter: 0 })).toBe("day unread m() m() m( m)");
    expect(drawn({ messages, unreadAfter: 4 })).toBe("day m() m() m( m)");
  });

  it("draws no unread line while its place is not loaded", () => {
    const all = entries({ messages: messages(51, 60), unreadAfter: 20, hasBefore: true });
    expect([isUnreadBefore(all), unreadPos(all)]).toEqual([true, null]);
    const loaded = { ...all, messages: messages(21, 60) };
    expect([isUnreadBefore(loaded), unreadPos(loaded)]).toEqual([false, 21]);
    // Whoever came later has less than there is: their first message is the first unread one.
    expect(unreadPos({ ...all, hasBefore: false })).toBe(51);
  });

  it("puts what is not sent at the end, in the group of one's last", () => {
    expect(drawn({ messages: [message(1), message(2, { senderId: ME })], pending: [pending(at(1))] }))
      .toBe("day m() m( p)");
    expect(drawn({ messages: [], pending: [pending(at(1))] })).toBe("day p()");
  });

  it("does not begin an earlier day for an unsent message when this device's clock is behind", () => {
    const messages = [message(1, { createdAt: at(0) })];
    const late = -60 * 24;
    expect(drawn({ messages, pending: [pending(at(3 * late))] })).toBe("day m() p()");
    expect(drawn({ messages, pending: [pending(at(3 * late)), pending(at(2 * late), "second")] }))
      .toBe("day m() p() p()");
  });

  it("keeps the key of one's own message from pending to sent, and gives every entry its own", () => {
    const own = message(2, { senderId: ME, clientId: "unsent" });
    const before = rows(entries({ pending: [pending(at(1))] })).at(-1)!.key;
    expect(rows(entries({ messages: [message(1), own] })).at(-1)!.key).toBe(before);
    const keys = rows(entries({ messages: [message(1), own, message(3, { senderId: OTHER, clientId: "unsent" })] }))
      .map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("draws each stretch as it is in the whole", () => {
    const all = entries({
      messages: Array.from({ length: 40 }, (_, index) =>
        message(index + 7, {
          createdAt: at(index * index * 2),
          senderId: index % 5 < 2 ? ME : OTHER,
          kind: index % 11 === 3 ? "system" : "text",
        })),
      pending: [pending(at(40 * 40 * 2)), pending(at(40 * 40 * 2 + 1), "second")],
      unreadAfter: 20,
    });
    const whole = rows(all);
    for (let from = 7; from < 49; from += 3) {
      for (let to = from; to <= 49; to += 5) {
        expect(timeline(all, { from, to })).toEqual(whole.slice(from - 7, to - 7));
      }
    }
  });

  it("looks at the stretch and its neighbours only, however long the conversation is", () => {
    let looks = 0;
    const long = new Proxy(messages(1, 5000), {
      get(target, key, receiver) {
        if (typeof key === "string" && /^\d+$/.test(key)) looks++;
        return Reflect.get(target, key, receiver);
      },
    });
    timeline(entries({ messages: long, unreadAfter: 4000 }), { from: 2000, to: 2060 });
    expect(looks).toBeLessThan(60 * 40);
  });
});
