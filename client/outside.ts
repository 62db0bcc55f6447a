// What the page shows outside of itself: the tab's title and icon, the app's badge, the theme's colour around the page.
import type { Settings } from "./state/settings.ts";

/** @param unread how many messages; the icon has a dot while there are any */
export function showTitle(title: string, unread: number): void {
  document.title = title;
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (icon) icon.href = unread > 0 ? "/icon-unread.svg" : "/icon.svg";
  // Only where the page is installed; elsewhere it is refused, or not there at all.
  navigator.setAppBadge?.(unread).catch(() => {});
}

export function showTheme(theme: Settings["theme"]): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const own = meta.dataset.theme;
    meta.media = theme === "system" ? `(prefers-color-scheme: ${own})` : theme === own ? "all" : "not all";
  }
}
