// What the server finds for the words being typed: asked after a short pause, and an answer that comes late is not shown.
import { useEffect, useState } from "preact/hooks";
import type { Conversation, User } from "../../protocol/models.ts";
import { Failure } from "../state/failure.ts";
import { useApp } from "./context.ts";

const PAUSE_MS = 200;

export interface Found {
  status: "searching" | "found" | "failed";
  conversations: Conversation[];
  people: User[];
  failure: Failure | null;
}

const NOTHING_YET: Found = { status: "searching", conversations: [], people: [], failure: null };

export function useFind(words: string): Found {
  const { actions } = useApp();
  const [found, setFound] = useState(NOTHING_YET);
  useEffect(() => {
    let isWanted = true;
    // What the last words found stays until there is something better.
    setFound((last) => ({ ...last, status: "searching", failure: null }));
    const timer = setTimeout(async () => {
      const [conversations, people] = await Promise.all([
        actions.searchConversations(words),
        actions.searchPeople(words),
      ]);
      if (!isWanted) return;
      const failure = [conversations, people].find((answer) => answer instanceof Failure) ?? null;
      setFound({
        status: failure ? "failed" : "found",
        conversations: conversations instanceof Failure ? [] : conversations,
        people: people instanceof Failure ? [] : people,
        failure,
      });
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [words]);
  return found;
}
