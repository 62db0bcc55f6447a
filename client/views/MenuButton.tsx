// A button from which a menu pops up.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./Icon.tsx";
import { lazy } from "./lazy.tsx";
import type { MenuItem } from "./MenuList.tsx";

export type { MenuItem };

const MenuList = lazy(() => import("./MenuList.tsx"), "MenuList");

interface Props {
  label: string;
  icon: IconName;
  items: readonly MenuItem[];
  class?: string;
}

export function Menu({ label, icon, items, class: className = "" }: Props) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => MenuList.preload(), []);
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
      {isOpen && <MenuList id={id} label={label} items={items} at={button.current!} onClose={() => setOpen(false)} />}
    </>
  );
}
