// A page that is older than its server: files that it has yet to load may be gone. One reload leads to the new version.

const RELOADED_KEY = "chautari.reloaded";

/** Reloads, unless that was tried already and did not help. */
export function reloadOnce(): void {
  try {
    if (sessionStorage.getItem(RELOADED_KEY) !== null) return;
    sessionStorage.setItem(RELOADED_KEY, "1");
    location.reload();
  } catch {
    // Nothing can be noted down, so nothing would stop a page that reloads for ever.
  }
}

/** The page runs: should a later version make it old, it may reload again. */
export function forgetReload(): void {
  try {
    sessionStorage.removeItem(RELOADED_KEY);
  } catch {
    // Then nothing was noted down either.
  }
}

/** Whether the server has another version of the page by now; false when it cannot be asked. */
export async function isOutdated(): Promise<boolean> {
  try {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    return answer.ok && !(await answer.text()).includes(new URL(import.meta.url).pathname);
  } catch {
    return false;
  }
}
