// Watching: a client says which conversations it has open, and gets positions, typing and presence of those from then on.
import { CommandError } from "../../protocol/errors.ts";
import { PRESENCE_GRACE_MS, PRESENCE_MAX_PEOPLE } from "../../protocol/limits.ts";
import type { Position, PresenceOf } from "../../protocol/models.ts";
import { Batch } from "../room/subscriber.ts";
import type { RoomRegistry } from "../room/registry.ts";
import type { PresenceStore } from "../store/presence.ts";
import type { Connection } from "./connection.ts";
import type { Hub } from "./hub.ts";
import { MultiMap } from "./multi_map.ts";
import { Presence } from "./presence.ts";

export interface WatchingOptions {
  hub: Hub;
  rooms: RoomRegistry;
  store: PresenceStore;
  now: () => number;
  graceMs?: number;
  /** Starts work that nobody waits for; its failure is logged. */
  background: (work: Promise<unknown>, what: string) => void;
}

export interface Watched {
  conversationId: string;
  positions: Position[];
  presence: PresenceOf[];
  typing: string[];
}

export class Watching {
  readonly #options: WatchingOptions;
  readonly #presence: Presence;
  /** Whose presence each connection is shown. */
  readonly #byPerson = new MultiMap<string, Connection>();
  readonly #shown = new Map<Connection, Map<string, Set<string>>>();
  readonly #hidden = new Set<string>();
  #unkept = new Map<string, Date>();

