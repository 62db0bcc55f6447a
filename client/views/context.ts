// What every view can reach: the state, the actions, the reader's language.
import { createContext } from "preact";
import { useContext } from "preact/hooks";
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
