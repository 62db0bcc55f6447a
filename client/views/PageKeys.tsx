// What the keys do that work anywhere on the page: into the search, and to the sheet that tells of all keys.
import type { RefObject } from "preact";
import { listPath } from "../state/route.ts";
import { useApp } from "./context.ts";
import { lazy } from "./lazy.tsx";
import { useShortcuts } from "./use_shortcuts.ts";

const Shortcuts = lazy(() => import("./Shortcuts.tsx"), "Shortcuts");

interface Props {
  search: RefObject<HTMLInputElement | null>;
  isHelpOpen: boolean;
  onHelp(isOpen: boolean): void;
}

export function PageKeys({ search, isHelpOpen, onHelp }: Props) {
  const { store, actions } = useApp();

  useShortcuts({
    onSearch() {
      const take = () => {
        search.current?.focus();
        search.current?.select();
      };
      // At once, where it can be: the next key must not land in what is being left.
      take();
      if (document.activeElement === search.current) return;
      // On a phone the list is behind the conversation.
      actions.go(listPath(store.route.peek().lang));
      setTimeout(take);
    },
    onHelp: () => onHelp(true),
  });

  return isHelpOpen && <Shortcuts onClose={() => onHelp(false)} />;
}
