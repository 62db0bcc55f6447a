// The rows of a list, however many: only those near the view are in the page; more are asked for well before its end.
import { useEffect, useMemo, useRef } from "preact/hooks";
import { WATCH_MAX_CONVERSATIONS } from "../../protocol/limits.ts";
import type { Conversation } from "../../protocol/models.ts";
import type { List } from "../state/list.ts";
import { ConversationRow, rowHeight } from "./ConversationRow.tsx";
import { useApp } from "./context.ts";
import { lazy } from "./lazy.tsx";
import { useActiveRow } from "./use_active_row.ts";
import { useRowMenu } from "./use_row_menu.tsx";
import { offsetsOf, useRows } from "./use_rows.ts";

const ArchivedLink = lazy(() => import("./ArchivedLink.tsx"), "ArchivedLink", { isQuiet: true });

/** So few rows below the last one drawn, the next page is asked for: it is there before a quick scroll is. */
const NEAR_END_ROWS = 30;
/** Rows that only fly past while scrolling are not worth a command. */
const WATCH_PAUSE_MS = 300;

interface Props {
  conversations: readonly Conversation[];
  list: List;
  onMore(): void;
  meId: string;
  isArchived: boolean;
}

export function ConversationRows({ conversations, list, onMore, meId, isArchived }: Props) {
  const { store, i18n } = useApp();
  const box = useRef<HTMLElement>(null);
  const offsets = useMemo(() => offsetsOf(conversations.map(rowHeight)), [conversations]);
  const { first, end } = useRows(box, offsets);
  const { lang, conversationId: openId } = store.route.value;
  const active = useActiveRow(box, conversations, openId);
  const menu = useRowMenu(meId, (id) => conversations.find((one) => one.id === id), active.focusIfLost);
  const hasMore = list.nextCursor !== null;
  useWatched(conversations.slice(first, end));

  useEffect(() => {
    if (hasMore && list.more === "idle" && end + NEAR_END_ROWS >= conversations.length) onMore();
  }, [end, conversations.length, hasMore, list.more]);

  return (
    <nav
      class="list"
      ref={box}
      aria-label={i18n.t(isArchived ? "archived.title" : "list.label")}
      onFocusIn={active.onFocusIn}
      {...menu.handlers}
    >
      <ul class="rows" style={{ blockSize: `${offsets.at(-1)}rem` }}>
        {drawn(first, end, active.index, conversations.length).map((index) => {
          const conversation = conversations[index]!;
          return (
            <ConversationRow
              key={conversation.id}
              conversation={conversation}
              meId={meId}
              isTabStop={index === active.index}
              isMenuOpen={menu.openId === conversation.id}
              lang={lang}
              isOpen={conversation.id === openId}
              top={offsets[index]!}
              position={index + 1}
              count={hasMore ? -1 : conversations.length}
            />
          );
        })}
      </ul>
      {/* At the end, where its coming moves nothing; the header's menu leads there, too. */}
      {!isArchived && !hasMore && <ArchivedLink />}
      {menu.menu}
      {hasMore && (
        <p class="list-more" role="status">
          {i18n.t(list.more === "failed" ? "list.moreFailed" : "list.loading")}
          {list.more === "failed" && (
            <button type="button" class="button-text" onClick={onMore}>{i18n.t("action.retry")}</button>
          )}
        </p>
      )}
    </nav>
  );
}

/** The rows near the view, and the one with the focus with its neighbours: an arrow key always has where to go. */
function drawn(first: number, end: number, active: number, count: number): number[] {
  const indices = new Set([active - 1, active, active + 1]);
  for (let index = first; index < end; index++) indices.add(index);
  return [...indices].filter((index) => index >= 0 && index < count).sort((a, b) => a - b);
}

/** Typing and presence are wanted of what is in view. */
function useWatched(rows: readonly Conversation[]): void {
  const { actions } = useApp();
  const ids = rows.slice(0, WATCH_MAX_CONVERSATIONS).map(({ id }) => id).sort();
  useEffect(() => {
    const timer = setTimeout(() => actions.watch(ids), WATCH_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [ids.join()]);
}
