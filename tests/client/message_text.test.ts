// What a message's text looks like: emoji alone, long texts, e-mails and phone numbers.
import { describe, expect, it } from "vitest";
import { linkify } from "../../client/state/linkify.ts";
import { foldedText, isEmojiOnly } from "../../client/state/message_text.ts";

const hrefs = (text: string) => linkify(text).flatMap(({ href }) => href ?? []);

describe("a message of emoji alone", () => {
  it.each(["👍", "👍🏽", "❤️", "🇳🇵", "👨‍👩‍👧‍👦", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "😀😀😀", " 🙏 🙏 "])("%s is large", (body) => {
    expect(isEmojiOnly(body)).toBe(true);
  });
  it.each(["", " ", "ok 👍", "123", "#", "😀😀😀😀", "नमस्ते", "1"])("“%s” is not", (body) => {
    expect(isEmojiOnly(body)).toBe(false);
  });
});

describe("a long message", () => {
  it("is folded between words, and not for a few words more", () => {
    const long = "word ".repeat(800);
    const folded = foldedText(long)!;
    expect(folded.length).toBeLessThan(1000);
    expect(long.startsWith(folded)).toBe(true);
    expect(folded.endsWith("word")).toBe(true);
    expect(foldedText("word ".repeat(190))).toBeNull();
    expect(foldedText("short")).toBeNull();
  });

  it("is folded after some lines", () => {
    expect(foldedText("a\n".repeat(60))!.split("\n").length).toBeLessThan(20);
    expect(foldedText("a\n".repeat(10))).toBeNull();
  });

  it("never ends in half a character", () => {
    for (const start of ["", "a"]) expect(foldedText(start + "😀".repeat(2000))!.isWellFormed()).toBe(true);
  });
});

describe("addresses in a message", () => {
  it("finds e-mail addresses", () => {
    expect(hrefs("write to sita.gurung+bike@mail.example.com.np.")).toEqual([
      "mailto:sita.gurung+bike@mail.example.com.np",
    ]);
    expect(hrefs("@sita a@b not@here")).toEqual([]);
  });

  it("finds phone numbers as they are written in Nepal and abroad, in both digits", () => {
    expect(hrefs("call 9841234567 or +977 984-1234567 or 01-4412345")).toEqual([
      "tel:9841234567",
      "tel:+9779841234567",
      "tel:014412345",
    ]);
    expect(hrefs("फोन ९८४१२३४५६७ मा गर्नुहोस्")).toEqual(["tel:9841234567"]);
  });

  it.each(["984-123-4567", "98-41-234567", "01-44-12345", "+977-1-44-1234", "+977 984 123 4567", "(01) 4412345"])(
    "takes “%s” for a phone number",
    (text) => expect(hrefs(text)).toHaveLength(1),
  );

  it.each([
    ...["Rs 1500000", "10000-15000", "1200 1300 1400", "order 12345678901234567"],
    ...["2026-11-22", "06-11-2026", "06.11.2026", "22.11.2026", "6.11.2026 10:30", "06.11.2026 10", "06-11-2026 10:30"],
    ...["9-11-2026 109", "01.02.26 0930", "06 11 2026 10", "2083-08-06 09", "०६.११.२०२६ १०"],
    ...["1,250,000", "12,50,000 06-11-2026", "1,250,000 0", "9.500.000.000", "9,841,234,567", "1,9841234567"],
    ...["9841234567,50", "0,250,000,00"],
  ])("takes “%s” for no phone number", (text) => expect(hrefs(text)).toEqual([]));

  it("makes no link of what deceives: credentials in an address, text that is turned around", () => {
    expect(hrefs("https://bank.example@evil.example/")).toEqual([]);
    expect(hrefs("https://a.example/\u202Egpj.exe")).toEqual(["https://a.example/"]);
    expect(hrefs("javascript:alert(1) data:text/html,x")).toEqual([]);
  });

  it("keeps every character of the text", () => {
    const text = "See https://a.np/(b), mail a@b.np; call +977 9841234567!";
    expect(linkify(text).map((part) => part.text).join("")).toBe(text);
  });
});
