// The words a person can be found by, folded so that typing the beginning of one finds them in every script.

/** A word is kept and looked for by its first characters: an index entry has a greatest size. */
const WORD_MAX_CHARS = 64;

/** Scripts that put no space between words: any character may begin one, so every suffix is a word too. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Joiners and soft hyphens only shape a word, and one types it with or without them (Nepali र्‍य). */
const SHAPING = /[\u00ad\u034f\u200c\u200d\u2060\ufe00-\ufe0f]/g;

/** The words of a text: NFKC, lower case, split at what is neither letter, mark nor digit; each once, in their order. */
export function foldWords(text: string): string[] {
  const folded = text.toWellFormed().normalize("NFKC").toLowerCase().normalize("NFKC").replace(SHAPING, "");
  const words = folded.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== "");
  return [...new Set(words.map(cut))];
}

/** What to keep for a text so that each beginning of a word in it is the beginning of one of these. */
export function indexWords(text: string): string[] {
  return [...new Set(foldWords(text).flatMap((word) => UNSPACED.test(word) ? suffixes(word) : [word]))];
}

/** The first word after every word that begins with `prefix`, byte by byte: U+10FFFF is in no word. */
export function prefixEnd(prefix: string): string {
  return prefix + "\u{10ffff}";
}

function cut(word: string): string {
  return Array.from(word).slice(0, WORD_MAX_CHARS).join("");
}

function suffixes(word: string): string[] {
  const chars = Array.from(word);
  // a mark belongs to the letter before it: nobody begins to type there
  return chars.flatMap((char, at) => at > 0 && /\p{M}/u.test(char) ? [] : [chars.slice(at).join("")]);
}
