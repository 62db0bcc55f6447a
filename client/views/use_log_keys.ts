// Reaches each message by arrow keys, and its menu by key or a long press; the focus never falls out of the log.
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useLongPress } from "./long_press.ts";

type Open = (element: Element, at?: Element | { x: number; y: number }) => void;

export function useLogKeys(box: RefObject<HTMLElement | null>, open: Open) {
  const wasInside = useRef(false);
  const longPress = useLongPress((target, point) => {
    const bubble = target.closest(".bubble");
    if (bubble && !target.closest("a")) open(bubble, point);
  });

  // A row that is focused and scrolled out of the page, or discarded, leaves the focus to the log.
  useLayoutEffect(() => {
    if (!wasInside.current || document.activeElement !== document.body) return;
    wasInside.current = false;
    box.current?.focus({ preventScroll: true });
  });

  function onKeyDown(event: KeyboardEvent): void {
    const element = event.target as HTMLElement;
    const row = element.closest<HTMLElement>(".log-row");
    const isOnRow = element === row;
    const { key } = event;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if ((key === "ArrowUp" || key === "ArrowDown") && (isOnRow || element === box.current)) {
      const next = isOnRow
        ? key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling
        : lastInView(box.current!);
      if (!(next instanceof HTMLElement)) return;
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "nearest" });
    } else if (row && (key === "ContextMenu" || (key === "F10" && event.shiftKey) || (isOnRow && key === "Enter"))) {
      open(row.querySelector(".bubble") ?? row);
    } else if (key === "Escape") {
      box.current!.closest(".conversation")?.querySelector("textarea")?.focus();
    } else return;
    event.preventDefault();
  }

  const onRows = {
    ...longPress,
    onFocusIn: () => {
      wasInside.current = true;
    },
    onFocusOut: (event: FocusEvent) => {
      // Removed with the focus inside, an element is no longer part of the page.
      if ((event.target as Element).isConnected) wasInside.current = false;
    },
    onContextMenu: (event: MouseEvent) => {
      // A finger's long press is ours; the mouse keeps the browser's own menu, for links and words.
      if ((event as PointerEvent).pointerType === "touch" && !(event.target as Element).closest("a")) {
        event.preventDefault();
      }
    },
  };
  return { onKeyDown, onRows };
}

function lastInView(box: HTMLElement): HTMLElement | undefined {
  const end = box.getBoundingClientRect().bottom;
  return [...box.querySelectorAll<HTMLElement>(".log-row")].findLast((row) =>
    row.getBoundingClientRect().top < end - 16
  );
}
