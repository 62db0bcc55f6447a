// In the place of a list that holds nothing: what it is for, and how to begin.
import { newPath } from "../state/route.ts";
import { ArchivedLink } from "./ArchivedLink.tsx";
import { useApp } from "./context.ts";
import { Link } from "./Link.tsx";
import { Tree } from "./Tree.tsx";

export function EmptyList({ isArchived }: { isArchived: boolean }) {
  const { store, i18n } = useApp();
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
