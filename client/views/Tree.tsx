// The chautari: a pipal tree on its stone platform, and two travellers who have stopped to talk. Drawn in client/index.html.

export function Tree({ class: className = "" }: { class?: string }) {
  return (
    <svg class={`tree ${className}`} viewBox="0 0 240 190" aria-hidden="true" focusable="false">
      <use href="#tree" />
    </svg>
  );
}
