// What a client has of its conversations, however it came: it knows where it lacks something.
import type { Cursor, Message } from "../../protocol/models.ts";

/** Nobody edits here, so that a message's version is its seq and a cursor is one number. */
export class Replica {
  /** Taken since they were last checked. */
  unchecked: Message[] = [];
  readonly #conversations: Map<string, { complete: number; beyond: Set<number> }>;

  constructor(conversationIds: string[]) {
    this.#conversations = new Map(conversationIds.map((id) => [id, { complete: 0, beyond: new Set() }]));
  }

  take(message: Message): void {
    this.unchecked.push(message);
    const conversation = this.#conversations.get(message.conversationId);
    if (conversation === undefined || message.seq <= conversation.complete) return;
    conversation.beyond.add(message.seq);
    while (conversation.beyond.delete(conversation.complete + 1)) conversation.complete++;
  }

  /** Everything up to this seq is there. */
  completeTo(conversationId: string): number {
    return this.#conversations.get(conversationId)!.complete;
  }

  cursors(): (Cursor & { conversationId: string })[] {
    return [...this.#conversations].map(([conversationId, { complete }]) => ({
      conversationId,
      seq: complete,
      version: complete,
    }));
  }
}
