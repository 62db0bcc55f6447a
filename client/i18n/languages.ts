// The languages there are. To add one: a file beside en.ts, and a line here.
import type { Catalogue } from "./catalogue.ts";
import type { IntlGap } from "./i18n.ts";

export interface Language {
  /** BCP 47; what `lang` says. */
  tag: string;
  /** The language's own name for itself. */
  name: string;
  dir: "ltr" | "rtl";
  /** Other address segments that mean this language. */
  aliases: string[];
  /** Only the language in use is fetched: what the first screens say. */
  load(): Promise<{ words: Words }>;
  /** What the other screens say: vite.config.ts makes two files of a built page's language, otherwise each has all. */
  loadRest(): Promise<{ words: { catalogue: Partial<Catalogue> } }>;
}

export interface Words {
  catalogue: Catalogue;
  /** Where browsers' Intl does not know the language. */
  gap?: IntlGap;
}

export const LANGUAGES: readonly Language[] = [
  {
    tag: "en",
    name: "English",
    dir: "ltr",
    aliases: [],
    load: () => import("./en.ts"),
    loadRest: () => import("./en.ts?rest"),
  },
  // `np` is the country's code, not the language's, but people type it.
  {
    tag: "ne",
    name: "नेपाली",
    dir: "ltr",
    aliases: ["np"],
    load: () => import("./ne.ts"),
    loadRest: () => import("./ne.ts?rest"),
  },
  {
    tag: "hi",
    name: "हिन्दी",
    dir: "ltr",
    aliases: [],
    load: () => import("./hi.ts"),
    loadRest: () => import("./hi.ts?rest"),
  },
  {
    tag: "ar",
    name: "العربية",
    dir: "rtl",
    aliases: [],
    load: () => import("./ar.ts"),
    loadRest: () => import("./ar.ts?rest"),
  },
];

/** The language of an address's first segment, in any case; English where there is no such language. */
export function languageOf(segment: string): Language {
  const wanted = segment.toLowerCase();
  return LANGUAGES.find(({ tag, aliases }) => tag === wanted || aliases.includes(wanted)) ?? LANGUAGES[0]!;
}
