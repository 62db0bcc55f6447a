// Keeps what a person reads in its place while messages come above and below, and tells what they have seen.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** So near to the end, new messages pull the view along. */
const NEAR_END_PX = 80;
/** So near to the start, older messages are asked for: well before anyone gets there. */
const NEAR_START_PX = 900;

export interface ScrollOptions {
  /** The scrolling element; each of its entries carries `data-key`, messages also `data-seq`. */
  box: RefObject<HTMLElement | null>;
  onNearStart(): void;
  /** The highest seq that has been in view while the person was looking. */
  onSeen(seq: number): void;
}

export function useScroll({ box, onNearStart, onSeen }: ScrollOptions) {
  const [isAtEnd, setAtEnd] = useState(true);
  // Not state: it is read while laying out, and must not cause a redraw.
  const place = useRef<{ atEnd: boolean; key: string; offset: number } | null>(null);
  const callbacks = useRef({ onNearStart, onSeen });
  callbacks.current = { onNearStart, onSeen };

  function entries(): HTMLElement[] {
    return [...box.current?.querySelectorAll<HTMLElement>("[data-key]") ?? []];
  }

  /** Remembers the first entry in view, and how far below the upper edge it stands. */
  function note(): void {
    const element = box.current;
    if (!element) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    const first = firstInView(entries(), element.scrollTop);
    place.current = { atEnd, key: first?.dataset.key ?? "", offset: (first?.offsetTop ?? 0) - element.scrollTop };
    setAtEnd(atEnd);
    if (element.scrollTop < NEAR_START_PX) callbacks.current.onNearStart();
    noteSeen();
  }

  function noteSeen(): void {
    const element = box.current;
    if (!element || document.visibilityState !== "visible" || !document.hasFocus()) return;
    const end = element.scrollTop + element.clientHeight;
    const seen = entries().findLast((entry) =>
      entry.dataset.seq && entry.offsetTop + Math.min(entry.offsetHeight, 48) <= end
    );
    if (seen) callbacks.current.onSeen(Number(seen.dataset.seq));
  }

  function restore(): void {
    const element = box.current;
    if (!element) return;
    if (place.current === null) open(element);
    else if (place.current.atEnd) element.scrollTop = element.scrollHeight;
    else {
      const { key, offset } = place.current;
      const entry = element.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
      if (entry) element.scrollTop = entry.offsetTop - offset;
    }
    note();
  }

  /** First seen: at the line above the unread ones, else at the end. */
  function open(element: HTMLElement): void {
    const line = element.querySelector<HTMLElement>('[data-key="unread"]');
    element.scrollTop = line ? line.offsetTop - element.clientHeight / 4 : element.scrollHeight;
  }

  function toEnd(): void {
    place.current = { atEnd: true, key: "", offset: 0 };
    restore();
  }

  // After every redraw, before it is painted.
  useLayoutEffect(restore);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    // A keyboard that opens, a composer that grows, a turned phone.
    const sizes = new ResizeObserver(restore);
    sizes.observe(element);
    element.addEventListener("scroll", note, { passive: true });
    addEventListener("focus", noteSeen);
    document.addEventListener("visibilitychange", noteSeen);
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", note);
      removeEventListener("focus", noteSeen);
      document.removeEventListener("visibilitychange", noteSeen);
    };
  }, []);

  return { isAtEnd, toEnd };
}

/** Entries stand one below the other, so the first that ends below the upper edge is found by halving. */
function firstInView(entries: HTMLElement[], top: number): HTMLElement | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle]!;
    if (entry.offsetTop + entry.offsetHeight <= top) low = middle + 1;
    else high = middle;
  }
  return entries[low];
}
