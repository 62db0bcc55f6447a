// The conversation list without a browser: which rows are drawn, what the search finds, how long a mute lasts.
import { describe, expect, it } from "vitest";
import { MUTE_ALWAYS } from "../../protocol/limits.ts";
import { folded, matching } from "../../client/views/find.ts";
import { isMuted } from "../../client/views/mute.ts";
import { MUTE_CHOICES, mutedUntil } from "../../client/views/mute_choices.ts";
import { offsetsOf, rangeOf } from "../../client/views/use_rows.ts";
import { conversation, ME, OTHER, START_MS, user } from "./samples.ts";

describe("the rows that are drawn", () => {
  const even = offsetsOf(Array.from({ length: 2000 }, () => 4.5));

  it("are those in view and six beside them on either side", () => {
    expect(rangeOf(even, 450, 45)).toEqual({ first: 94, end: 117 });
  });
  it("stay within the list", () => {
    expect(rangeOf(even, 0, 45)).toEqual({ first: 0, end: 17 });
    expect(rangeOf(even, 2000 * 4.5 - 45, 45)).toEqual({ first: 1984, end: 2000 });
    expect(rangeOf(even, 99_999, 45).end).toBe(2000);
    expect(rangeOf(offsetsOf([]), 0, 45)).toEqual({ first: 0, end: 0 });
    expect(rangeOf(offsetsOf([4.5, 5.5]), 0, 45)).toEqual({ first: 0, end: 2 });
  });
  it("are found where rows differ in height: every place in view is covered", () => {
    const heights = Array.from({ length: 300 }, (_, index) => index % 3 === 0 ? 5.5 : 4.5);
    const offsets = offsetsOf(heights);
    for (let top = 0; top + 40 <= offsets.at(-1)!; top += 0.7) {
      const { first, end } = rangeOf(offsets, top, 40);
      expect(offsets[first]! <= top && offsets[end]! >= top + 40).toBe(true);
      expect(end - first).toBeLessThan(24);
    }
  });
  it("are at most sixty even on a very high screen", () => {
    const { first, end } = rangeOf(even, 4_000, 2160 / 16);
    expect(end - first).toBeLessThanOrEqual(60);
  });
});

describe("the search among what is loaded", () => {
  const about = (id: string, fields: Parameters<typeof conversation>[1]) => conversation(1, { id, ...fields });
  const withName = (name: string) => {
    const { participants } = conversation(1);
    return participants.map((one) => one.user.id === OTHER ? { ...one, user: { ...user(OTHER), name } } : one);
  };
  const all = [
    about("1", { participants: withName("Sítá Gurung") }),
    about("2", { kind: "group", title: "चिया समूह" }),
    about("3", {
      participants: withName("राम बहादुर"),
      listing: {
        id: "7",
        title: "Bajaj Pulsar",
        url: null,
        imageUrl: null,
        price: null,
        currency: null,
        status: "active",
      },
    }),
  ];
  const ids = (query: string) => matching(all, query, ME).map(({ id }) => id);

  it("looks at people, titles and listings, whatever their capitals and accents", () => {
    expect(ids("sita")).toEqual(["1"]);
    expect(ids("GURUNG sí")).toEqual(["1"]);
    expect(ids("समूह")).toEqual(["2"]);
    expect(ids("राम pulsar")).toEqual(["3"]);
  });
  it("wants every word, and not the reader's own name", () => {
    expect(ids("sita pulsar")).toEqual([]);
    expect(ids(user(ME).name)).toEqual([]);
  });
  it("keeps the vowel signs of other scripts apart", () => {
    expect(folded("कि")).not.toBe(folded("का"));
  });
});

describe("a mute", () => {
  const muted = (mutedUntil: string | null) => {
    const one = conversation(1);
    return { ...one, my: { ...one.my, mutedUntil } };
  };
  it("lasts as long as was chosen, then is over", () => {
    expect(mutedUntil(MUTE_CHOICES[0].ms, START_MS)).toBe(new Date(START_MS + 3_600_000).toISOString());
    const hour = muted(mutedUntil(MUTE_CHOICES[0].ms, START_MS));
    expect(isMuted(hour, START_MS + 3_599_999)).toBe(true);
    expect(isMuted(hour, START_MS + 3_600_000)).toBe(false);
    expect(isMuted(muted(null), START_MS)).toBe(false);
  });
  it("can last for always", () => {
    expect(mutedUntil(MUTE_CHOICES[3].ms, START_MS)).toBe(MUTE_ALWAYS);
    expect(isMuted(muted(MUTE_ALWAYS), START_MS * 2)).toBe(true);
  });
});
