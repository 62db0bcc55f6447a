// The one menu of a list of conversations, opened by a row's button, a right or long press, or the context-menu key.
import { useEffect, useState } from "preact/hooks";
import type { Conversation } from "../../protocol/models.ts";
import { useApp } from "./context.ts";
import { lazy } from "./lazy.tsx";
import { useLongPress } from "./long_press.ts";

type At = Element | { x: number; y: number };

const RowMenu = lazy(() => import("./RowMenu.tsx"), "RowMenu");
const LeaveDialog = lazy(() => import("./LeaveDialog.tsx"), "LeaveDialog");

/**
 * `find` gives the conversation of a row by its `data-id`; `afterLeaving` runs when the question is answered either
 * way. Put `handlers` on the box of the rows, and `menu` inside it.
 */
export function useRowMenu(meId: string, find: (id: string) => Conversation | undefined, afterLeaving: () => void) {
  const { store } = useApp();
  const [opened, setOpened] = useState<{ conversation: Conversation; at: At } | null>(null);
  const [leaving, setLeaving] = useState<Conversation | null>(null);

  useEffect(() => RowMenu.preload(), []);

  function open(target: EventTarget | null, at: At): boolean {
    const row = target instanceof Element ? target.closest("li")?.querySelector<HTMLElement>("[data-id]") : null;
    const conversation = row && find(row.dataset.id!);
    if (!conversation) return false;
    setOpened({ conversation, at });
    return true;
  }

  const handlers = {
    ...useLongPress(open),
    /** A row's own button also closes what it has opened. */
    onClick(event: MouseEvent) {
      const button = (event.target as Element).closest(".row-more");
      if (!button) return;
      if (opened?.at === button) setOpened(null);
      else open(button, button);
    },
    onContextMenu(event: MouseEvent) {
      if (open(event.target, { x: event.clientX, y: event.clientY })) event.preventDefault();
    },
  };

  const now = opened && (store.conversations.value[opened.conversation.id] ?? opened.conversation);
  const menu = (
    <>
      {opened && now && (
        <RowMenu
          conversation={now}
          meId={meId}
          at={opened.at}
          onLeave={() => setLeaving(now)}
          onClose={() => setOpened(null)}
        />
      )}
      {leaving && (
        <LeaveDialog
          conversation={leaving}
          meId={meId}
          onClose={() => {
            setLeaving(null);
            setTimeout(afterLeaving);
          }}
        />
      )}
    </>
  );
  return { handlers, menu, openId: opened?.conversation.id ?? null };
}
