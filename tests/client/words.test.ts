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
  return createI18n({ language, ...await language.load(), preferred, timeZone: "Asia/Kathmandu" });
}

function texts(entry: string | Record<string, string>): string[] {
  return typeof entry === "string" ? [entry] : Object.values(entry);
}

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

/** Plural forms that serve one number only: their words may say it ("two messages") without {n}. */
function formsOfOneNumber(tag: string): string[] {
  const plurals = new Intl.PluralRules(tag);
  const byForm = Map.groupBy(Array.from({ length: 300 }, (_, n) => n), (n) => plurals.select(n));
  return [...byForm].filter(([, numbers]) => numbers.length === 1).map(([form]) => form);
}

describe.each(LANGUAGES.map((language) => [language.tag, language] as const))(
  "the catalogue of %s",
  (tag, language) => {
    it("has English's keys, every one with words and the same placeholders", async () => {
      const { catalogue } = (await language.load()).words;
      expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort());
      for (const key of Object.keys(en) as Key[]) {
        const wanted = placeholders(texts(en[key])[0]!);
        const entry = catalogue[key];
        const forms = typeof entry === "string" ? [["", entry]] as const : Object.entries(entry);
        for (const [form, text] of forms) {
          expect(text.trim(), key).not.toBe("");
          const mayCount = formsOfOneNumber(tag).includes(form) && !text.includes("{n}");
          expect(placeholders(text), key).toEqual(mayCount ? wanted.filter((name) => name !== "{n}") : wanted);
        }
      }
    });

    it("has a text for each plural form of the language", async () => {
      const { catalogue } = (await language.load()).words;
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

  it("counts in six forms where the language has them, and in the digits that its region writes", async () => {
    const arabic = await speak("ar");
    expect([0, 1, 2, 3, 11, 100].map((n) => arabic.t("list.unread", { n }))).toEqual([
      "لا رسائل غير مقروءة",
      "رسالة واحدة غير مقروءة",
      "رسالتان غير مقروءتين",
      "٣ رسائل غير مقروءة",
      "١١ رسالة غير مقروءة",
      "١٠٠ رسالة غير مقروءة",
    ]);
    expect((await speak("ar", ["ar-MA"])).number(12)).toBe("12");
    const hindi = await speak("hi");
    expect([1, 250000].map((n) => hindi.t("list.unread", { n }))).toEqual(["1 अनपढ़ा संदेश", "2,50,000 अनपढ़े संदेश"]);
  });

  it("keeps the words of the other direction apart from those around them", async () => {
    const names = { name: "Sita", people: "Ram" };
    expect((await speak("ar")).t("system.added", names)).toBe("أضاف \u2068Sita\u2069 \u2068Ram\u2069");
    expect((await speak("en")).t("system.added", { ...names, people: "أحمد" })).toBe("Sita added \u2068أحمد\u2069");
  });

  it("says how long ago something was", async () => {
    const MINUTE = 60_000;
    const HOUR = 60 * MINUTE;
    const ago = [0, MINUTE, 59 * MINUTE, 2 * HOUR + 59 * MINUTE, 23 * HOUR].map((ms) =>
      new Date(NOW - ms).toISOString()
    )
      .concat([1, 6, 7, 30, 31, 364, 365, 800].map(daysAgo));
    const told = async (segment: string) => {
      const { relative } = await speak(segment);
      return ago.map((at) => relative(at, NOW));
    };
    // deno-fmt-ignore
    expect(await told("en")).toEqual(["now", "1 minute ago", "59 minutes ago", "2 hours ago", "23 hours ago", "yesterday",
      "6 days ago", "last week", "4 weeks ago", "last month", "11 months ago", "last year", "2 years ago"]);
    // deno-fmt-ignore
    expect(await told("np")).toEqual(["भर्खरै", "१ मिनेट अघि", "५९ मिनेट अघि", "२ घण्टा अघि", "२३ घण्टा अघि", "हिजो",
      "६ दिन अघि", "गत हप्ता", "४ हप्ता अघि", "गत महिना", "११ महिना अघि", "गत वर्ष", "२ वर्ष अघि"]);
    expect((await told("hi")).slice(0, 4)).toEqual(["अब", "1 मिनट पहले", "59 मिनट पहले", "2 घंटे पहले"]);
    expect((await told("ar")).slice(1, 6)).toEqual([
      "قبل دقيقة واحدة",
      "قبل ٥٩ دقيقة",
      "قبل ساعتين",
      "قبل ٢٣ ساعة",
      "أمس",
    ]);
  });

  it("counts days ago by the reader's calendar, and takes a clock that is ahead for now", async () => {
    const { relative } = await speak("en");
    const halfPastMidnight = Date.parse("2025-03-04T18:45:00Z");
    expect(relative("2025-03-03T18:00:00Z", halfPastMidnight)).toBe("2 days ago");
    expect(relative("2025-03-04T18:50:00Z", halfPastMidnight)).toBe("now");
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
    expect((await speak("ar")).list(["أ", "ب", "ج"]).replace(/[\u2068\u2069]/g, "")).toBe("أ، ب وج");
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
