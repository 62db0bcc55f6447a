// ↑ and ↓ between the items of a box, in the order they stand on the page; an item carries `data-item`.

/** Moves the focus and takes the key, where there is an item to move to. */
export function moveByArrow(event: KeyboardEvent, box: HTMLElement | null): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (
    !step || !box || event.defaultPrevented || event.isComposing || event.altKey || event.ctrlKey || event.metaKey ||
    event.shiftKey
  ) return;
  const items = [...box.querySelectorAll<HTMLElement>("[data-item]")];
  const focused = document.activeElement;
  // A button beside an item stands for its line.
  const now = items.findIndex((item) => item === focused || item.closest("li")?.contains(focused));
  const next = items[now + step];
  if (now === -1 || !next) return;
  event.preventDefault();
  next.focus();
}
