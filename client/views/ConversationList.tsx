// All conversations, or the archived ones, the latest first: loading, empty, failed, or there.
import { useMemo } from "preact/hooks";
import { inOrder } from "../state/conversations.ts";
import { ConversationRows } from "./ConversationRows.tsx";
import { useApp } from "./context.ts";
import { FailureNote } from "./FailureNote.tsx";
import { lazy } from "./lazy.tsx";
import { RowSkeleton } from "./Skeleton.tsx";

const EmptyList = lazy(() => import("./EmptyList.tsx"), "EmptyList");

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
    return <FailureNote title="list.failed" failure={list.failure} onRetry={again} />;
  }
  if (list.status !== "ready") return <RowSkeleton label={i18n.t("list.loading")} />;
  return <EmptyList isArchived={isArchived} />;
}
