// Which rows of a long log are drawn, and how high those are that are not.

/** Rows by position, the end not included. A message's position is its seq, so older pages move nothing. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Never more rows than this in the page, however many are loaded. */
export const ROWS_MAX = 80;
/** Drawn beyond what is in view, on either side. */
const MARGIN_ROWS = 16;
/** The same where all rows are new and somebody waits for them: the others are drawn after the first are seen. */
const HURRIED_ROWS = 2;
/** Fewer than this left beyond what is in view: the range moves. Well below the margin, so that it moves seldom. */
const NEAR_ROWS = 8;

/** The rows to draw for those in view: the same as before while they will do. */
export function nextRange(shown: Range, inView: Range, bounds: Range, isHurried = false): Range {
  const view = within({ from: inView.from, to: Math.min(inView.to, inView.from + ROWS_MAX) }, bounds);
  const margin = Math.max(0, Math.min(isHurried ? HURRIED_ROWS : MARGIN_ROWS, (ROWS_MAX - (view.to - view.from)) >> 1));
  const near = Math.min(NEAR_ROWS, margin >> 1);
  const old = within(shown, bounds);
  const isEnough = old.from <= Math.max(bounds.from, view.from - near) &&
    old.to >= Math.min(bounds.to, view.to + near) && old.to - old.from <= ROWS_MAX;
  if (isEnough) return old.from === shown.from && old.to === shown.to ? shown : old;
  return within({ from: view.from - margin, to: view.to + margin }, bounds);
}

function within({ from, to }: Range, bounds: Range): Range {
  const clamp = (pos: number) => Math.min(Math.max(pos, bounds.from), bounds.to);
  return { from: clamp(from), to: clamp(to) };
}

/** What a row is taken for until it has been drawn once. */
export const ROW_ESTIMATE_PX = 52;
const CHUNK_ROWS = 256;

interface Chunk {
  /** 0: not measured. */
  px: Float32Array;
  /** How much higher its measured rows are than estimated, together. */
  surplus: number;
}

/** Heights by position. A sum over 100,000 rows looks at some hundred chunks, and one row changed costs nothing. */
export class RowHeights {
  readonly #chunks = new Map<number, Chunk>();

  set(pos: number, px: number): void {
    const at = Math.floor(pos / CHUNK_ROWS);
    let chunk = this.#chunks.get(at);
    if (!chunk) this.#chunks.set(at, chunk = { px: new Float32Array(CHUNK_ROWS), surplus: 0 });
    const old = chunk.px[pos % CHUNK_ROWS]! || ROW_ESTIMATE_PX;
    chunk.px[pos % CHUNK_ROWS] = px;
    chunk.surplus += chunk.px[pos % CHUNK_ROWS]! - old;
  }

  get(pos: number): number {
    return this.#chunks.get(Math.floor(pos / CHUNK_ROWS))?.px[pos % CHUNK_ROWS] || ROW_ESTIMATE_PX;
  }

  /** The height of `from`…`to` together, `to` not included. */
  sum(from: number, to: number): number {
    let sum = 0;
    for (let pos = from; pos < to;) {
      if (pos % CHUNK_ROWS === 0 && pos + CHUNK_ROWS <= to) {
        sum += CHUNK_ROWS * ROW_ESTIMATE_PX + (this.#chunks.get(pos / CHUNK_ROWS)?.surplus ?? 0);
        pos += CHUNK_ROWS;
      } else sum += this.get(pos++);
    }
    return sum;
  }

  /** The row that lies `px` below the upper edge of row `from`. */
  at(from: number, px: number): number {
    let pos = from;
    for (let left = px; left > 0;) {
      const isWhole = pos % CHUNK_ROWS === 0;
      const chunkPx = isWhole ? this.sum(pos, pos + CHUNK_ROWS) : 0;
      if (isWhole && chunkPx <= left) {
        left -= chunkPx;
        pos += CHUNK_ROWS;
      } else {
        left -= this.get(pos);
        if (left >= 0) pos++;
      }
    }
    return pos;
  }
}
