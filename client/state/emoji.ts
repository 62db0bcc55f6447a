// Finds emoji by a word of the reader's, and remembers those used last on this device.
import { SET } from "./emoji_set.ts";

export type EmojiGroup = keyof typeof SET;

export interface Emoji {
  emoji: string;
  /** Words people search by, in English and Nepali, as they mix them. */
  words: string[];
}

const RECENT_KEY = "chautari.emoji";
/** Two rows of the picker. */
export const RECENT_MAX = 16;

/** In the order in which they are shown. */
export const EMOJI = Object.entries(SET).map(([group, lines]) => ({
  group: group as EmojiGroup,
  emoji: lines.trim().split("\n").map(parsed),
}));

const BY_EMOJI = new Map(EMOJI.flatMap(({ emoji }) => emoji).map((one) => [one.emoji, one]));

function parsed(line: string): Emoji {
  const [emoji, ...words] = line.trim().split(/[| ]/);
  return { emoji: emoji!, words };
}

/** Those that have, for each of the words given, a word that begins with it. */
export function findEmoji(words: string): Emoji[] {
  const wanted = words.normalize("NFC").toLowerCase().split(/\s+/u).filter((word) => word !== "");
  return [...BY_EMOJI.values()].filter(({ emoji, words }) =>
    wanted.every((word) => emoji === word || words.some((known) => known.startsWith(word)))
  );
}

/** The list of those used, with one more: the latest first, each once. */
export function withRecent(recent: readonly string[], emoji: string): string[] {
  return [emoji, ...recent.filter((other) => other !== emoji)].slice(0, RECENT_MAX);
}

/** What was kept, as far as it makes sense. */
export function parseRecent(text: string | null): Emoji[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return (Array.isArray(kept) ? kept : []).flatMap((emoji) => BY_EMOJI.get(emoji) ?? []).slice(0, RECENT_MAX);
  } catch {
    return [];
  }
}

export function loadRecent(): Emoji[] {
  try {
    return parseRecent(localStorage.getItem(RECENT_KEY));
  } catch {
    return [];
  }
}

export function keepRecent(emoji: string): void {
  try {
    const recent = loadRecent().map((one) => one.emoji);
    localStorage.setItem(RECENT_KEY, JSON.stringify(withRecent(recent, emoji)));
  } catch {
    // The browser lets nothing be kept: next time the list begins anew.
  }
}
