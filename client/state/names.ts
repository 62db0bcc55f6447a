// Who is meant: the name and face of a conversation, and the initials and colour of someone without a picture.
import type { Conversation, User } from "../../protocol/models.ts";

/** How many colours an avatar can have (client/styles/avatar.css). */
export const TINTS = 8;

/** The other person of a direct conversation; null once they have left. */
export function counterpart(conversation: Conversation, meId: string): User | null {
  if (conversation.kind !== "direct") return null;
  return conversation.participants.find((participant) => participant.user.id !== meId)?.user ?? null;
}

/** A direct conversation that the other has left: they are still named in it, but not counted. */
export function isClosed(conversation: Conversation | undefined): boolean {
  return conversation?.kind === "direct" && conversation.participantCount < 2;
}

/**
 * The first letters of the first and of the last word. In scripts without capitals the first word's alone, as a whole
 * cluster: क्षि is one letter to its reader, and two of them side by side would read as a word.
 */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = firstCluster(words[0]!);
  const hasCapitals = first.toLowerCase() !== first.toUpperCase();
  const last = words.length > 1 && hasCapitals ? firstCluster(words.at(-1)!) : "";
  return (first + last).toUpperCase();
}

/** The same id has the same colour everywhere: 0 … TINTS − 1. */
export function tint(id: string): number {
  let hash = 0;
  for (let at = 0; at < id.length; at++) hash = (hash * 31 + id.charCodeAt(at)) >>> 0;
  return hash % TINTS;
}

const clusters = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

function firstCluster(word: string): string {
  if (!clusters) return [...word][0] ?? "";
  for (const { segment } of clusters.segment(word)) return segment;
  return "";
}
