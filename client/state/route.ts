// Which page an address stands for, and back: /[lang]/messages, …/archived, …/new, …/settings, …/:id, …/:id/details.

const PAGES = ["archived", "new", "settings"] as const;

export interface Route {
  /** The address's own language segment, kept as it came: `np` and `ne` are one language. */
  lang: string;
  page: "list" | "conversation" | typeof PAGES[number];
  /** Set on the page of a conversation only. */
  conversationId: string | null;
  /** What is open beside the conversation. */
  panel: "details" | null;
  /** As in the address, with its question mark; empty: none. */
  query: string;
}

/** The route of a path with its query, without a fragment; anything unknown below /[lang]/messages is the list. */
export function parseRoute(address: string): Route {
  const at = address.indexOf("?");
  const path = at === -1 ? address : address.slice(0, at);
  const query = at === -1 ? "" : address.slice(at);
  const [lang = "en", , last, panel] = path.split("/").filter((part) => part !== "");
  const route: Route = { lang, page: "list", conversationId: null, panel: null, query };
  if (last === undefined) return route;
  const page = PAGES.find((page) => page === last);
  if (page) return { ...route, page };
  return {
    ...route,
    page: "conversation",
    conversationId: last.toLowerCase(),
    panel: panel === "details" ? "details" : null,
  };
}

export const listPath = (lang: string) => `/${lang}/messages`;
export const archivedPath = (lang: string) => `/${lang}/messages/archived`;
export const newPath = (lang: string) => `/${lang}/messages/new`;
export const settingsPath = (lang: string) => `/${lang}/messages/settings`;
export const conversationPath = (lang: string, id: string) => `/${lang}/messages/${id}`;
export const detailsPath = (lang: string, id: string) => `/${lang}/messages/${id}/details`;
