// A sign that the page uses, drawn as lines on a 24-unit grid.
import type { ICONS } from "./icons.ts";

export type IconName = keyof typeof ICONS;

/** Decoration beside or inside something that has a name: hidden from those who do not see it. */
export function Icon({ name, class: className = "" }: { name: IconName; class?: string }) {
  return (
    <svg class={`icon icon-${name} ${className}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <use href={`#icon-${name}`} />
    </svg>
  );
}
