// The side of the page where conversations are chosen: its header, the search, the list or what was found.
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Me } from "../../protocol/models.ts";
import { moveByArrow } from "./arrow_keys.ts";
import { useApp } from "./context.ts";
import { ConversationList } from "./ConversationList.tsx";
import { lazy } from "./lazy.tsx";
import { ListHeader } from "./ListHeader.tsx";
import { ListSearch } from "./ListSearch.tsx";

const SearchResults = lazy(() => import("./SearchResults.tsx"), "SearchResults");

interface Props {
  me: Me;
  search: RefObject<HTMLInputElement | null>;
  onShortcuts(): void;
}

export function Sidebar({ me, search, onShortcuts }: Props) {
  const [words, setWords] = useState("");
  const root = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const isArchived = useIsArchived();
  const query = words.trim();
  useArchivedKnown(isArchived);
  useEffect(() => SearchResults.preload(), []);

  const wasArchived = useRef(isArchived);
  useEffect(() => {
    // The list that was pressed has made room for another: the heading says which.
    if (wasArchived.current !== isArchived) heading.current?.focus({ preventScroll: true });
    wasArchived.current = isArchived;
  }, [isArchived]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape" && words !== "" && !event.defaultPrevented) {
      event.preventDefault();
      setWords("");
      search.current?.focus();
    } else moveByArrow(event, root.current);
  }

  return (
    <section class="sidebar" ref={root} aria-labelledby="list-title" onKeyDown={onKeyDown}>
      <ListHeader heading={heading} isArchived={isArchived} onShortcuts={onShortcuts} />
      <ListSearch
        field={search}
        words={words}
        onWords={setWords}
        onEnter={() => query !== "" && root.current?.querySelector<HTMLElement>(".list [data-item]")?.click()}
      />
      {query === ""
        ? <ConversationList key={String(isArchived)} meId={me.id} isArchived={isArchived} />
        : <SearchResults query={query} meId={me.id} onDone={() => setWords("")} />}
    </section>
  );
}

/** The archive stays beside a conversation that was opened in it. */
function useIsArchived(): boolean {
  const { store } = useApp();
  const isIn = useRef(false);
  const { page, conversationId } = store.route.value;
  const open = conversationId === null ? undefined : store.conversations.value[conversationId];
  if (page === "archived") isIn.current = true;
  else if (page === "list" || open?.my.archived === false) isIn.current = false;
  return isIn.current;
}

/** The archive's first page is fetched when it is opened; and once in a quiet moment, for its count and the search. */
function useArchivedKnown(isArchived: boolean): void {
  const { store, actions } = useApp();
  const isListed = store.list.value.status === "ready";
  useEffect(() => {
    if (isArchived) void actions.openArchived();
    else if (isListed && store.archived.peek().status !== "ready") {
      const timer = setTimeout(() => void actions.openArchived(), 1_000);
      return () => clearTimeout(timer);
    }
  }, [isArchived, isListed]);
}
