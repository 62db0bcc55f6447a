// A sign that only a part of the page fetched later shows: one of Lucide's, which travels with that part.
import type { IconNode } from "lucide";
import { createElement } from "preact";

export function Shape({ shape, class: className = "" }: { shape: IconNode; class?: string }) {
  return (
    <svg class={`icon ${className}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {shape.map(([tag, attributes], at) => createElement(tag, { ...attributes, key: at }))}
    </svg>
  );
}
