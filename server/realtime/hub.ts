// Who is connected to this node: the live connections of each person, what each watches, and the door to cut them.
import type { CloseReason } from "../../protocol/close_codes.ts";
import type { Principal } from "../auth/principal.ts";
import type { Audience } from "../room/subscriber.ts";
import type { Connection } from "./connection.ts";
import type { Flusher } from "./flusher.ts";
import { MultiMap } from "./multi_map.ts";

/** How long an ended session is remembered, for a socket whose proof was being checked when it ended. */
const ENDED_KEPT_MS = 60_000;

export class Hub implements Audience {
  readonly #flusher: Flusher;
  readonly #now: () => number;
  readonly #byUser = new MultiMap<string, Connection>();
  readonly #byConversation = new MultiMap<string, Connection>();
  readonly #leaving = new MultiMap<string, Set<string>>();
  readonly #ended = new Map<string, number>();
  /** Told when somebody is no participant any more. */
  onLeft: (userId: string, conversationId: string) => void = () => {};

  constructor(flusher: Flusher, now: () => number) {
    this.#flusher = flusher;
    this.#now = now;
  }

  get size(): number {
    return this.#byUser.size;
  }

  /** Takes a new connection in, unless its authority ended while it was being opened. */
  add(connection: Connection): void {
    this.#byUser.add(connection.userId, connection);
    if (this.#hasEnded(connection.principal)) connection.close("unauthenticated");
  }

  /** [A4] From now on the connection stands on a newer proof. False: that has ended while it was being checked. */
  renew(connection: Connection, principal: Principal): boolean {
    if (this.#hasEnded(principal)) return false;
    connection.principal = principal;
    return true;
  }

  remove(connection: Connection): void {
    this.#byUser.delete(connection.principal.userId, connection);
    this.watch(connection, []);
  }

  countOf(userId: string): number {
    return this.#byUser.get(userId).size;
  }

  subscribersOf(userId: string): ReadonlySet<Connection> {
    return this.#byUser.get(userId);
  }

  watchersOf(conversationId: string): ReadonlySet<Connection> {
    return this.#byConversation.get(conversationId);
  }

  /** From now on the connection has these conversations open, and no others. */
  watch(connection: Connection, conversationIds: string[]): void {
    for (const id of connection.watching) this.#byConversation.delete(id, connection);
    connection.watching = new Set(conversationIds);
    for (const id of connection.watching) this.#byConversation.add(id, connection);
  }

  unwatch(connection: Connection, conversationId: string): void {
    if (connection.watching.delete(conversationId)) this.#byConversation.delete(conversationId, connection);
  }

  /** Gathers what a person leaves from now on, until it is ended. */
  leaving(userId: string): { left: ReadonlySet<string>; end: () => void } {
    const left = new Set<string>();
    this.#leaving.add(userId, left);
    return { left, end: () => this.#leaving.delete(userId, left) };
  }

  left(userId: string, conversationId: string): void {
    for (const left of this.#leaving.get(userId)) left.add(conversationId);
    for (const connection of this.subscribersOf(userId)) this.unwatch(connection, conversationId);
    this.onLeft(userId, conversationId);
  }

  flushed(): Promise<void> {
    return this.#flusher.flushed();
  }

  /** [A2] Cuts the connections of a session or a person whose authority has ended, also those that are just being opened. */
  authorityEnded(kind: "session" | "user", id: string): void {
    const now = this.#now();
    for (const [known, at] of this.#ended) {
      if (now - at < ENDED_KEPT_MS) break;
      this.#ended.delete(known);
    }
    this.#ended.set(id, now);
    const candidates = kind === "user" ? this.subscribersOf(id) : this.#byUser.values();
    for (const connection of [...candidates]) {
      if (kind === "user" || connection.principal.sessionId === id) connection.close("unauthenticated");
    }
  }

  connections(): Iterable<Connection> {
    return this.#byUser.values();
  }

  closeAll(reason: CloseReason): void {
    for (const connection of [...this.#byUser.values()]) connection.close(reason);
  }

  #hasEnded({ userId, sessionId }: Principal): boolean {
    return this.#ended.has(userId) || (sessionId !== null && this.#ended.has(sessionId));
  }
}
