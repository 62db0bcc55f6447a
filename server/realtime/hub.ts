// Who is connected to this node: the live connections of each person, and the door to cut them.
import type { CloseReason } from "../../protocol/close_codes.ts";
import type { Audience } from "../room/subscriber.ts";
import type { Connection } from "./connection.ts";

const NOBODY: Iterable<Connection> = [];

export class Hub implements Audience {
  readonly #byUser = new Map<string, Set<Connection>>();
  #count = 0;

  get size(): number {
    return this.#count;
  }

  add(connection: Connection): void {
    const { userId } = connection.principal;
    let connections = this.#byUser.get(userId);
    if (!connections) this.#byUser.set(userId, connections = new Set());
    connections.add(connection);
    this.#count++;
  }

  remove(connection: Connection): void {
    const { userId } = connection.principal;
    const connections = this.#byUser.get(userId);
    if (!connections?.delete(connection)) return;
    this.#count--;
    if (connections.size === 0) this.#byUser.delete(userId);
  }

  subscribersOf(userId: string): Iterable<Connection> {
    return this.#byUser.get(userId) ?? NOBODY;
  }

  /** Cuts the connections of sessions that have ended. */
  closeSessions(sessionIds: string[]): void {
    this.#closeWhere("unauthenticated", ({ principal }) => sessionIds.includes(principal.sessionId ?? ""));
  }

  closeAll(reason: CloseReason): void {
    this.#closeWhere(reason, () => true);
  }

  #closeWhere(reason: CloseReason, which: (connection: Connection) => boolean): void {
    for (const connections of [...this.#byUser.values()]) {
      for (const connection of [...connections]) if (which(connection)) connection.close(reason);
    }
  }
}
