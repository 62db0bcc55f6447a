// The page's own menu: where else one can go, and the way out.
import { Archive, Keyboard, Settings } from "lucide";
import { archivedPath, newPath, settingsPath } from "../state/route.ts";
import { useApp } from "./context.ts";
import type { Popup } from "./MenuButton.tsx";
import { type MenuItem, MenuList } from "./MenuList.tsx";

interface Props extends Popup {
  onShortcuts(): void;
}

export function MainMenu({ onShortcuts, ...popup }: Props) {
  const { store, actions, i18n: { t } } = useApp();
  const { lang } = store.route.value;
  const account = store.account.value;

  async function signOut(): Promise<void> {
    const failure = await actions.signOut();
    if (failure) actions.toast(`failure.${failure.code}`, { kind: "error" });
  }

  const items: MenuItem[] = [
    { label: t("nav.new"), icon: "write", onPick: () => actions.go(newPath(lang)) },
    { label: t("archived.title"), icon: Archive, onPick: () => actions.go(archivedPath(lang)) },
    { label: t("nav.settings"), icon: Settings, onPick: () => actions.go(settingsPath(lang)) },
    { label: t("nav.shortcuts"), icon: Keyboard, onPick: onShortcuts },
  ];
  // Where the site keeps the accounts, signing out is the site's.
  if (account.status === "in" && account.config.mode === "accounts") {
    items.push({ label: t("account.signOut"), icon: "out", onPick: () => void signOut() });
  }
  return <MenuList {...popup} items={items} />;
}
