// Where short notices stand, at the edge of the page.
import { useEffect, useRef } from "preact/hooks";
import type { Toast } from "../state/toasts.ts";
import { useApp } from "./context.ts";
import { lazy } from "./lazy.tsx";
import { openDialogs } from "./open_dialogs.ts";

const Notice = lazy(() => import("./Notice.tsx"), "Notice");

const NONE: readonly Toast[] = [];

/**
 * Always in the page, also when empty: what comes into a live region is read out, a region that comes is not. Of the
 * page and of each open dialog (`depth`: the how manyeth) only the foremost shows them.
 */
export function Toasts({ depth = 0 }: { depth?: number }) {
  const { store } = useApp();
  const toasts = openDialogs.value === depth ? store.toasts.value : NONE;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => Notice.preload(), []);
  useEffect(() => {
    const element = box.current!;
    // Browsers without popovers (Chrome 111, Safari 16) have it `fixed` alone.
    if (!element.showPopover) return;
    // Into the top layer anew, above a dialog that opened since.
    if (element.matches(":popover-open")) element.hidePopover();
    if (toasts.length > 0) element.showPopover();
  }, [toasts.length]);
  return (
    <div class="toasts" ref={box} popover="manual">
      <div role="status">{toasts.filter(({ kind }) => kind === "info").map(draw)}</div>
      <div role="alert">{toasts.filter(({ kind }) => kind === "error").map(draw)}</div>
    </div>
  );
}

const draw = (toast: Toast) => <Notice key={toast.id} toast={toast} />;
