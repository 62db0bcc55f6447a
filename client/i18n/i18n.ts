// Words, numbers and times in the reader's language: the catalogue's texts filled in, everything else by Intl.
import type { Key, Values } from "./catalogue.ts";
import type { Language, Words } from "./languages.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_DAYS = 7;
const MONTH_DAYS = 30.44;
const YEAR_DAYS = 365;
/** Hebrew, Arabic and their kin, as far as people's names go. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
/** From so many days ago on, a date carries its year. */
const YEAR_SHOWN_DAYS = 300;

export type AgoUnit = "year" | "month" | "week" | "day" | "hour" | "minute" | "second";

/** For a language that browsers' Intl does not know: a kindred locale that carries order and digits, and own words. */
export interface IntlGap {
  locale: string;
  /** How long ago, with {n}. */
  ago: Record<AgoUnit, string>;
  /** The same where there is a word for one of them; for seconds the word for just now. */
  agoWords: Partial<Record<AgoUnit, string>>;
  /** January first. */
  months: string[];
  /** Sunday first. */
  weekdays: string[];
  shortWeekdays: string[];
  /** By ISO 4217 code. */
  currencies: Record<string, string>;
}

export type I18n = ReturnType<typeof createI18n>;

export interface I18nOptions {
  language: Language;
  words: Words;
  /** What the browser prefers (`navigator.languages`). */
  preferred?: readonly string[];
  /** Default: where the reader is. */
  timeZone?: string;
}

