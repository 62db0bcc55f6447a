// People found by what is typed: asked after a short pause, and an answer that comes too late is not shown.
import { useEffect, useState } from "preact/hooks";
import type { User } from "../../protocol/models.ts";
import { Failure } from "../state/failure.ts";
import { useApp } from "./context.ts";

const PAUSE_MS = 200;

export interface Search {
  status: "idle" | "searching" | "found" | "failed";
  people: User[];
  failure: Failure | null;
}

const IDLE: Search = { status: "idle", people: [], failure: null };

export function useSearch(words: string): Search {
  const { actions } = useApp();
  const [search, setSearch] = useState(IDLE);
  const query = words.trim();
  useEffect(() => {
    if (query === "") return setSearch(IDLE);
    let isWanted = true;
    setSearch((last) => ({ ...last, status: "searching" }));
    const timer = setTimeout(async () => {
      const answer = await actions.searchPeople(query);
      if (!isWanted) return;
      setSearch(
        answer instanceof Failure
          ? { status: "failed", people: [], failure: answer }
          : { status: "found", people: answer, failure: null },
      );
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [query]);
  return search;
}
