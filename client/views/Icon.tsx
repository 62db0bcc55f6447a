// A sign that the page uses, drawn as lines on a 24-unit grid.
import type * as lucide from "lucide";
import { createElement } from "preact";
import type { ICONS } from "./icons.ts";

export type IconName = keyof typeof ICONS;
export type IconShape = lucide.IconNode;

interface ShapeProps {
  shape: IconShape;
  class?: string;
}

/** Decoration beside or inside something that has a name: hidden from those who do not see it. */
export function Icon({ name, class: className = "" }: { name: IconName; class?: string }) {
  return (
    <svg class={`icon icon-${name} ${className}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <use href={`#icon-${name}`} />
    </svg>
  );
}

/** One of Lucide's that only a part of the page fetched later shows: it travels with that part. */
export function Shape({ shape, class: className = "" }: ShapeProps) {
  return (
    <svg class={`icon ${className}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {shape.map(([tag, attributes], at) => createElement(tag, { ...attributes, key: at }))}
    </svg>
  );
}
