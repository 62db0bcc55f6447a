// The messages page: the list and one conversation, side by side where there is room, one at a time where there is not.
import type { Me } from "../../protocol/models.ts";
import { ConnectionBar } from "./ConnectionBar.tsx";
import { useApp } from "./context.ts";
import { ConversationList } from "./ConversationList.tsx";
import { ConversationPane } from "./ConversationPane.tsx";
import { ListHeader } from "./ListHeader.tsx";
import { NewConversation } from "./NewConversation.tsx";
import { Tree } from "./Tree.tsx";

export function Messages({ me }: { me: Me }) {
  const { store, i18n } = useApp();
  const route = store.route.value;
  return (
    <main class="messages" data-shows={route.page === "list" ? "list" : "pane"}>
      <a class="skip" href="#pane">{i18n.t("nav.skip")}</a>
      <ConnectionBar />
      <section class="sidebar" aria-labelledby="list-title">
        <ListHeader me={me} />
        <ConversationList meId={me.id} />
      </section>
      <div class="pane" id="pane" tabIndex={-1}>
        {route.page === "new" && <NewConversation />}
        {route.page === "list" && (
          <div class="nothing">
            <Tree />
            <p>{i18n.t("list.choose")}</p>
          </div>
        )}
        {route.conversationId !== null && (
          <ConversationPane key={route.conversationId} id={route.conversationId} meId={me.id} />
        )}
      </div>
    </main>
  );
}
