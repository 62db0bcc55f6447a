// Notifications are suggested once on a device: whoever let it pass knows where the settings are.

export const SUGGESTED_KEY = "chautari.notificationsSuggested";

/** Whether this is the first time; from now on it is not. False where the browser lets nothing be kept. */
export function takeSuggestion(): boolean {
  try {
    const isFirst = localStorage.getItem(SUGGESTED_KEY) === null;
    localStorage.setItem(SUGGESTED_KEY, "1");
    return isFirst;
  } catch {
    return false;
  }
}
