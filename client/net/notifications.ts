// The browser's permission to show notifications, for the views; null where there are none.
import type { Notifications } from "../state/actions.ts";

const ASKED_KEY = "chautari.notificationsAsked";

export function createNotifications(): Notifications | null {
  if (permission() === null) return null;
  return {
    takeSuggestion: () => permission() === "default" && isFirstTime(),
    async ask() {
      isFirstTime();
      return await Notification.requestPermission() === "granted";
    },
  };
}

/** Null: none here. On plain http some browsers have the interface, but never the permission. */
export function permission(): NotificationPermission | null {
  return isSecureContext && "Notification" in globalThis ? Notification.permission : null;
}

/** Whether nobody was asked on this device; from now on somebody was. False where the browser lets nothing be kept. */
function isFirstTime(): boolean {
  try {
    const isFirst = localStorage.getItem(ASKED_KEY) === null;
    localStorage.setItem(ASKED_KEY, "1");
    return isFirst;
  } catch {
    return false;
  }
}
