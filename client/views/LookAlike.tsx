// A quiet mark beside the name of somebody whose name looks like that of another person in the same conversation.
import { signal } from "@preact/signals";
import { UsersRound } from "lucide";
import { useEffect } from "preact/hooks";
import type { Conversation } from "../../protocol/models.ts";
import type { Actions, PeoplePage } from "../state/actions.ts";
import { Failure } from "../state/failure.ts";
import { useApp } from "./context.ts";
import { Shape } from "./Shape.tsx";

/** Nobody can choose a user name that somebody else has: where there is one, it tells the two apart. */
export function LookAlike({ username }: { username: string | null }) {
  const { i18n } = useApp();
  const words = i18n.t("details.resembles");
  return (
    <span class="look-alike" title={words}>
      <Shape shape={UsersRound} />
      <span class="unseen">{words}</span>
      {username !== null && <bdi>@{username}</bdi>}
    </span>
  );
}

/** Who is marked in a larger group, of whose people the conversation carries only the first few. */
interface Asked {
  participantCount: number;
  userIds: readonly string[];
}

/** By conversation; once for all bubbles of it. */
const asked = signal<Record<string, Asked>>({});

interface Props {
  conversationId: string;
  userId: string;
}

/** The mark of who wrote a message, where they have one. */
export function SenderLookAlike({ conversationId, userId }: Props) {
  const { store, actions } = useApp();
  const conversation = store.conversations.value[conversationId];
  const known = asked.value[conversationId];
  const wanted = !conversation || carriesAll(conversation) ? null : conversation.participantCount;
  useEffect(() => {
    if (wanted === null || asked.peek()[conversationId]?.participantCount === wanted) return;
    const before = asked.peek()[conversationId]?.userIds ?? [];
    // Said before it is answered, so that the other bubbles do not ask, too.
    note({ participantCount: wanted, userIds: before });
    loadResembling(actions, conversationId).then((userIds) =>
      note(userIds === null ? { participantCount: -1, userIds: before } : { participantCount: wanted, userIds })
    );
  }, [conversationId, wanted]);
  if (!conversation) return null;
  const isMarked = carriesAll(conversation)
    ? conversation.participants.some(({ user, resembles }) => resembles && user.id === userId)
    : known?.userIds.includes(userId);
  return isMarked ? <LookAlike username={store.people.value[userId]?.username ?? null} /> : null;

  function note(of: Asked): void {
    asked.value = { ...asked.peek(), [conversationId]: of };
  }
}

/** Null: it could not be asked. */
async function loadResembling(actions: Actions, id: string): Promise<string[] | null> {
  const userIds: string[] = [];
  let cursor: string | null = null;
  do {
    const answer: PeoplePage | Failure = await actions.loadParticipants(id, cursor ?? undefined, true);
    if (answer instanceof Failure) return null;
    userIds.push(...answer.participants.map(({ user }) => user.id));
    cursor = answer.nextCursor;
  } while (cursor !== null);
  return userIds;
}

const carriesAll = ({ participants, participantCount }: Conversation) => participants.length >= participantCount;
