// Holds the state, and each of its parts for itself, so that a view redraws only for what it reads.
import { Cell, Readable } from "./cell.ts";
import { reduce } from "./reduce.ts";
import type { Route } from "./route.ts";
import { type Change, initialState, type State } from "./state.ts";

export type Slices = { readonly [Key in keyof State]: Readable<State[Key]> };

export interface Store extends Slices {
  /** All of it, for code that acts; views read the slices. */
  readonly state: Readable<State>;
  /** The wall clock in milliseconds, to the half minute: for words such as "today". */
  readonly now: Readable<number>;
  apply(change: Change): void;
  tick(nowMs: number): void;
}

export function createStore(route: Route, nowMs: number): Store {
  const state = new Cell(initialState(route));
  const now = new Cell(nowMs);
  const slices = {} as { -readonly [Key in keyof State]: Readable<unknown> };
  for (const key of Object.keys(state.peek()) as (keyof State)[]) slices[key] = new Readable(() => state.peek()[key]);
  return {
    ...slices as Slices,
    state,
    now,
    apply: (change) => {
      state.value = reduce(state.peek(), change);
    },
    tick: (nowMs) => {
      now.value = nowMs;
    },
  };
}
