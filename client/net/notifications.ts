// The browser's permission to show notifications, for the views; null where there are none.
import type { Notifications } from "../state/actions.ts";

const ASKED_KEY = "chautari.notificationsAsked";

export function createNotifications(): Notifications | null {
  if (permission() === null) return null;
  return {
    canSuggest: () => permission() === "default" && !wasAsked(),
    async ask() {
      noteAsked();
      return await Notification.requestPermission() === "granted";
    },
  };
}

/** Null: none here. On plain http some browsers have the interface, but never the permission. */
export function permission(): NotificationPermission | null {
  return isSecureContext && "Notification" in globalThis ? Notification.permission : null;
}

function wasAsked(): boolean {
  try {
    return localStorage.getItem(ASKED_KEY) !== null;
  } catch {
    return true;
  }
}

function noteAsked(): void {
  try {
    localStorage.setItem(ASKED_KEY, "1");
  } catch {
    // Then `wasAsked` says so by itself.
  }
}
