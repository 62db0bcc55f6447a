// Languages: complete, with the same placeholders, right digits, plurals and dates; names and links in any script.
import { describe, expect, it } from "vitest";
import type { Key } from "../../client/i18n/catalogue.ts";
import { en } from "../../client/i18n/en.ts";
import { createI18n } from "../../client/i18n/i18n.ts";
import { languageOf, LANGUAGES } from "../../client/i18n/languages.ts";
import { linkify } from "../../client/state/linkify.ts";
import { initials, tint, TINTS } from "../../client/state/names.ts";

const NOW = Date.parse("2025-03-04T14:05:00Z");
const daysAgo = (days: number) => new Date(NOW - days * 24 * 3_600_000).toISOString();

async function speak(segment: string, preferred: string[] = []) {
  const language = languageOf(segment);
  return createI18n({ language, words: await language.load(), preferred, timeZone: "Asia/Kathmandu" });
}

function texts(entry: string | Record<string, string>): string[] {
  return typeof entry === "string" ? [entry] : Object.values(entry);
}

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  "the catalogue of %s",
  (tag, language) => {
    it("has English's keys, every one with words and the same placeholders", async () => {
      const { catalogue } = await language.load();
      expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort());
      for (const key of Object.keys(en) as Key[]) {
        for (const text of texts(catalogue[key])) {
          expect(text.trim(), key).not.toBe("");
          expect(placeholders(text), key).toEqual(placeholders(texts(en[key])[0]!));
        }
      }
    });

    it("has a text for each plural form of the language", async () => {
      const { catalogue } = await language.load();
      const forms = new Intl.PluralRules(tag).resolvedOptions().pluralCategories.toSorted();
      for (const entry of Object.values(catalogue)) {
        if (typeof entry !== "string") expect(Object.keys(entry).sort()).toEqual(forms);
      }
    });
  },
);

describe("languages", () => {
  it("finds Nepali by its own code and by the country's, English for what there is not", () => {
    expect(["ne", "np", "NP", "en", "xx", ""].map((segment) => languageOf(segment).tag))
      .toEqual(["ne", "ne", "ne", "en", "en", "en"]);
  });

  it("counts in the language's plural and digits", async () => {
    const english = await speak("en");
    const nepali = await speak("ne");
    expect([1, 2, 1200].map((n) => english.t("list.unread", { n })))
      .toEqual(["1 unread message", "2 unread messages", "1,200 unread messages"]);
    expect([1, 250000].map((n) => nepali.t("list.unread", { n }))).toEqual(["१ नपढिएको सन्देश", "२,५०,००० नपढिएका सन्देश"]);
  });

  it("leaves braces in people's own words alone", async () => {
    expect((await speak("en")).t("list.you", { text: "{text} {n}" })).toBe("You: {text} {n}");
  });

  it("says times shorter the longer ago they are", async () => {
    const english = await speak("en", ["en-GB"]);
    expect([0, 1, 3, 20, 400].map((days) => english.listTime(daysAgo(days), NOW)))
      .toEqual(["19:50", "Yesterday", "Sat", "12 Feb", "29/01/24"]);
    const nepali = await speak("np");
    expect([0, 1, 3, 20, 400].map((days) => nepali.listTime(daysAgo(days), NOW)))
      .toEqual(["१९:५०", "हिजो", "शनि", "१२ फेब्रुअरी", "२९/१/२४"]);
  });

  it("names days where the reader is: Kathmandu's midnight, not Greenwich's", async () => {
    const nepali = await speak("ne");
    expect(nepali.day("2025-03-04T18:14:59Z", Date.parse("2025-03-04T18:15:00Z"))).toBe("हिजो");
    expect(nepali.day("2025-03-01T18:15:00Z", NOW)).toBe("आइतबार, २ मार्च");
  });

  it("writes prices as the language does", async () => {
    expect((await speak("ne")).price(125000, "NPR").replace(/\s/g, " ")).toBe("रु १,२५,०००");
    expect((await speak("en", ["en-GB"])).price(99.5, "GBP")).toBe("£99.50");
  });

  it("joins names", async () => {
    expect((await speak("en")).list(["A", "B", "C"])).toBe("A, B and C");
    expect((await speak("ne")).list(["क", "ख"])).toBe("क र ख");
    expect((await speak("en")).list(["A"])).toBe("A");
  });
});

describe("initials", () => {
  it("are the first and the last word's letters, one whole cluster in scripts without capitals", () => {
    expect(["Asha Gurung", "maya", "Juan de la Cruz", "सीता तामाङ", "क्षितिज", "李小龙", "👩‍👧 Mum", " "].map(initials))
      .toEqual(["AG", "M", "JC", "सी", "क्षि", "李", "👩‍👧", ""]);
  });

  it("stand on a colour that is always the same", () => {
    expect(tint("abc")).toBe(tint("abc"));
    expect(tint("abc")).toBeLessThan(TINTS);
  });
});

describe("links in a text", () => {
  const hrefs = (text: string) => linkify(text).flatMap(({ href }) => href ?? []);

  it("are found without the punctuation around them, and the text stays whole", () => {
    const text = "See https://a.example/x?y=1#z, (www.b.example/p_(q)) and «http://c.example/क».";
    expect(linkify(text).map((part) => part.text).join("")).toBe(text);
    expect(hrefs(text)).toEqual([
      "https://a.example/x?y=1#z",
      "https://www.b.example/p_(q)",
      "http://c.example/%E0%A4%95",
    ]);
  });

  it("are http and https only", () => {
    expect(hrefs("javascript:alert(1) data:text/html,x ftp://a.example file:///etc JAVASCRIPT://a.example")).toEqual(
      [],
    );
    expect(hrefs("HTTPS://A.example")).toEqual(["https://a.example/"]);
  });

  it("are not seen in plain words", () => {
    expect(linkify("3.5 www. https:// e.g. this")).toEqual([{ text: "3.5 www. https:// e.g. this" }]);
  });
});