  constructor(options: WatchingOptions) {
    this.#options = options;
    this.#presence = new Presence({
      graceMs: options.graceMs ?? PRESENCE_GRACE_MS,
      now: options.now,
      changed: (presence) => this.#tell(presence),
      gone: (userId, at) => this.#keepSeen(userId, at),
    });
    options.hub.onLeft = (userId, conversationId) => this.#left(userId, conversationId);
  }

  connected(connection: Connection): void {
    this.#presence.connected(connection.userId, connection.id);
  }

  disconnected(connection: Connection): void {
    const { rooms, background } = this.#options;
    this.#show(connection, new Map());
    this.#presence.disconnected(connection.userId, connection.id);
    for (const id of connection.typing) {
      // Who has left meanwhile types no more.
      background(rooms.get(id).type(connection.userId, false).catch(nullIfNotFound), "end typing");
    }
  }

  /** [T2] Somebody types, or stopped; a connection that ends takes its typing with it. Throws not_found. */
  async type(connection: Connection, conversationId: string, typing: boolean): Promise<void> {
    const { typing: typingIn, userId } = connection;
    if (typing) typingIn.add(conversationId);
    else typingIn.delete(conversationId);
    try {
      await this.#options.rooms.get(conversationId).type(userId, typing);
    } catch (error) {
      typingIn.delete(conversationId);
      throw error;
    }
  }

  setStatus(connection: Connection, status: "online" | "away"): void {
    this.#presence.setStatus(connection.userId, connection.id, status);
  }

  /** [T1] Replaces what the connection watches. Conversations that are not the asker's are left out of the answer. */
  async watch(connection: Connection, conversationIds: string[]): Promise<Watched[]> {
    const { hub, rooms } = this.#options;
    // Watched first, checked then: somebody who is removed meanwhile stops watching, and rooms tell only participants.
    hub.watch(connection, conversationIds);
    const watching = connection.watching;
    const seen = await Promise.all([...watching].map(async (conversationId) => {
      const positions = await rooms.get(conversationId).positionsFor(connection.userId).catch(nullIfNotFound);
      if (positions === null) hub.unwatch(connection, conversationId);
      return positions && { conversationId, positions };
    }));
    const mine = seen.filter((one) => one !== null).filter((one) => watching.has(one.conversationId));
    const people = new Map(mine.map(({ conversationId, positions }) => {
      const others = positions.map((one) => one.userId).filter((userId) => userId !== connection.userId);
      return [conversationId, new Set(others.slice(0, PRESENCE_MAX_PEOPLE))];
    }));
    const presenceOf = await this.#readPresence([...new Set([...people.values()].flatMap((ids) => [...ids]))]);
    // From here to the answer nothing waits. One that watched something else meanwhile, or closed, is shown that.
    if (connection.watching === watching) this.#show(connection, people);
    return mine.map(({ conversationId, positions }) => ({
      conversationId,
      positions,
      presence: [...people.get(conversationId)!].map(presenceOf),
      typing: rooms.get(conversationId).typingFor(connection.userId),
    }));
  }

  /** [T4] From now on nobody sees when this person is here, or everyone who may. */
  async setHidden(userId: string, hidden: boolean): Promise<void> {
    await this.#options.store.setHidden(userId, hidden);
    if (hidden) this.#tell({ userId, presence: "offline", lastSeenAt: null });
    if (hidden) this.#hidden.add(userId);
    else this.#hidden.delete(userId);
    if (!hidden) this.#tell({ userId, presence: this.#presence.of(userId), lastSeenAt: null });
  }

  /** Keeps when those who are connected were last seen. */
  async stop(): Promise<void> {
    for (const userId of this.#presence.stop()) this.#unkept.set(userId, new Date(this.#options.now()));
    await this.#writeSeen();
  }

  /** Reads who hides and who was last seen when; what it gives then tells the presence of each at that moment. */
  async #readPresence(userIds: string[]): Promise<(userId: string) => PresenceOf> {
    const kept = userIds.length === 0 ? [] : await this.#options.store.find(userIds);
    for (const { userId, hidden } of kept) {
      if (hidden) this.#hidden.add(userId);
      else this.#hidden.delete(userId);
    }
    const lastSeen = new Map(kept.map(({ userId, lastSeenAt }) => [userId, lastSeenAt]));
    return (userId) => {
      const isHidden = this.#hidden.has(userId);
      const presence = isHidden ? "offline" as const : this.#presence.of(userId);
      const seen = isHidden || presence !== "offline" ? null : this.#unkept.get(userId) ?? lastSeen.get(userId);
      return { userId, presence, lastSeenAt: seen?.toISOString() ?? null };
    };
  }

  /** [T4] Those who still watch the conversation share it with this person no longer. */
  #left(userId: string, conversationId: string): void {
    for (const connection of this.#options.hub.watchersOf(conversationId)) {
      const people = this.#shown.get(connection);
      const shown = people?.get(conversationId);
      if (!people || !shown?.has(userId)) continue;
      const others = new Set(shown);
      others.delete(userId);
      this.#show(connection, new Map(people).set(conversationId, others));
    }
  }

  #show(connection: Connection, people: Map<string, Set<string>>): void {
    for (const ids of this.#shown.get(connection)?.values() ?? []) {
      for (const userId of ids) this.#byPerson.delete(userId, connection);
    }
    for (const ids of people.values()) for (const userId of ids) this.#byPerson.add(userId, connection);
    if (people.size === 0) this.#shown.delete(connection);
    else this.#shown.set(connection, people);
  }

  /** Only those who still have a conversation with this person open, and are still in it. */
  #tell(presence: PresenceOf): void {
    const { userId } = presence;
    if (this.#hidden.has(userId)) return;
    const batch = Batch.of({ event: "presence", ...presence });
    for (const connection of this.#byPerson.get(userId)) {
      const people = this.#shown.get(connection);
      const shares = people && [...people].some(([id, ids]) => ids.has(userId) && connection.watching.has(id));
      if (shares) connection.send(batch);
    }
  }

  /** Those who go at the same time are written together. */
  #keepSeen(userId: string, at: Date): void {
    this.#unkept.set(userId, at);
    if (this.#unkept.size === 1) {
      setTimeout(() => this.#options.background(this.#writeSeen(), "keep last-seen times"), 1_000);
    }
  }

  async #writeSeen(): Promise<void> {
    const people = [...this.#unkept].map(([userId, at]) => ({ userId, at }));
    this.#unkept = new Map();
    if (people.length > 0) await this.#options.store.seen(people);
  }
}

function nullIfNotFound(error: unknown): null {
  if (error instanceof CommandError && error.code === "not_found") return null;
  throw error;
}
