// The people of a group, page by page; read again when who is in it, or what they may do, has changed.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Conversation, Participant } from "../../protocol/models.ts";
import { Failure } from "../state/failure.ts";
import { useApp } from "./context.ts";

interface Loaded {
  participants: readonly Participant[];
  nextCursor: string | null;
  pages: number;
}

export function useParticipants({ id, participants, participantCount }: Conversation) {
  const { store, actions } = useApp();
  // What the conversation carries with it is shown until the first page is there.
  const [loaded, setLoaded] = useState<Loaded>({ participants, nextCursor: null, pages: 1 });
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isLoading, setLoading] = useState(false);
  const turn = useRef(0);

  /** As many pages as were shown already, from the first one. */
  async function read(pages: number): Promise<void> {
    const mine = ++turn.current;
    setLoading(true);
    let fresh: Participant[] = [];
    let cursor: string | null = null;
    for (let page = 1; page <= pages; page++) {
      const answer = await actions.loadParticipants(id, cursor ?? undefined);
      // Asked again meanwhile: only the latest answer counts.
      if (mine !== turn.current) return;
      if (answer instanceof Failure) {
        setLoading(false);
        return setFailure(answer);
      }
      fresh = [...fresh, ...answer.participants];
      cursor = answer.nextCursor;
      if (cursor === null) break;
    }
    setLoading(false);
    setFailure(null);
    setLoaded({ participants: fresh, nextCursor: cursor, pages });
  }

  // A change of roles, or one who came and one who went, leave the count as it is: the system message that tells of it
  // is what is seen of it, and it may come together with later ones.
  const told = store.threads.value[id]?.messages.findLast(({ kind }) => kind === "system")?.seq;
  useEffect(() => void read(loaded.pages), [id, participantCount, told]);
  useEffect(() => () => void turn.current++, []);

  return {
    participants: loaded.participants,
    hasMore: loaded.nextCursor !== null,
    isLoading,
    failure,
    more: () => read(loaded.pages + 1),
    again: () => read(loaded.pages),
  };
}
