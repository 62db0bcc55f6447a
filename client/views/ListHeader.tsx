// Above the list: what this is, a new conversation, the menu; in the archive, the way back.
import type { RefObject } from "preact";
import { archivedPath, listPath, newPath, settingsPath } from "../state/route.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { Link } from "./Link.tsx";
import { Menu, type MenuItem } from "./MenuButton.tsx";

interface Props {
  heading: RefObject<HTMLHeadingElement | null>;
  isArchived: boolean;
  onShortcuts(): void;
}

export function ListHeader({ heading, isArchived, onShortcuts }: Props) {
  const { store, actions, i18n } = useApp();
  const { t } = i18n;
  const { lang, page } = store.route.value;
  const account = store.account.value;

  async function signOut(): Promise<void> {
    const failure = await actions.signOut();
    if (failure) actions.toast(`failure.${failure.code}`, { kind: "error" });
  }

  const items: MenuItem[] = [
    { label: t("nav.new"), icon: "write", onPick: () => actions.go(newPath(lang)) },
    { label: t("archived.title"), icon: "archive", onPick: () => actions.go(archivedPath(lang)) },
    { label: t("nav.settings"), icon: "settings", onPick: () => actions.go(settingsPath(lang)) },
    { label: t("nav.shortcuts"), icon: "keyboard", onPick: onShortcuts },
  ];
  // Where the site keeps the accounts, signing out is the site's.
  if (account.status === "in" && account.config.mode === "accounts") {
    items.push({ label: t("account.signOut"), icon: "out", onPick: () => void signOut() });
  }
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
      <Menu label={t("nav.menu")} icon="more" items={items} />
    </header>
  );
}
