// One of the two lists of conversations (those in use, those archived) as it is loaded page by page.
import type { Failure } from "./failure.ts";

export interface List {
  status: "loading" | "ready" | "failed";
  failure: Failure | null;
  nextCursor: string | null;
  more: "idle" | "loading" | "failed";
  /** What this device kept is shown, and the server was not asked yet. */
  isKept?: boolean;
}

export const EMPTY_LIST: List = { status: "loading", failure: null, nextCursor: null, more: "idle" };

/** The first page has come. Pages that were already turned stay turned, unless this page is all there is. */
export function withFirstPage(list: List, nextCursor: string | null): List {
  const isFirst = list.status !== "ready" || list.isKept;
  return {
    more: list.more,
    status: "ready",
    failure: null,
    nextCursor: isFirst || nextCursor === null ? nextCursor : list.nextCursor,
  };
}

/** What this device kept is shown as it is until the server has answered. */
export function keptList(hasSome: boolean): List {
  return hasSome ? { ...EMPTY_LIST, status: "ready", isKept: true } : EMPTY_LIST;
}
