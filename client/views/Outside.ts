// What the page shows outside of itself: the tab's title and icon, the app's badge, the theme's colour around the page.
import { computed, effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Settings } from "../state/settings.ts";
import { unreadTotal } from "../state/unread_total.ts";
import { useApp } from "./context.ts";

export function Outside() {
  const { store, i18n } = useApp();
  useEffect(() => effect(() => showTheme(store.settings.value.theme)), []);
  useEffect(() => {
    // By itself: conversations change at each message, the title only when this number does.
    const unread = computed(() =>
      store.account.value.status === "in"
        ? unreadTotal(store.conversations.value, new Date(store.now.value).toISOString())
        : 0
    );
    const title = `${i18n.t("nav.messages")} · ${i18n.t("app.name")}`;
    return effect(() => {
      const n = unread.value;
      showTitle(n > 0 ? i18n.t("title.unread", { n: i18n.number(n), title }) : title, n);
    });
  }, [i18n]);
  return null;
}

/** @param unread how many messages; the icon has a dot while there are any */
function showTitle(title: string, unread: number): void {
  document.title = title;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (icon) icon.href = unread > 0 ? "/icon-unread.svg" : "/icon.svg";
  // Only where the page is installed; elsewhere it is refused, or not there at all.
  navigator.setAppBadge?.(unread).catch(() => {});
}

function showTheme(theme: Settings["theme"]): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.dataset.theme;
    meta.media = theme === "system" ? `(prefers-color-scheme: ${own})` : theme === own ? "all" : "not all";
  }
}
