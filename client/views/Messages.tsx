// The messages page: the list and one conversation, side by side where there is room, one at a time where there is not.
import { useRef, useState } from "preact/hooks";
import type { Me } from "../../protocol/models.ts";
import { listPath } from "../state/route.ts";
import { ConnectionBar } from "./ConnectionBar.tsx";
import { useApp } from "./context.ts";
import { lazy } from "./lazy.tsx";
import { Sidebar } from "./Sidebar.tsx";
import { Tree } from "./Tree.tsx";
import { useShortcuts } from "./use_shortcuts.ts";

import { ConversationPane } from "./ConversationPane.tsx";
const NewConversation = lazy(() => import("./NewConversation.tsx"), "NewConversation");
const Settings = lazy(() => import("./Settings.tsx"), "Settings");
const Shortcuts = lazy(() => import("./Shortcuts.tsx"), "Shortcuts");

export function Messages({ me }: { me: Me }) {
  const { store, actions, i18n } = useApp();
  const { lang, page, conversationId } = store.route.value;
  const [isHelpOpen, setHelpOpen] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const isListShown = page === "list" || page === "archived";

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
      actions.go(listPath(lang));
      setTimeout(take);
    },
    onHelp: () => setHelpOpen(true),
  });

  return (
    <main class="messages" data-shows={isListShown ? "list" : "pane"}>
      <a class="skip" href="#pane">{i18n.t("nav.skip")}</a>
      <ConnectionBar />
      <Sidebar me={me} search={search} onShortcuts={() => setHelpOpen(true)} />
      <div class="pane" id="pane" tabIndex={-1}>
        {page === "new" && <NewConversation />}
        {page === "settings" && <Settings />}
        {isListShown && (
          <div class="nothing">
            <Tree />
            <p>{i18n.t("list.choose")}</p>
          </div>
        )}
        {conversationId !== null && <ConversationPane key={conversationId} id={conversationId} meId={me.id} />}
      </div>
      {isHelpOpen && <Shortcuts onClose={() => setHelpOpen(false)} />}
    </main>
  );
}
