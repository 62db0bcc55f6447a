// Short notes that come and go by themselves: what was done and can be undone, what could not be done.
import type { Key } from "../i18n/catalogue.ts";

export interface Toast {
  id: number;
  /** A text without placeholders. */
  text: Key;
  kind: "info" | "error";
  action: { label: Key; run: () => void } | null;
}

export type ToastOptions = Partial<Pick<Toast, "kind" | "action">>;

/** More than these at a time are noise: the oldest leaves. */
const TOASTS_MAX = 3;

/** The same words are never shown twice at a time: the later one stands in for the earlier. */
export function withToast(toasts: readonly Toast[], toast: Toast): readonly Toast[] {
  return [...toasts.filter(({ text }) => text !== toast.text), toast].slice(-TOASTS_MAX);
}
