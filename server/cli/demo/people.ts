// Who is in the demo: a dozen people of a small marketplace in Kathmandu. The first one owns the installation.

export interface Person {
  username: string;
  name: string;
  /** What they read, as a language tag (BCP 47). */
  locale: "en" | "ne";
}

export const PEOPLE = {
  prakash: { username: "prakash", name: "Prakash Shrestha", locale: "en" },
  anisha: { username: "anisha", name: "Anisha Rai", locale: "en" },
  rajesh: { username: "rajesh", name: "राजेश महर्जन", locale: "ne" },
  sita: { username: "sita.adhikari", name: "सीता अधिकारी", locale: "ne" },
  bikash: { username: "bikash-tamang", name: "Bikash Tamang", locale: "en" },
  emma: { username: "emma.clarke", name: "Emma Clarke", locale: "en" },
  daniel: { username: "daniel_brooks", name: "Daniel Brooks", locale: "en" },
  kamala: { username: "kamala77", name: "कमला गुरुङ", locale: "ne" },
  suman: { username: "suman.basnet", name: "सुमन बस्नेत", locale: "ne" },
  pooja: { username: "pooja.k", name: "Pooja Khadka", locale: "en" },
  hari: { username: "hariprasad", name: "हरि प्रसाद पौडेल", locale: "ne" },
  nabin: { username: "nabin-lama", name: "Nabin Lama", locale: "en" },
} satisfies Record<string, Person>;

export type PersonKey = keyof typeof PEOPLE;

/** Whom the demo's two links sign in. */
export const BUYER: PersonKey = "anisha";
export const SELLER: PersonKey = "rajesh";
