// The same id, read a hundred thousand times, is kept once: each answer brings new copies of the same few strings.
import type { Message } from "../../protocol/models.ts";

const known = new Map<string, string>();

function shared(id: string): string {
  const one = known.get(id);
  if (one !== undefined) return one;
  known.set(id, id);
  return id;
}

/** The messages themselves, with the ids of their conversations and senders shared. */
export function withSharedIds<Messages extends readonly Message[]>(messages: Messages): Messages {
  for (const message of messages) {
    message.conversationId = shared(message.conversationId);
    message.senderId = shared(message.senderId);
  }
  return messages;
}
