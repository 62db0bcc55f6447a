// Which message is being changed: the log asks for it, the composer does it.
import { signal } from "@preact/signals";

export interface Edit {
  conversationId: string;
  seq: number;
  body: string;
}

export const editing = signal<Edit | null>(null);

/** Left in the middle, or refused: each waits until its conversation's field is free. */
export const unsaved = signal<readonly Edit[]>([]);
