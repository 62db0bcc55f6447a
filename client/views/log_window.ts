// The scrolling log: which rows are drawn, where they stand, and that what a person reads stays where it is.
import { nextRange, type Range, RowHeights } from "../state/row_window.ts";
import { boundsOf, type Entries, isUnreadBefore, keyAt, unreadPos } from "../state/timeline.ts";

/** So near to the end, new messages pull the view along. */
const NEAR_END_PX = 80;
/** So near to the start, older messages are asked for: well before anyone gets there. */
const NEAR_START_PX = 900;
/** Guessed for the first drawing, before anything can be measured. */
const USUAL_ROW_PX = 48;
/** The unread line further back than this is not looked for: too many pages. */
const LINE_MAX_ROWS = 600;
/** Of a high row, so much must be in view to count as seen. */
const SEEN_PX = 48;

/** Where the person is: with the newest, at the unread line until they move, or with a row so far below the edge. */
type Place = { kind: "end" } | { kind: "line" } | { kind: "row"; key: string; pos: number; offset: number };

/** What of the log is in view. */
interface View {
  isAtEnd: boolean;
  /** Beyond what is drawn: the scroll bar was dragged. */
  isOutside: boolean;
  inView: Range;
  place: Place;
}

export interface LogWindowOptions {
  entries: Entries;
  /** All up to this seq is known to be read. */
  readSeq: number;
  /** What is in view stays there although something below takes room from it. */
  isHeld(): boolean;
  onNearStart(): void;
  /** The highest seq that has been in view while the person was looking. */
  onSeen(seq: number): void;
}

/** Where each conversation was left, and how high its rows were: until the page is closed. */
const left = new Map<string, { heights: RowHeights; place: Place | null }>();

export class LogWindow {
  box: HTMLElement | null = null;
  options!: LogWindowOptions;
  isAtEnd = true;
  #shown: Range = { from: 0, to: 0 };
  #place: Place | null = null;
  #inView: Range = { from: 0, to: 0 };
  #rowsInView = Math.ceil(innerHeight / USUAL_ROW_PX);
  #topPx = 0;
  /** All rows are new: only what is in view is drawn, until that is seen. */
  #isHurried = false;
  #seenSeq = 0;
  #unreadAfter: number | null = null;
  /** Where we scrolled to last: anything else is the person's doing. Null: the next place is ours, wherever it is now. */
  #scrolledTo: number | null = null;
  readonly #kept: { heights: RowHeights; place: Place | null };
  readonly #redraw: () => void;

  constructor(id: string, redraw: () => void) {
    let kept = left.get(id);
    if (!kept) left.set(id, kept = { heights: new RowHeights(), place: null });
    this.#kept = kept;
    this.#redraw = redraw;
  }

