// The messages page: the list and one conversation, side by side where there is room, one at a time where there is not.
import { useRef, useState } from "preact/hooks";
import type { Me } from "../../protocol/models.ts";
import { useApp } from "./context.ts";
import { ConversationPane } from "./ConversationPane.tsx";
import { lazy } from "./lazy.tsx";
import { Sidebar } from "./Sidebar.tsx";
import { Tree } from "./Tree.tsx";

const ConnectionBar = lazy(() => import("./ConnectionBar.tsx"), "ConnectionBar", { isQuiet: true });
const NewConversation = lazy(() => import("./NewConversation.tsx"), "NewConversation");
const Settings = lazy(() => import("./Settings.tsx"), "Settings");
const PageKeys = lazy(() => import("./PageKeys.tsx"), "PageKeys", { isQuiet: true });

export function Messages({ me }: { me: Me }) {
  const { store, i18n } = useApp();
  const { page, conversationId } = store.route.value;
  const [isHelpOpen, setHelpOpen] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const isListShown = page === "list" || page === "archived";

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
      <PageKeys search={search} isHelpOpen={isHelpOpen} onHelp={setHelpOpen} />
    </main>
  );
}
