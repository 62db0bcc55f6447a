// One short notice, with what can be done about it; it waits while somebody looks at it.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Key } from "../i18n/catalogue.ts";
import type { Toast } from "../state/toasts.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";

const SHOWN_MS = { info: 5_000, error: 10_000 } as const;
/** Something to decide takes longer to read. */
const ACTION_MS = 5_000;

export function Notice({ toast: { id, text, kind, action } }: { toast: Toast }) {
  const { actions, i18n } = useApp();
  // A notice's words have no placeholders.
  const t = i18n.t as (key: Key) => string;
  const [isHeld, setHeld] = useState(false);
  const from = useRef<EventTarget | null>(null);

  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => actions.dismissToast(id), SHOWN_MS[kind] + (action ? ACTION_MS : 0));
    return () => clearTimeout(timer);
  }, [isHeld]);

  function leave(): void {
    actions.dismissToast(id);
    if (from.current instanceof HTMLElement && from.current.isConnected) from.current.focus({ preventScroll: true });
  }

  return (
    <div
      class={`toast toast-${kind}`}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocusIn={(event) => {
        setHeld(true);
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) from.current = event.relatedTarget;
      }}
      onFocusOut={() => setHeld(false)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        leave();
      }}
    >
      <p>{t(text)}</p>
      {action && (
        <button
          type="button"
          class="button-text"
          onClick={() => {
            leave();
            action.run();
          }}
        >
          {t(action.label)}
        </button>
      )}
      <button type="button" class="button-icon" aria-label={t("action.close")} onClick={leave}>
        <Icon name="close" />
      </button>
    </div>
  );
}
