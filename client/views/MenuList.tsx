// A menu that has popped up: arrow keys move, Enter picks, Escape leaves, focus goes back.
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { IconNode } from "lucide";
import { Icon, type IconName } from "./Icon.tsx";
import { Shape } from "./Shape.tsx";

export interface MenuItem {
  label: string;
  icon?: IconName | IconNode;
  onPick: () => void;
  isDangerous?: boolean;
  /** Given: one of a choice, and whether it is the one. */
  isChecked?: boolean;
}

interface ListProps {
  label: string;
  items: readonly MenuItem[];
  /** What it belongs to, or the point of a press (`clientX`, `clientY`). */
  at: Element | { x: number; y: number };
  onClose: () => void;
  id?: string;
}

const EDGE_PX = 8;

/** The menu itself, for whoever opens it by other means than a button (a long press, the context-menu key). */
export function MenuList({ label, items, at, onClose, id }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  const opener = useRef<Element | null>(null);

  useLayoutEffect(() => {
    opener.current = document.activeElement;
    const element = list.current!;
    // In the top layer nothing clips it; browsers without popovers (Chrome 111, Safari 16) have it `fixed` alone.
    element.showPopover?.();
    place(element, at);
    buttons()[0]?.focus({ preventScroll: true });
  }, []);

  useEffect(() => {
    const onPress = (event: Event) => {
      const target = event.target as Node;
      if (!list.current?.contains(target) && !(at instanceof Element && at.contains(target))) onClose();
    };
    addEventListener("pointerdown", onPress, true);
    addEventListener("wheel", onPress, { capture: true, passive: true });
    addEventListener("resize", onClose);
    return () => {
      removeEventListener("pointerdown", onPress, true);
      removeEventListener("wheel", onPress, true);
      removeEventListener("resize", onClose);
    };
  }, [onClose]);

  const buttons = () => [...list.current?.querySelectorAll<HTMLElement>("button") ?? []];

  function leave(): void {
    onClose();
    if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true });
  }

  function onKeyDown(event: KeyboardEvent): void {
    const all = buttons();
    const now = all.indexOf(document.activeElement as HTMLElement);
    const target = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 }[event.key];
    if (target !== undefined) all.at(target % all.length)?.focus();
    else if (event.key === "Escape") leave();
    else if (event.key === "Tab") leave();
    else if (event.key.length === 1 && event.key !== " ") {
      const letter = event.key.toLowerCase();
      [...all.slice(now + 1), ...all.slice(0, now + 1)]
        .find((button) => button.textContent!.toLowerCase().startsWith(letter))?.focus();
    } else return;
    // A dialog around it must not take the same Escape.
    event.stopPropagation();
    if (event.key !== "Tab") event.preventDefault();
  }

  return (
    <div class="popup" ref={list} id={id} role="menu" aria-label={label} popover="manual" onKeyDown={onKeyDown}>
      {items.map(({ label, icon, onPick, isDangerous, isChecked }) => (
        <button
          key={label}
          type="button"
          role={isChecked === undefined ? "menuitem" : "menuitemradio"}
          aria-checked={isChecked}
          tabIndex={-1}
          class={`menu-item ${isDangerous ? "menu-danger" : ""}`}
          onClick={(event) => {
            event.stopPropagation();
            leave();
            onPick();
          }}
        >
          {typeof icon === "string" ? <Icon name={icon} /> : icon && <Shape shape={icon} />}
          {label}
          {isChecked && <Icon name="check" class="menu-check" />}
        </button>
      ))}
    </div>
  );
}

/** Below its anchor with their inline ends level, above where there is no room below, and never past an edge. */
function place(menu: HTMLElement, at: ListProps["at"]): void {
  const { width, height } = menu.getBoundingClientRect();
  const box = at instanceof Element ? at.getBoundingClientRect() : new DOMRect(at.x, at.y, 0, 0);
  const isRtl = getComputedStyle(menu).direction === "rtl";
  const fitsBelow = box.bottom + height + EDGE_PX <= innerHeight;
  const top = fitsBelow ? box.bottom : box.top - height;
  // At a point it opens away from the start; at a button it opens back over the row.
  const isPoint = box.width === 0;
  const left = isRtl === isPoint ? box.right - width : box.left;
  menu.style.top = `${clamp(top, innerHeight - height)}px`;
  menu.style.left = `${clamp(left, innerWidth - width)}px`;
}

function clamp(value: number, room: number): number {
  return Math.max(EDGE_PX, Math.min(value, room - EDGE_PX));
}
