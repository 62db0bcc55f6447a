// The few signs that the page uses, drawn as lines on a 24-unit grid.

const PATHS = {
  back: "M15 5l-7 7 7 7",
  menu: "M4 7h16M4 12h16M4 17h10",
  write: "M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19l-4 1zM14.5 6.5l3 3",
  send: "M12 19V5M6 11l6-6 6 6",
  down: "M12 5v14M6 13l6 6 6-6",
  sent: "M5 12.5l4.5 4.5L19 7.5",
  pending: "M12 7v5l3 2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17",
  failed: "M12 8v5M12 16.2v.1M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17",
  search: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12M15 15l5 5",
  group:
    "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 19.5c.6-3 3-5 6.500-5s5.900 2 6.500 5M16 5a3.200 3.200 0 0 1 0 6.200M18 14.800c1.900.8 3.100 2.500 3.500 4.700",
  close: "M6 6l12 12M18 6L6 18",
  out: "M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M10 8l-4 4 4 4M6 12h9",
  tag: "M4 4.500h7l9 9-6.500 6.500-9.500-9zM8.200 8.600v.1",
} as const;

export type IconName = keyof typeof PATHS;

/** Decoration beside or inside something that has a name: hidden from those who do not see it. */
export function Icon({ name, class: className = "" }: { name: IconName; class?: string }) {
  return (
    <svg class={`icon icon-${name} ${className}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