export function createI18n({ language, words, preferred = [], timeZone }: I18nOptions) {
  const { gap } = words;
  let { catalogue } = words;
  let isComplete = false;
  const locale = gap?.locale ?? regionalLocale(language.tag, preferred);
  const zone = timeZone === undefined ? {} : { timeZone };
  const numbers = new Intl.NumberFormat(locale);
  const plurals = new Intl.PluralRules(language.tag);
  // Compared, never shown: always year-month-day in Latin digits.
  const calendar = new Intl.DateTimeFormat("en-CA", { ...zone, year: "numeric", month: "2-digit", day: "2-digit" });

  /**
   * A text of the catalogue with its placeholders filled; numbers in the language's digits and plural form. Words of the
   * other direction are isolated (Unicode TR 9, FSI … PDI), or two names side by side would change places.
   */
  function t<K extends Key>(key: K, ...[values]: keyof Values<K> extends never ? [] : [Values<K>]): string {
    const given: Record<string, string | number> = values ?? {};
    // Nothing rather than a page that breaks, should a text be asked for before it has come.
    const entry = catalogue[key] ?? "";
    const text = typeof entry === "string" ? entry : entry[plurals.select(Number(given.n))] ?? entry.other;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = given[name];
      if (value === undefined) return whole;
      if (typeof value === "number") return numbers.format(value);
      return language.dir === "rtl" || RIGHT_TO_LEFT.test(value) ? `\u2068${value}\u2069` : value;
    });
  }

  const names = gap ? namesFrom(gap, calendar) : undefined;
  function dates(options: Intl.DateTimeFormatOptions): (at: string) => string {
    // Made when first asked for: a format costs more than many dates written by it, and most are rare.
    let format: Intl.DateTimeFormat | undefined;
    return (at) => {
      const date = new Date(at);
      format ??= new Intl.DateTimeFormat(locale, { ...zone, ...options });
      if (!names) return format.format(date);
      return format.formatToParts(date).map((part) => names(part, date, options) ?? part.value).join("");
    };
  }

  const time = dates({ hour: "numeric", minute: "2-digit" });
  const weekday = dates({ weekday: "short" });
  const dayOfYear = dates({ day: "numeric", month: "short" });
  const shortDate = dates({ day: "numeric", month: "numeric", year: "2-digit" });
  const longDay = dates({ weekday: "long", day: "numeric", month: "long" });
  const longDate = dates({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const exactTime = dates({
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
  });

  /** The calendar day where the reader is, as year-month-day. */
  const dayKey = (at: string) => calendar.format(new Date(at));

  /** Whole days from `at` until now, as the calendar has them: 0 today, 1 yesterday. */
  function daysAgo(at: string, nowMs: number): number {
    return Math.round((Date.parse(calendar.format(nowMs)) - Date.parse(dayKey(at))) / DAY_MS);
  }

  /** For a list: the time today, then the word, the weekday, the date. */
  function listTime(at: string, nowMs: number): string {
    const days = daysAgo(at, nowMs);
    if (days <= 0) return time(at);
    if (days === 1) return t("time.yesterday");
    if (days < 7) return weekday(at);
    return days < YEAR_SHOWN_DAYS ? dayOfYear(at) : shortDate(at);
  }

  /** The name of a day, for the line between two. */
  function day(at: string, nowMs: number): string {
    const days = daysAgo(at, nowMs);
    if (days <= 0) return t("time.today");
    if (days === 1) return t("time.yesterday");
    return days < YEAR_SHOWN_DAYS ? longDay(at) : longDate(at);
  }

  let agoFormat: Intl.RelativeTimeFormat | undefined;
  function ago(n: number, unit: AgoUnit): string {
    if (gap) return (n <= 1 && gap.agoWords[unit] || gap.ago[unit]).replace("{n}", numbers.format(n));
    agoFormat ??= new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
    return agoFormat.format(-n, unit);
  }

  /** How long ago in words, for now or earlier: hours while it is less than a day, then as the calendar counts days. */
  function relative(at: string, nowMs: number): string {
    const ms = nowMs - Date.parse(at);
    if (ms < MINUTE_MS) return ago(0, "second");
    if (ms < HOUR_MS) return ago(Math.floor(ms / MINUTE_MS), "minute");
    if (ms < DAY_MS) return ago(Math.floor(ms / HOUR_MS), "hour");
    const days = daysAgo(at, nowMs);
    if (days < WEEK_DAYS) return ago(days, "day");
    if (days <= MONTH_DAYS) return ago(Math.floor(days / WEEK_DAYS), "week");
    if (days < YEAR_DAYS) return ago(Math.floor(days / MONTH_DAYS), "month");
    return ago(Math.floor(days / YEAR_DAYS), "year");
  }

  function list(items: string[]): string {
    if (items.length < 2) return items[0] ?? "";
    return t("names.and", { names: items.slice(0, -1).join(t("names.comma")), last: items.at(-1)! });
  }

  function price(amount: number, currency: string): string {
    const fractions = Number.isInteger(amount) ? { maximumFractionDigits: 0 } : {};
    const format = new Intl.NumberFormat(locale, { style: "currency", currency, ...fractions });
    return format.formatToParts(amount)
      .map(({ type, value }) => type === "currency" ? gap?.currencies[currency] ?? value : value).join("");
  }

  /** Fetches what the screens say that are not the first. Rejects where it cannot be fetched: another try may. */
  async function complete(): Promise<void> {
    if (isComplete) return;
    catalogue = { ...catalogue, ...(await language.loadRest()).words.catalogue };
    isComplete = true;
  }

  const number = (n: number) => numbers.format(n);
  return {
    complete,
    isComplete: () => isComplete,
    tag: language.tag,
    dir: language.dir,
    t,
    number,
    list,
    price,
    time,
    exactTime,
    relative,
    dayKey,
    listTime,
    day,
  };
}

/**
 * The reader's own region where the browser names one for this language (en-GB), else the likeliest (ar-EG): digits
 * are a region's, and what a bare `ar` writes changes with the browser.
 */
function regionalLocale(tag: string, preferred: readonly string[]): string {
  const own = preferred.find((one) => one.toLowerCase().split("-")[0] === tag) ?? tag;
  const { region } = new Intl.Locale(own).maximize();
  return new Intl.Locale(own, region === undefined ? {} : { region }).toString();
}

type NamesOf = (part: Intl.DateTimeFormatPart, date: Date, options: Intl.DateTimeFormatOptions) => string | undefined;

/** The gap's own month and weekday in place of the kindred locale's. */
function namesFrom(gap: IntlGap, calendar: Intl.DateTimeFormat): NamesOf {
  return ({ type }, date, options) => {
    const day = new Date(calendar.format(date));
    if (type === "weekday") return (options.weekday === "long" ? gap.weekdays : gap.shortWeekdays)[day.getUTCDay()];
    if (type === "month" && options.month !== "numeric") return gap.months[day.getUTCMonth()];
  };
}
