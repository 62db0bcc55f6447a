// Which message is being changed: the log asks for it, the composer does it.
import { signal } from "@preact/signals";

export const editing = signal<{ conversationId: string; seq: number; body: string } | null>(null);
