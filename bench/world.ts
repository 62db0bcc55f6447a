// The people and rooms of a run, made straight in the database; the same on either side.

export interface World {
  rooms: number;
  membersPerRoom: number;
  /** Messages that every conversation holds from the start. */
  storedPerRoom?: number;
}

/** What both sides ask of a token. */
export const JWT = {
  secret: "the benchmark's secret, which is long enough",
  issuer: "https://bench.example",
  audience: "chautari-bench",
};

/** A UUID that the same number always gives: a version 7 of the year 2024, so that an index on it grows at its end. */
export function uuid(space: number, number: number): string {
  const tail = number.toString(16).padStart(12, "0");
  return `018d0000-${space.toString(16).padStart(4, "0")}-7000-8000-${tail}`;
}

export const userId = (person: number): string => uuid(1, person);
export const conversationId = (room: number): string => uuid(2, room);
