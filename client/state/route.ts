// Which page an address stands for, and back: /[lang]/messages, /[lang]/messages/new, /[lang]/messages/:id.

export interface Route {
  /** The address's own language segment, kept as it came: `np` and `ne` are one language. */
  lang: string;
  page: "list" | "new" | "conversation";
  /** Set on the page of a conversation only. */
  conversationId: string | null;
}

/** The route of a path (no query, no fragment); anything unknown below /[lang]/messages is the list. */
export function parseRoute(path: string): Route {
  const [lang = "en", , last] = path.split("/").filter((part) => part !== "");
  if (last === "new") return { lang, page: "new", conversationId: null };
  if (last === undefined) return { lang, page: "list", conversationId: null };
  return { lang, page: "conversation", conversationId: last.toLowerCase() };
}

export const listPath = (lang: string) => `/${lang}/messages`;
export const newPath = (lang: string) => `/${lang}/messages/new`;
export const conversationPath = (lang: string, id: string) => `/${lang}/messages/${id}`;

export function routePath({ lang, page, conversationId }: Route): string {
  if (page === "new") return newPath(lang);
  return conversationId === null ? listPath(lang) : conversationPath(lang, conversationId);
}
