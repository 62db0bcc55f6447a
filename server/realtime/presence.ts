// Presence: who is online, away or was last seen when. A person is all their connections; one that flaps does not show.
import type { Presence as State, PresenceOf } from "../../protocol/models.ts";

type Status = "online" | "away";

export interface PresenceOptions {
  graceMs: number;
  now: () => number;
  /** Somebody's presence, as others see it, is another now. */
  changed: (presence: PresenceOf) => void;
  /** Somebody has gone: keep when. */
  gone: (userId: string, at: Date) => void;
}

interface Person {
  /** By connection. */
  statuses: Map<string, Status>;
  shown: State;
  leaving: ReturnType<typeof setTimeout> | undefined;
}

export class Presence {
  readonly #options: PresenceOptions;
  readonly #people = new Map<string, Person>();

  constructor(options: PresenceOptions) {
    this.#options = options;
  }

  connected(userId: string, connectionId: string): void {
    const person = this.#people.get(userId) ?? { statuses: new Map(), shown: "offline", leaving: undefined };
    this.#people.set(userId, person);
    clearTimeout(person.leaving);
    person.leaving = undefined;
    person.statuses.set(connectionId, "online");
    this.#show(userId, person);
  }

  setStatus(userId: string, connectionId: string, status: Status): void {
    const person = this.#people.get(userId);
    if (!person?.statuses.has(connectionId)) return;
    person.statuses.set(connectionId, status);
    this.#show(userId, person);
  }

  /** [T3] The last connection's end counts only when none follows within the grace. */
  disconnected(userId: string, connectionId: string): void {
    const person = this.#people.get(userId);
    if (!person?.statuses.delete(connectionId)) return;
    if (person.statuses.size > 0) return this.#show(userId, person);
    const at = new Date(this.#options.now());
    person.leaving = setTimeout(() => {
      this.#people.delete(userId);
      this.#options.gone(userId, at);
      this.#options.changed({ userId, presence: "offline", lastSeenAt: at.toISOString() });
    }, this.#options.graceMs);
  }

  of(userId: string): State {
    return this.#people.get(userId)?.shown ?? "offline";
  }

  /** Forgets the timers; who was connected counts as gone now. */
  stop(): string[] {
    for (const person of this.#people.values()) clearTimeout(person.leaving);
    const userIds = [...this.#people.keys()];
    this.#people.clear();
    return userIds;
  }

  #show(userId: string, person: Person): void {
    const shown: State = [...person.statuses.values()].includes("online") ? "online" : "away";
    if (shown === person.shown) return;
    person.shown = shown;
    this.#options.changed({ userId, presence: shown, lastSeenAt: null });
  }
}
