// Changes that are shown before the server has answered, and taken back, with a word, where it refuses.
import type { Conversation, Message } from "../../protocol/models.ts";
import type { Outcome } from "../state/actions.ts";
import type { MyChange } from "../state/conversations.ts";
import type { Failure } from "../state/failure.ts";
import type { Store } from "../state/store.ts";
import type { Clock } from "./clock.ts";
import type { Rest } from "./rest.ts";
import type { Socket } from "./socket.ts";

export interface ChangingOptions {
  store: Store;
  socket: Pick<Socket, "isOpen" | "request">;
  rest: Rest;
  clock: Clock;
  /** Does it and gives the failure, if there is one. */
  attempt(work: () => Promise<unknown>): Outcome;
  /** Says why something is as it was again. */
  sayRefused(failure: Failure): void;
}

export function createChanging({ store, socket, rest, clock, attempt, sayRefused }: ChangingOptions) {
  const state = () => store.state.peek();

  async function message(
    at: { conversationId: string; seq: number },
    fields: Partial<Message>,
    ask: () => Promise<{ message: Message }>,
  ): Outcome {
    store.apply({ type: "changing", ...at, fields });
    const failure = await attempt(async () => {
      const { message } = await ask();
      store.apply({ type: "answered", message });
    });
    // A later change of the same message is shown until its own answer.
    if (state().changing[at.conversationId]?.[at.seq] === fields) {
      store.apply({ type: "changing", ...at, fields: null });
    }
    if (failure) sayRefused(failure);
    return failure;
  }

  async function my(id: string, change: MyChange, ask: () => Promise<{ conversation: Conversation }>): Outcome {
    const before = state().conversations[id]?.my;
    store.apply({ type: "my", conversationId: id, my: change });
    const failure = await attempt(async () => {
      const { conversation } = await ask();
      store.apply({ type: "conversation", conversation });
    });
    if (failure && before) {
      const back = Object.fromEntries(Object.keys(change).map((key) => [key, before[key as keyof MyChange]]));
      store.apply({ type: "my", conversationId: id, my: back });
    }
    if (failure) sayRefused(failure);
    return failure;
  }

  const now = () => new Date(clock.now()).toISOString();

  return {
    edit: (conversationId: string, seq: number, body: string) => {
      const at = { conversationId, seq };
      const ask = () =>
        socket.isOpen ? socket.request("message:edit", { ...at, body }) : rest.editMessage(conversationId, seq, body);
      return message(at, { body, editedAt: now() }, ask);
    },
    remove: (conversationId: string, seq: number) => {
      const at = { conversationId, seq };
      const ask = () => socket.isOpen ? socket.request("message:delete", at) : rest.deleteMessage(conversationId, seq);
      return message(at, { body: null, deletedAt: now() }, ask);
    },
    setArchived: (id: string, archived: boolean) => my(id, { archived }, () => rest.setArchived(id, archived)),
    setMuted: (id: string, until: string | null) => my(id, { mutedUntil: until }, () => rest.setMuted(id, until)),
    markUnread: (id: string) => my(id, { markedUnread: true }, () => rest.setMarkedUnread(id, true)),
  };
}
