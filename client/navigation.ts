// The browser's address bar and history, as the controller needs them.
import type { Navigation } from "./net/controller.ts";

/** How many steps of ours lie before this one; kept in the history entry itself, so that a reload knows it too. */
function depth(): number {
  const state: unknown = history.state;
  return typeof state === "object" && state !== null && "depth" in state ? Number(state.depth) : 0;
}

export function createNavigation(): Navigation {
  return {
    push: (path) => history.pushState({ depth: depth() + 1 }, "", path),
    replace: (path) => history.replaceState(history.state, "", path),
    back: () => {
      if (depth() === 0) return false;
      history.back();
      return true;
    },
    clearFragment: () => history.replaceState(history.state, "", location.pathname),
  };
}

/**
 * The code that a link carries behind `#` (which no server sees). A sign-in code works once, so it leaves the address
 * bar at once; an invitation stays until it is accepted, so that a reload does not lose it.
 */
export function takeCode(name: "sign-in" | "invite"): string | null {
  const code = new URLSearchParams(location.hash.slice(1)).get(name);
  if (code !== null && name === "sign-in") history.replaceState(history.state, "", location.pathname);
  return code;
}