  /** The rows to draw now. */
  range(): Range {
    const { unreadAfter } = this.options.entries;
    if (!this.#place) this.#open();
    // What was missed has come only now: it is read from its beginning, not from its end.
    else if (unreadAfter !== null && unreadAfter !== this.#unreadAfter && this.#place.kind === "end") {
      this.#place = { kind: "line" };
    }
    this.#unreadAfter = unreadAfter;
    const next = this.#nextRange();
    if (next.from < this.#shown.to && next.to > this.#shown.from) return this.#shown = next;
    this.#isHurried = true;
    requestAnimationFrame(() => setTimeout(this.#drawRest));
    return this.#shown = this.#nextRange();
  }

  /** After each drawing, before it is painted; and when a size has changed. */
  settle(): void {
    const { box } = this;
    if (!box || box.clientHeight === 0) return;
    if (this.#noteMoved()) return;
    const isHeld = this.options.isHeld();
    if (isHeld && this.#place!.kind === "end" && this.#scrolledTo !== null) this.hold();
    const { from, to } = boundsOf(this.options.entries);
    const heights = this.#kept.heights;
    this.#measure();
    this.#below.style.blockSize = `${heights.sum(this.#shown.to, to)}px`;
    const above = heights.sum(from, this.#shown.from);
    if (this.#place!.kind === "line" && this.#linePos() === null) this.#place = { kind: "end" };
    if (this.#place!.kind === "end") {
      this.#setTop(above);
      box.scrollTop = this.#endTop();
    } else this.#anchor(above);
    this.#scrolledTo = box.scrollTop;
    const view = this.#look();
    if (!view) return;
    if (view.isAtEnd && !isHeld && !this.#isLineAwaited()) this.#place = { kind: "end" };
    else if (this.#place!.kind === "end") this.#place = view.place;
    this.#went(view);
  }

  readonly #drawRest = (): void => {
    this.#isHurried = false;
    if (this.box) this.#redraw();
  };

  readonly onScroll = (): void => {
    const { box } = this;
    if (!box || (this.#scrolledTo !== null && Math.abs(box.scrollTop - this.#scrolledTo) < 1)) return;
    const view = this.#look();
    if (!view) return;
    this.#place = view.isAtEnd ? { kind: "end" } : view.place;
    this.#scrolledTo = view.isOutside ? null : box.scrollTop;
    this.#went(view);
  };

  toEnd(): void {
    this.#jump({ kind: "end" });
  }

  /** Brings a row into view, a third of the way down. */
  show(pos: number): void {
    const offset = (this.box?.clientHeight ?? 0) / 3;
    this.#inView = { from: pos - (this.#rowsInView >> 1), to: pos + (this.#rowsInView >> 1) };
    this.#jump({ kind: "row", key: keyAt(this.options.entries, pos), pos, offset });
  }

  /** What is in view stays there although something below it grows. */
  hold(): void {
    const view = this.#look();
    if (view) this.#place = view.place;
  }

  readonly noteSeen = (): void => {
    const { box } = this;
    if (!box || !isLooking() || this.#isLineAwaited()) return;
    const end = box.getBoundingClientRect().bottom;
    for (let at = this.#rows.length - 1; at >= 0; at--) {
      const row = this.#rows[at]!;
      const { top, height } = row.lastElementChild!.getBoundingClientRect();
      const seq = Number(row.dataset.seq ?? 0);
      if (seq <= this.#seenSeq && row.dataset.seq) return;
      if (!row.dataset.seq || top + Math.min(height, SEEN_PX) > end) continue;
      this.#seenSeq = seq;
      return this.options.onSeen(seq);
    }
  };

  get #list(): HTMLElement {
    return this.box!.querySelector("ol")!;
  }

  get #above(): HTMLElement {
    return this.#list.previousElementSibling as HTMLElement;
  }

  get #below(): HTMLElement {
    return this.#list.nextElementSibling as HTMLElement;
  }

  get #rows(): HTMLCollectionOf<HTMLElement> {
    return this.#list.children as HTMLCollectionOf<HTMLElement>;
  }

  /** At the unread line, else where it was left, else with the newest. */
  #open(): void {
    const { entries } = this.options;
    const { from, to } = boundsOf(entries);
    const line = this.#linePos();
    const isFar = isUnreadBefore(entries) && from - entries.unreadAfter! > LINE_MAX_ROWS;
    this.#place = line !== null && !isFar ? { kind: "line" } : this.#kept.place ?? { kind: "end" };
    const begin = this.#place.kind === "row" ? this.#place.pos : to - this.#rowsInView;
    this.#inView = { from: begin, to: begin + this.#rowsInView };
  }

  /** The row that the unread line stands before; while it is not loaded, the first there is. */
  #linePos(): number | null {
    const { entries } = this.options;
    return isUnreadBefore(entries) ? boundsOf(entries).from : unreadPos(entries);
  }

  #nextRange(): Range {
    const bounds = boundsOf(this.options.entries);
    // Unseen, new messages must not push out of view what comes before them: the rest is drawn as it comes into view.
    const isPulled = this.#place?.kind === "end" && (isLooking() || this.#shown.to === 0 || this.#scrolledTo === null);
    const begin = isPulled
      ? bounds.to - this.#rowsInView
      : this.#place?.kind === "line"
      ? (this.#linePos() ?? bounds.to) - (this.#rowsInView >> 2)
      : null;
    const wanted = begin === null ? this.#inView : { from: begin, to: begin + this.#rowsInView };
    return nextRange(this.#shown, wanted, bounds, this.#isHurried);
  }

  #jump(place: Place): void {
    this.#place = place;
    this.#scrolledTo = null;
    this.#redraw();
  }

  /** Scrolled by the person, but not told yet: a drawing that comes first must not pull them back. True: far away. */
  #noteMoved(): boolean {
    const moved = this.#scrolledTo === null ? 0 : this.box!.scrollTop - this.#scrolledTo;
    if (Math.abs(moved) < 1) return false;
    if (this.#look()?.isOutside) {
      this.onScroll();
      return true;
    }
    if (this.#place!.kind === "row") this.#place = { ...this.#place!, offset: this.#place!.offset - moved };
    else if (moved < 0 || this.#place!.kind === "line") this.#place = this.#look()?.place ?? this.#place;
    return false;
  }

  #measure(): void {
    let pos = this.#shown.from;
    for (const row of this.#rows) {
      const { height } = row.getBoundingClientRect();
      if (height > 0) this.#kept.heights.set(pos, height);
      pos++;
    }
  }

  /**
   * Moves the row that the person is with back to where it stood. The space above takes up the difference where it can:
   * setting the scroll position would stop a finger's swing on some phones.
   */
  #anchor(above: number): void {
    const box = this.box!;
    const found = this.#anchorRow();
    if (!found) return;
    const drift = found.row.getBoundingClientRect().top - box.getBoundingClientRect().top - found.offset;
    const wanted = this.#topPx - drift;
    const isFree = this.#shown.from > boundsOf(this.options.entries).from;
    const isClose = wanted >= 0 && Math.abs(wanted - above) < above * 0.4 + 200;
    const top = isFree && isClose ? wanted : above;
    const rest = drift + top - this.#topPx;
    this.#setTop(top);
    if (Math.abs(rest) > 0.5) box.scrollTop += rest;
  }

  #anchorRow(): { row: HTMLElement; offset: number } | null {
    const rows = this.#rows;
    const place = this.#place!;
    const clamp = (at: number) => Math.min(Math.max(at, 0), rows.length - 1);
    if (place.kind === "row") {
      const row = [...rows].find(({ dataset }) => dataset.key === place.key) ??
        rows[clamp(place.pos - this.#shown.from)];
      return row ? { row, offset: place.offset } : null;
    }
    const row = rows[clamp((this.#linePos() ?? 0) - this.#shown.from)];
    return row ? { row, offset: this.#isLineAwaited() ? 0 : this.box!.clientHeight / 4 } : null;
  }

  /** As far down as there is; but while nobody looks, not past what has not been seen. */
  #endTop(): number {
    const box = this.box!;
    const end = box.scrollHeight - box.clientHeight;
    if (isLooking() || this.#scrolledTo === null) return end;
    const unseen = Math.max(this.options.readSeq, this.#seenSeq) + 1;
    if (unseen < this.#shown.from) return box.scrollTop;
    const row = this.#rows[unseen - this.#shown.from];
    const edge = row ? row.getBoundingClientRect().top : this.#list.getBoundingClientRect().bottom;
    const top = box.scrollTop + edge - box.getBoundingClientRect().top;
    return Math.min(end, Math.max(box.scrollTop, top));
  }

  #setTop(px: number): void {
    if (Math.abs(px - this.#topPx) < 0.01) return;
    this.#topPx = px;
    this.#above.style.blockSize = `${px}px`;
  }

  #isLineAwaited(): boolean {
    return this.#place?.kind === "line" && isUnreadBefore(this.options.entries);
  }

  #look(): View | null {
    const box = this.box!;
    const rows = this.#rows;
    if (rows.length === 0) return null;
    const view = box.getBoundingClientRect();
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
    const first = firstIndex(rows, (rect) => rect.bottom > view.top);
    const after = firstIndex(rows, (rect) => rect.top >= view.bottom);
    const { entries } = this.options;
    const isOutside = first === rows.length || after === 0;
    const pos = isOutside ? this.#posAt(view.top, first > 0) : this.#shown.from + first;
    const offset = isOutside ? 0 : rows[first]!.getBoundingClientRect().top - view.top;
    const place: Place = { kind: "row", key: keyAt(entries, pos), pos, offset };
    const inView = { from: pos, to: isOutside ? pos + this.#rowsInView : this.#shown.from + after };
    return { isAtEnd, isOutside, inView, place };
  }

  /** Dragged beyond what is drawn: which row would be at this height. */
  #posAt(y: number, isBelow: boolean): number {
    const { heights } = this.#kept;
    const bounds = boundsOf(this.options.entries);
    const { top, bottom } = this.#list.getBoundingClientRect();
    if (isBelow) return Math.min(heights.at(this.#shown.to, y - bottom), bounds.to - 1);
    const share = this.#topPx > 0 ? Math.max(0, this.#topPx - (top - y)) / this.#topPx : 0;
    return Math.min(heights.at(bounds.from, share * heights.sum(bounds.from, this.#shown.from)), this.#shown.from);
  }

  #went(view: View): void {
    this.#inView = view.inView;
    if (!view.isOutside) this.#rowsInView = view.inView.to - view.inView.from;
    this.#kept.place = this.#place!.kind === "line" ? view.place : this.#place;
    if (this.#nextRange() !== this.#shown || view.isAtEnd !== this.isAtEnd) {
      this.isAtEnd = view.isAtEnd;
      this.#redraw();
    }
    if (this.box!.scrollTop < NEAR_START_PX) this.options.onNearStart();
    this.noteSeen();
  }
}

/** Seen is what stands in a window that is in front. */
function isLooking(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** Rows stand one below the other, so the first of which something holds is found by halving. */
function firstIndex(rows: HTMLCollectionOf<HTMLElement>, holds: (rect: DOMRect) => boolean): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(rows[middle]!.getBoundingClientRect())) high = middle;
    else low = middle + 1;
  }
  return low;
}
