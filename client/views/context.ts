// What every view can reach: the state, the actions, the reader's language.
import { createContext } from "preact";
import { useContext, useEffect, useReducer } from "preact/hooks";
import type { I18n } from "../i18n/i18n.ts";
import type { Actions } from "../state/actions.ts";
import type { Store } from "../state/store.ts";

export interface AppContext {
  store: Store;
  actions: Actions;
  i18n: I18n;
}

export const Context = createContext<AppContext | null>(null);

export function useApp(): AppContext {
  const app = useContext(Context);
  if (!app) throw new Error("Cannot draw a view outside of <Context.Provider>");
  return app;
}

/** All words of the language as soon as they are there, for a view that may want one that is not among the first. */
export function useAllWords(): I18n {
  const { i18n } = useApp();
  const [, redraw] = useReducer((drawings: number, _: void) => drawings + 1, 0);
  useEffect(() => void i18n.complete().then(() => redraw(), () => {}), [i18n]);
  return i18n;
}
