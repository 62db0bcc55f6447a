// The way to the archived conversations, where there are any.
import { useMemo } from "preact/hooks";
import { archivedPath } from "../state/route.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { Link } from "./Link.tsx";

export function ArchivedLink() {
  const { store, i18n } = useApp();
  const known = store.conversations.value;
  const { nextCursor } = store.archived.value;
  const count = useMemo(() => Object.values(known).filter(({ my }) => my.archived).length, [known]);
  if (count === 0) return null;
  return (
    <Link class="row-archived" href={archivedPath(store.route.value.lang)} data-item>
      <Icon name="archive" />
      <span>{i18n.t("archived.title")}</span>
      <span class="row-archived-count">{i18n.number(count)}{nextCursor !== null && "+"}</span>
    </Link>
  );
}
