// Changes that are shown before the server has answered, and taken back where it refuses.
import type { Conversation, Message } from "../../protocol/models.ts";
import type { MyChange } from "../state/conversations.ts";
import type { Store } from "../state/store.ts";
import type { Clock } from "./clock.ts";
import type { Rest } from "./rest.ts";
import type { Socket } from "./socket.ts";

export interface ChangingOptions {
  store: Store;
  socket: Pick<Socket, "isOpen" | "request">;
  rest: Pick<Rest, "ask">;
  clock: Clock;
}

/** Each throws a Failure. */
export function createChanging({ store, socket, rest: { ask }, clock }: ChangingOptions) {
  const state = () => store.state.peek();

  async function message(
    at: { conversationId: string; seq: number },
    fields: Partial<Message>,
    ask: () => Promise<{ message: Message }>,
  ): Promise<void> {
    store.apply({ type: "changing", ...at, fields });
    try {
      const { message } = await ask();
      store.apply({ type: "answered", message });
    } finally {
      // A later change of the same message is shown until its own answer.
      if (state().changing[at.conversationId]?.[at.seq] === fields) {
        store.apply({ type: "changing", ...at, fields: null });
      }
    }
  }

  async function my(id: string, change: MyChange, path: string, body: unknown): Promise<void> {
    const before = state().conversations[id]?.my;
    store.apply({ type: "my", conversationId: id, my: change });
    try {
      const { conversation } = await ask<{ conversation: Conversation }>("PUT", of(id, path), body);
      store.apply({ type: "conversation", conversation });
    } catch (thrown) {
      if (before) {
        const back = Object.fromEntries(Object.keys(change).map((key) => [key, before[key as keyof MyChange]]));
        store.apply({ type: "my", conversationId: id, my: back });
      }
      throw thrown;
    }
  }

  const of = (id: string, rest: string) => `/api/messages/conversations/${encodeURIComponent(id)}${rest}`;
  const now = () => new Date(clock.now()).toISOString();

  return {
    edit: (conversationId: string, seq: number, body: string) => {
      const at = { conversationId, seq };
      return message(
        at,
        { body, editedAt: now() },
        () =>
          socket.isOpen
            ? socket.request("message:edit", { ...at, body })
            : ask("PATCH", of(conversationId, `/messages/${seq}`), { body }),
      );
    },
    remove: (conversationId: string, seq: number) => {
      const at = { conversationId, seq };
      return message(
        at,
        { body: null, deletedAt: now() },
        () =>
          socket.isOpen ? socket.request("message:delete", at) : ask("DELETE", of(conversationId, `/messages/${seq}`)),
      );
    },
    setArchived: (id: string, archived: boolean) => my(id, { archived }, "/archive", { archived }),
    setMuted: (id: string, until: string | null) => my(id, { mutedUntil: until }, "/mute", { until }),
    markUnread: (id: string) => my(id, { markedUnread: true }, "/unread", { marked: true }),
  };
}
