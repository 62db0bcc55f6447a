// Names and titles that try to look like something else, and those of real languages, which must stay as they are.
import { describe, expect, it } from "vitest";
import { legible, legibleName } from "../../protocol/legible.ts";
import { SignUp } from "../../protocol/rest.ts";

describe("a name", () => {
  it.each([
    ["Devanagari with a half form, by a joiner", "न्‍यूरोड क्ष"],
    ["Devanagari kept apart by a non-joiner", "श्‌रीमान"],
    ["Persian with a non-joiner", "می‌خواهم"],
    ["Hebrew", "דָּוִד"],
    ["a family, joined", "Sita 👩‍👩‍👧"],
    ["skin and sex", "🧑🏽‍🌾 👮🏻‍♀️"],
    ["flags", "🇳🇵 🏴󠁧󠁢󠁥󠁮󠁧󠁿"],
    ["Vietnamese", "Nguyễn Thị Ánh"],
    ["Tibetan", "བཀྲ་ཤིས་བདེ་ལེགས"],
    ["Burmese", "မြန်မာ"],
    ["Tamil", "ஸ்ரீ"],
  ])("of a real language stays: %s", (_what, name) => {
    expect(legibleName(name)).toBe(name.normalize("NFKC"));
  });

  it.each([
    ["an override that turns what follows", "Sita\u202egnuruG", "SitagnuruG"],
    ["isolates and marks of direction", "\u2066Sita\u2069\u200e\u200f\u061c", "Sita"],
    ["zero-width spaces and word joiners", "Si\u200bta\u2060 Gu\ufeffrung", "Sita Gurung"],
    ["joiners where nothing joins", "Si\u200dta\u200c", "Sita"],
    ["a soft hyphen", "Si\u00adta", "Sita"],
    ["what parts a letter from its mark", "Ame\u200b\u0301lie", "Amélie"],
    ["Hangul fillers and blank Braille", "\u3164Sita\uffa0\u2800", "Sita"],
    ["letters in another dress", "Ｓｉｔａ 𝓖𝓾𝓻𝓾𝓷𝓰 ﬁ", "Sita Gurung fi"],
    ["tags that hide text", "Sita\u{e0041}\u{e0042}", "Sita"],
    ["letters for private use", "Sita\ue000", "Sita"],
    ["spaces of every width", "Sita \u00a0\u3000\u2003 Gurung ", "Sita Gurung"],
    ["a flood of marks", `S${"\u0300\u0315".repeat(40)}ita`, "S\u0300\u0300\u0300\u0300ita"],
  ])("loses %s", (_what, name, clean) => {
    expect(legibleName(name)).toBe(clean);
  });

  it("is the same when it is made legible again", () => {
    for (
      const name of ["🏴󠁧󠁢󠁥󠁮󠁧󠁿\u{e0041}", "a\u200d\u200c\u200db", "\u202e\u0301e\u0301\u0301\u0301\u0301\u0301\u0301", "ﷺ"]
    ) {
      expect(legibleName(legibleName(name))).toBe(legibleName(name));
    }
  });

  it("that is invisible is refused, naming what is wrong", () => {
    const signUp = { username: "sita", password: "correct horse battery" };
    for (const name of ["\u200b\u200b", "\u3164", "\u202e \u2066", "\u{e0041}"]) {
      const { error } = SignUp.safeParse({ ...signUp, name });
      expect(error?.issues.map(({ path, message }) => [path, message])).toEqual([
        [["name"], "must be at least 1 character"],
      ]);
    }
    expect(SignUp.parse({ ...signUp, name: " Ｓｉｔａ\u202e " }).name).toBe("Sita");
  });
});

describe("a title", () => {
  it("keeps its letters as they are dressed, which may mean something, and loses the rest alike", () => {
    expect(legible("5 m² ½ ① \u202eland\u200b")).toBe("5 m² ½ ① land");
  });
});
