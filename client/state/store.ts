// Holds the state in signals: one for each part, so that a view redraws only for what it reads.
import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { reduce } from "./reduce.ts";
import type { Route } from "./route.ts";
import { type Change, initialState, type State } from "./state.ts";

export type Slices = { readonly [Key in keyof State]: ReadonlySignal<State[Key]> };

export interface Store extends Slices {
  /** All of it, for code that acts; views read the slices. */
  readonly state: ReadonlySignal<State>;
  /** The wall clock in milliseconds, to the half minute: for words such as "today". */
  readonly now: ReadonlySignal<number>;
  apply(change: Change): void;
  tick(nowMs: number): void;
}

export function createStore(route: Route, nowMs: number): Store {
  const state = signal(initialState(route));
  const now = signal(nowMs);
  const slices = {} as { -readonly [Key in keyof State]: ReadonlySignal<unknown> };
  for (const key of Object.keys(state.peek()) as (keyof State)[]) slices[key] = computed(() => state.value[key]);
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
