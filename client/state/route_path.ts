// The address of a route: the same page in another language has the other's segment.
import { conversationPath, detailsPath, listPath, type Route } from "./route.ts";

export function routePath({ lang, page, conversationId, panel, query }: Route): string {
  if (conversationId !== null) {
    return (panel === "details" ? detailsPath : conversationPath)(lang, conversationId) + query;
  }
  return listPath(lang) + (page === "list" ? "" : `/${page}`) + query;
}
