// How far one's messages have come, with one other and with many.
import { describe, expect, it } from "vitest";
import { reachOf, tickOf } from "../../client/state/ticks.ts";
import { conversation, ME, OTHER, user } from "./samples.ts";

const THIRD = "00000000-0000-4000-8000-000000000003";
const position = (userId: string, lastReadSeq: number, lastDeliveredSeq = lastReadSeq) => ({
  [userId]: { userId, lastReadSeq, lastDeliveredSeq },
});

describe("ticks", () => {
  it("with one other person follow that one's position, never one's own", () => {
    const reach = reachOf(conversation(9), { ...position(OTHER, 3, 6), ...position(ME, 9) }, ME);
    expect([3, 4, 6, 7].map((seq) => tickOf(reach, seq))).toEqual(["read", "delivered", "delivered", "sent"]);
  });

  it("[P1] never go back behind what the conversation came with", () => {
    const came = conversation(9);
    came.participants[1]!.lastReadSeq = 5;
    expect(tickOf(reachOf(came, position(OTHER, 2), ME), 5)).toBe("read");
  });

  it("in a group tell read when all have, and that some have before", () => {
    const group = conversation(9, { kind: "group", participantCount: 3 });
    group.participants.push({ ...group.participants[1]!, user: user(THIRD) });
    const reach = reachOf(group, { ...position(OTHER, 7, 8), ...position(THIRD, 2, 5) }, ME);
    expect([2, 3, 7, 8].map((seq) => tickOf(reach, seq))).toEqual(["read", "readBySome", "readBySome", "sent"]);
    // Who has left does not hold the others back.
    const gone = { ...group, participantCount: 2, participants: group.participants.slice(0, 2) };
    expect(tickOf(reachOf(gone, { ...position(OTHER, 7), ...position(THIRD, 2) }, ME), 7)).toBe("read");
  });

  it("never claim that all have read while somebody's position is not known", () => {
    const group = conversation(9, { kind: "group", participantCount: 40 });
    expect(tickOf(reachOf(group, position(OTHER, 9), ME), 9)).toBe("readBySome");
    const alone = conversation(9, { kind: "group", participantCount: 1 });
    expect(tickOf(reachOf({ ...alone, participants: alone.participants.slice(0, 1) }, {}, ME), 9)).toBe("sent");
  });
});
