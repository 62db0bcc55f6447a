// A button from which a menu pops up.
import type { ComponentChild } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./Icon.tsx";

/** What the menu itself is to be drawn with (MenuList.tsx), besides its items. */
export interface Popup {
  id: string;
  label: string;
  at: Element;
  onClose(): void;
}

interface Props {
  label: string;
  icon: IconName;
  class?: string;
  children(popup: Popup): ComponentChild;
}

export function Menu({ label, icon, class: className = "", children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  return (
    <>
      <button
        type="button"
        ref={button}
        class={`button-icon ${className}`}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={(event) => {
          event.currentTarget.focus({ preventScroll: true });
          setOpen(!isOpen);
        }}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" || isOpen) return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        <Icon name={icon} />
      </button>
      {isOpen && children({ id, label, at: button.current!, onClose: () => setOpen(false) })}
    </>
  );
}
