// The rooms of this node: made on demand, one per conversation, dropped when idle.
import { Room, type RoomOptions } from "./room.ts";

/** Idle rooms beyond this many are dropped, those first that were used longest ago. */
const IDLE_MAX_ROOMS = 5_000;

export class RoomRegistry {
  readonly #options: RoomOptions;
  /** In the order of last use: the longest unused first. */
  readonly #rooms = new Map<string, Room>();

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** The room of a conversation. Whether there is such a conversation shows only when the room is asked something. */
  get(conversationId: string): Room {
    const room = this.#rooms.get(conversationId) ?? new Room(conversationId, this.#options);
    this.#rooms.delete(conversationId);
    this.#rooms.set(conversationId, room);
    if (this.#rooms.size > IDLE_MAX_ROOMS) this.#evict();
    return room;
  }

  #evict(): void {
    for (const [id, room] of this.#rooms) {
      if (this.#rooms.size <= IDLE_MAX_ROOMS) return;
      if (room.isIdle) this.#rooms.delete(id);
    }
  }
}
