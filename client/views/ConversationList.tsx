// All conversations, the latest first: loading, empty, failed, or there.
import { useEffect, useRef } from "preact/hooks";
import { inOrder } from "../state/conversations.ts";
import { newPath } from "../state/route.ts";
import { ConversationRow } from "./ConversationRow.tsx";
import { useApp } from "./context.ts";
import { FailureNote } from "./FailureNote.tsx";
import { Link } from "./Link.tsx";
import { RowSkeleton } from "./Skeleton.tsx";
import { Tree } from "./Tree.tsx";

export function ConversationList({ meId }: { meId: string }) {
  const { store, actions, i18n } = useApp();
  const list = store.list.value;
  const route = store.route.value;
  const conversations = inOrder(store.conversations.value);
  const box = useReturningFocus(route.conversationId);

  if (list.status === "failed" && list.failure && conversations.length === 0) {
    return <FailureNote title={i18n.t("list.failed")} failure={list.failure} onRetry={actions.loadList} />;
  }
  if (list.status === "loading" && conversations.length === 0) {
    return <RowSkeleton label={i18n.t("list.loading")} />;
  }
  if (conversations.length === 0) {
    return (
      <div class="empty">
        <Tree />
        <h2>{i18n.t("list.emptyTitle")}</h2>
        <p>{i18n.t("list.empty")}</p>
        <Link class="button button-main" href={newPath(route.lang)}>{i18n.t("nav.new")}</Link>
      </div>
    );
  }
  return (
    <nav class="list" ref={box} aria-label={i18n.t("list.label")}>
      <ul>
        {conversations.map((conversation) => (
          <ConversationRow
            key={conversation.id}
            conversation={conversation}
            isOpen={conversation.id === route.conversationId}
            meId={meId}
          />
        ))}
      </ul>
      {list.nextCursor !== null && (
        <button
          type="button"
          class="button-text list-more"
          aria-disabled={list.more === "loading"}
          onClick={actions.loadMoreConversations}
        >
          {i18n.t(list.more === "loading" ? "list.loading" : list.more === "failed" ? "action.retry" : "list.more")}
        </button>
      )}
    </nav>
  );
}

/** Back from a conversation on a phone, the keyboard stands on the row it came from. */
function useReturningFocus(openId: string | null) {
  const box = useRef<HTMLElement>(null);
  const last = useRef(openId);
  useEffect(() => {
    if (
      openId === null && last.current !== null && (!document.activeElement || document.activeElement === document.body)
    ) {
      box.current?.querySelector<HTMLElement>(`[data-id="${last.current}"]`)?.focus({ preventScroll: true });
    }
    last.current = openId;
  }, [openId]);
  return box;
}
