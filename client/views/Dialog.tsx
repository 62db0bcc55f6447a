// A question or a form over the page: the native dialog, which keeps the focus inside; afterwards it goes back.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { openDialogs } from "./open_dialogs.ts";
import { Toasts } from "./Toasts.tsx";

interface Props {
  title: string;
  /** Escape, the cross, a press beside it: whoever shows the dialog stops showing it. */
  onClose: () => void;
  class?: string;
  children: ComponentChildren;
}

/** Shown for as long as it is drawn. The element with `autofocus` inside it gets the focus first. */
export function Dialog({ title, onClose, class: className = "", children }: Props) {
  const { i18n } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const pressedBeside = useRef(false);
  const [depth] = useState(() => openDialogs.peek() + 1);

  useEffect(() => {
    const opener = document.activeElement;
    dialog.current!.showModal();
    openDialogs.value = depth;
    return () => {
      openDialogs.value = depth - 1;
      // Taken out of the page while open, a dialog gives the focus to nobody.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true });
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      class={`dialog ${className}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={onClose}
      // Text dragged over the edge must not close it: the press, too, must have been beside.
      onPointerDown={(event) => pressedBeside.current = event.target === dialog.current}
      onClick={(event) => {
        if (pressedBeside.current && event.target === dialog.current) onClose();
      }}
    >
      <div class="dialog-box">
        <header class="dialog-head">
          <h2 id={id} dir="auto">{title}</h2>
          <button type="button" class="button-icon" aria-label={i18n.t("action.close")} onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
      <Toasts depth={depth} />
    </dialog>
  );
}
