// How the demo's conversations are written down, and how the text becomes messages with times.
import type { ListingKey } from "./listings.ts";
import { PEOPLE, type PersonKey } from "./people.ts";

export interface Script {
  /** The first one began it. */
  people: PersonKey[];
  /** The ad that a direct conversation is about; a plain one has none. */
  listing?: ListingKey;
  /** A group has a title. */
  title?: string;
  /** How many of the last messages somebody has not read; whoever is not named has read all. */
  unread?: Partial<Record<PersonKey, number>>;
  archivedBy?: PersonKey[];
  mutedBy?: PersonKey[];
  /**
   * One line each: `12d 18:40` (so many days ago at that time of this machine's clock) or `25m` (so many minutes ago)
   * sets the time of what follows; `anisha: …` is a message, `| …` one more line of it; `emma + nabin` adds a person.
   */
  text: string;
}

/** Something that happened in a conversation; `at` in milliseconds since 1970. */
export type Line = { at: number; by: PersonKey } & ({ body: string } | { adds: PersonKey });

const MINUTE_MS = 60_000;

/** Reads a script's text. Times rise; within a burst they are some seconds to two minutes apart, long messages later. */
export function readScript(text: string, now: number): Line[] {
  const lines: Line[] = [];
  let at = -Infinity;
  for (const raw of text.trim().split("\n").map((line) => line.trim()).filter((line) => line !== "")) {
    const mark = readMark(raw, now);
    const [, author, sign, rest] = /^([a-z]+)(:| \+) (.+)$/.exec(raw) ?? [];
    const last = lines.at(-1);
    if (mark !== null) {
      if (mark <= at) throw new Error(`Cannot read a demo script: "${raw}" is not after the message before it`);
      at = mark;
    } else if (raw.startsWith("| ") && last && "body" in last) {
      last.body += `\n${raw.slice(2)}`;
    } else if (author !== undefined && rest !== undefined && at > 0) {
      const by = person(author);
      lines.push(sign === ":" ? { at, by, body: rest } : { at, by, adds: person(rest) });
      at += pauseMs(rest, lines.length);
    } else {
      throw new Error(`Cannot read a demo script: "${raw}"`);
    }
  }
  return lines;
}

/** A time to write the answer in, uneven as people are, yet the same at every run. */
function pauseMs(text: string, place: number): number {
  return 7_000 + Math.min(text.length, 120) * 300 + (place * 7_919) % 31_000;
}

function readMark(line: string, now: number): number | null {
  const [, days, hour, minute, minutes] = /^(?:(\d+)d (\d\d):(\d\d)|(\d+)m)$/.exec(line) ?? [];
  if (minutes !== undefined) return now - Number(minutes) * MINUTE_MS;
  if (days === undefined) return null;
  const date = new Date(now);
  date.setDate(date.getDate() - Number(days));
  return date.setHours(Number(hour), Number(minute), 0, 0);
}

function person(name: string): PersonKey {
  if (!Object.hasOwn(PEOPLE, name)) throw new Error(`Cannot read a demo script: nobody is called "${name}"`);
  return name as PersonKey;
}
