// Which rows of a long list are drawn: those in view and a few beside them. Heights are known, so nothing is measured.
import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Drawn above and below the view: what a quick flick reaches before the next frame. */
const SPARE_ROWS = 6;

/** Rows `first` … `end` − 1. */
export interface RowRange {
  first: number;
  end: number;
}

/** Where each row begins, and at the end where the last one ends; in the unit of the heights. */
export function offsetsOf(heights: readonly number[]): number[] {
  const offsets = [0];
  for (const height of heights) offsets.push(offsets.at(-1)! + height);
  return offsets;
}

/** The rows to draw for a view that begins at `top`; never more than its height holds, and the spare ones. */
export function rangeOf(offsets: readonly number[], top: number, height: number): RowRange {
  const count = offsets.length - 1;
  const first = rowAt(offsets, top);
  const last = rowAt(offsets, top + height);
  return { first: Math.max(0, first - SPARE_ROWS), end: Math.min(count, last + 1 + SPARE_ROWS) };
}

/** The last row that begins at or above a place, by halving. */
function rowAt(offsets: readonly number[], place: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle]! <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rows to draw inside a scrolling box; `offsets` in rem, so that larger letters make larger rows. */
export function useRows(box: RefObject<HTMLElement | null>, offsets: readonly number[]): RowRange {
  // Not state: a scroll that shows no other rows must not cause a redraw.
  const view = useRef({ top: 0, height: 50 });
  const latest = useRef(offsets);
  latest.current = offsets;
  const [, setRange] = useState<RowRange>({ first: 0, end: 0 });

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    let rem = 16;
    const scrolled = () => {
      view.current = { top: element.scrollTop / rem, height: element.clientHeight / rem };
      const next = rangeOf(latest.current, view.current.top, view.current.height);
      setRange((old) => old.first === next.first && old.end === next.end ? old : next);
    };
    const sizes = new ResizeObserver(() => {
      rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
      scrolled();
    });
    sizes.observe(element);
    element.addEventListener("scroll", scrolled, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", scrolled);
    };
  }, []);

  return rangeOf(offsets, view.current.top, view.current.height);
}
