// Above the list: what this is, a new conversation, the menu; in the archive, the way back.
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { listPath, newPath } from "../state/route.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { Link } from "./Link.tsx";
import { lazy } from "./lazy.tsx";
import { Menu } from "./MenuButton.tsx";

const MainMenu = lazy(() => import("./MainMenu.tsx"), "MainMenu");

interface Props {
  heading: RefObject<HTMLHeadingElement | null>;
  isArchived: boolean;
  onShortcuts(): void;
}

export function ListHeader({ heading, isArchived, onShortcuts }: Props) {
  const { store, actions, i18n } = useApp();
  const { t } = i18n;
  const { lang, page } = store.route.value;
  useEffect(() => MainMenu.preload(), []);
  return (
    <header class="bar list-header">
      {isArchived && (
        <button
          type="button"
          class="button-icon back back-always"
          aria-label={t("nav.back")}
          onClick={() => page === "archived" ? actions.backToList() : actions.go(listPath(lang))}
        >
          <Icon name="back" />
        </button>
      )}
      <h1 id="list-title" ref={heading} tabIndex={-1}>{t(isArchived ? "archived.title" : "nav.messages")}</h1>
      {!isArchived && (
        <Link class="button-icon button-new" href={newPath(lang)} aria-label={t("nav.new")} title={t("nav.new")}>
          <Icon name="write" />
        </Link>
      )}
      <Menu label={t("nav.menu")} icon="more">
        {(popup) => <MainMenu {...popup} onShortcuts={onShortcuts} />}
      </Menu>
    </header>
  );
}
