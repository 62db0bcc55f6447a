// What is worth a sound and a notification: what somebody else has just written, where it is not muted.
import { describe, expect, it } from "vitest";
import type { Conversation } from "../../protocol/models.ts";
import { heardBetween } from "../../client/net/notify.ts";
import { conversation, ME, message, ROOM } from "./samples.ts";

const NOW = "2025-03-05T00:00:00.000Z";
const unread = (lastSeq: number, fields: Partial<Conversation> = {}) =>
  conversation(lastSeq, { unreadCount: 1, ...fields });
const heard = (before: Conversation | null, now: Conversation) =>
  heardBetween(before === null ? {} : { [ROOM]: before }, { [ROOM]: now }, ME, NOW)
    .map(({ message }) => message.seq);

describe("heardBetween", () => {
  it("tells of a new message, also in a new conversation", () => {
    expect(heard(unread(1), unread(2))).toEqual([2]);
    expect(heard(null, unread(1))).toEqual([1]);
  });

  it("tells of nothing where nothing is new: an edit, a read position, the same again", () => {
    const same = unread(2);
    expect(heard(same, same)).toEqual([]);
    expect(heard(same, { ...same, unreadCount: 2 })).toEqual([]);
    expect(heard(same, unread(2, { lastMessage: message(2, { version: 3, body: "edited" }) }))).toEqual([]);
  });

  it.each(
    [
      ["one's own", { lastMessage: message(2, { senderId: ME }) }],
      ["a system note", { lastMessage: message(2, { kind: "system", body: null, system: { type: "left" } }) }],
      ["one that is deleted already", { lastMessage: message(2, { body: null, deletedAt: NOW }) }],
      ["one that was read elsewhere", { unreadCount: 0 }],
    ] satisfies [string, Partial<Conversation>][],
  )("tells not of %s", (_what, fields) => {
    expect(heard(unread(1), unread(2, fields))).toEqual([]);
  });

  it("tells of nothing in a muted conversation until its time is over", () => {
    const muted = (mutedUntil: string) => unread(2, { my: { ...unread(2).my, mutedUntil } });
    expect(heard(unread(1), muted("2025-03-05T00:00:00.001Z"))).toEqual([]);
    expect(heard(unread(1), muted("2025-03-04T23:59:59.999Z"))).toEqual([2]);
  });
});
