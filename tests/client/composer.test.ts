// What the composer does to words without a browser: what may be sent of a paste; emoji by name, the last used first.
import { describe, expect, it } from "vitest";
import { text } from "../../protocol/text.ts";
import { EMOJI, findEmoji, parseRecent, RECENT_MAX, withRecent } from "../../client/state/emoji.ts";
import { isEmojiOnly } from "../../client/state/message_text.ts";
import { sendable } from "../../client/state/sendable.ts";

const MAX_CHARS = 4000;
const found = (words: string) => findEmoji(words).map(({ emoji }) => emoji);

describe("what may be sent", () => {
  it("is the text without what nobody meant to write", () => {
    expect(sendable("  a\u0000b\u0007c\u001b[1m\u009f \ufffcd\ufeff ")).toBe("abc[1m d");
    expect(sendable("one\r\ntwo\rthree\u2028four\n\n\tfive")).toBe("one\ntwo\nthree\nfour\n\n\tfive");
    expect(sendable("half \ud83d of a pair \ude00")).toBe("half  of a pair");
  });

  it("keeps what scripts and emoji are written with", () => {
    for (const whole of ["र\u200dयो क्\u200cष", "👨‍👩‍👧 ❤️ 🇳🇵 👍🏽", "\u2067שלום\u2069 a\u200fb", "a b"]) {
      expect(sendable(whole)).toBe(whole);
    }
  });

  it("is what the server accepts, or nothing", () => {
    const schema = text(MAX_CHARS);
    for (const typed of ["\u0000", "\ud800", " \n\t ", "\u0000x", "x\udfff\u0000y"]) {
      const body = sendable(typed);
      expect(body === "" || schema.safeParse(body).success, JSON.stringify(typed)).toBe(true);
    }
  });
});

describe("emoji", () => {
  it("are each one emoji with words in English and Nepali, and there once", () => {
    const all = EMOJI.flatMap(({ emoji }) => emoji);
    for (const { emoji, words } of all) {
      expect(isEmojiOnly(emoji), emoji).toBe(true);
      expect(words.some((word) => /^[a-z]/.test(word)), emoji).toBe(true);
      expect(words.some((word) => /^\p{Script=Devanagari}/u.test(word)), emoji).toBe(true);
      for (const word of words) expect(word, emoji).toBe(word.normalize("NFC").toLowerCase());
    }
    expect(new Set(all.map(({ emoji }) => emoji)).size).toBe(all.length);
  });

  it("are found by the beginning of a word in either language, by all the words given, by themselves", () => {
    expect(found("than")).toContain("🙏");
    expect(found("THANKS ")).toEqual(["🙏"]);
    expect(found("धन्य")).toEqual(["🙏"]);
    expect(found("please नमस्ते")).toEqual(["🙏"]);
    expect(found("ears")).toEqual([]);
    expect(found("🏍️")).toEqual(["🏍️"]);
  });

  it("used last come first, each once, no more than two rows of them", () => {
    expect(withRecent(["👍", "🙏"], "🙏")).toEqual(["🙏", "👍"]);
    const all = EMOJI.flatMap(({ emoji }) => emoji.map((one) => one.emoji));
    const many = all.reduce(withRecent, [] as string[]);
    expect(many).toEqual(all.slice(-RECENT_MAX).reverse());
  });

  it("that were kept wrongly are left out", () => {
    const parsed = (kept: string | null) => parseRecent(kept).map(({ emoji }) => emoji);
    expect(parsed('["🙏","<b>",7,null,"👍"]')).toEqual(["🙏", "👍"]);
    for (const kept of [null, "", "{", "{}", "7", "null"]) expect(parsed(kept)).toEqual([]);
  });
});
