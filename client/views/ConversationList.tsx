// All conversations, or the archived ones, the latest first: loading, empty, failed, or there.
import { useMemo } from "preact/hooks";
import { inOrder } from "../state/conversations.ts";
import { newPath } from "../state/route.ts";
import { ArchivedLink } from "./ArchivedLink.tsx";
import { ConversationRows } from "./ConversationRows.tsx";
import { useApp } from "./context.ts";
import { FailureNote } from "./FailureNote.tsx";
import { Link } from "./Link.tsx";
import { RowSkeleton } from "./Skeleton.tsx";
import { Tree } from "./Tree.tsx";

export function ConversationList({ meId, isArchived }: { meId: string; isArchived: boolean }) {
  const { store, actions, i18n } = useApp();
  const list = isArchived ? store.archived.value : store.list.value;
  const known = store.conversations.value;
  const conversations = useMemo(() => inOrder(known, isArchived), [known, isArchived]);
  if (conversations.length > 0) {
    return (
      <ConversationRows
        conversations={conversations}
        list={list}
        onMore={isArchived ? actions.loadMoreArchived : actions.loadMoreConversations}
        meId={meId}
        isArchived={isArchived}
      />
    );
  }
  if (list.status === "failed" && list.failure) {
    const again = isArchived ? actions.openArchived : actions.loadList;
    return <FailureNote title={i18n.t("list.failed")} failure={list.failure} onRetry={again} />;
  }
  if (list.status !== "ready") return <RowSkeleton label={i18n.t("list.loading")} />;
  return (
    <>
      {!isArchived && <ArchivedLink />}
      <div class="empty">
        <Tree />
        <h2>{i18n.t(isArchived ? "archived.emptyTitle" : "list.emptyTitle")}</h2>
        <p>{i18n.t(isArchived ? "archived.empty" : "list.empty")}</p>
        {!isArchived && (
          <Link class="button button-main" href={newPath(store.route.value.lang)}>{i18n.t("nav.new")}</Link>
        )}
      </div>
    </>
  );
}
