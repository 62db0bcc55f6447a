// What people do with whole conversations, the same over REST and the socket: opening one, changing who is in it.
import { CommandError } from "../../protocol/errors.ts";
import type { Conversation, Message } from "../../protocol/models.ts";
import type { CreateConversation, UserRef } from "../../protocol/rest.ts";
import type { MembershipChange } from "../store/participants.ts";
import type { Store } from "../store/store.ts";
import { resolvePeople } from "./people.ts";
import type { RoomRegistry } from "./registry.ts";

type ConversationsStore = Pick<Store, "conversations" | "participants" | "users">;

export class Conversations {
  readonly #store: ConversationsStore;
  readonly #rooms: RoomRegistry;

  constructor(store: ConversationsStore, rooms: RoomRegistry) {
    this.#store = store;
    this.#rooms = rooms;
  }

  /** The conversation as a participant sees it; throws not_found for anyone else. */
  async find(userId: string, id: string): Promise<Conversation> {
    const conversation = await this.#store.conversations.find(userId, id);
    if (conversation === null) throw new CommandError("not_found");
    return conversation;
  }

  /** Opens the direct conversation with somebody (`made` is false when it was there), or makes a group. */
  async create(userId: string, wanted: CreateConversation): Promise<{ conversation: Conversation; made: boolean }> {
    const { conversations, users } = this.#store;
    const listing = wanted.listing ?? null;
    if (wanted.kind === "group") {
      const people = await resolvePeople(users, wanted.participants, "/body/participants");
      const id = await conversations.createGroup(userId, wanted.title, people, listing, wanted.colour);
      for (const person of new Set([userId, ...people])) this.#rooms.get(id).announce(person);
      return { conversation: await this.find(userId, id), made: true };
    }
    const [other] = await resolvePeople(users, [wanted.to], "/body/to");
    if (other === userId) {
      throw new CommandError("invalid", { problems: [{ pointer: "/body/to", detail: "must be somebody else" }] });
    }
    const { id, made, hasLeft } = await conversations.openDirect(userId, other!, listing);
    if (hasLeft) await this.#rooms.get(id).change(userId, { type: "return" });
    if (made) this.#rooms.get(id).announce(userId);
    return { conversation: await this.find(userId, id), made };
  }

  /** Adds people to a group. Who may not see the conversation must not learn from this which people exist. */
  async addPeople(userId: string, id: string, people: UserRef[]): Promise<Message | null> {
    if (await this.#store.participants.access(id, userId) === null) throw new CommandError("not_found");
    const userIds = await resolvePeople(this.#store.users, people, "/body/participants");
    return await this.change(userId, id, { type: "add", userIds });
  }

  change(userId: string, id: string, change: MembershipChange): Promise<Message | null> {
    return this.#rooms.get(id).change(userId, change);
  }
}
