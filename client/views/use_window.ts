// Ties a log's window to its element: after each drawing, each scroll, each change of a size.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef } from "preact/hooks";
import { LogWindow, type LogWindowOptions } from "./log_window.ts";

interface Options extends LogWindowOptions {
  id: string;
  /** The scrolling element: a space, the list of the rows, a space. */
  box: RefObject<HTMLElement | null>;
}

export function useWindow({ id, box, ...options }: Options) {
  const [, redraw] = useReducer((drawings: number, _: void) => drawings + 1, 0);
  const held = useRef<LogWindow | null>(null);
  const log = held.current ??= new LogWindow(id, () => redraw());
  log.options = options;
  const range = log.range();

  useLayoutEffect(() => {
    log.box = box.current;
    log.settle();
  });

  useEffect(() => {
    const element = box.current!;
    // A keyboard that opens, a composer that grows, a turned phone, a text that unfolds.
    const sizes = new ResizeObserver(() => log.settle());
    sizes.observe(element);
    sizes.observe(element.querySelector("ol")!);
    element.addEventListener("scroll", log.onScroll, { passive: true });
    addEventListener("focus", log.noteSeen);
    document.addEventListener("visibilitychange", log.noteSeen);
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", log.onScroll);
      removeEventListener("focus", log.noteSeen);
      document.removeEventListener("visibilitychange", log.noteSeen);
      log.box = null;
    };
  }, []);

  return { log, range };
}
