// A quiet mark beside the name of somebody whose name looks like that of another person in the same conversation.
import { UsersRound } from "lucide";
import { useEffect } from "preact/hooks";
import type { Conversation } from "../../protocol/models.ts";
import { Cell } from "../state/cell.ts";
import { Failure } from "../state/failure.ts";
import { useApp, useTools } from "./context.ts";
import { Shape } from "./Icon.tsx";

/** Nobody can choose a user name that somebody else has: where there is one, it tells the two apart. */
export function LookAlike({ username }: { username: string | null }) {
  const { i18n } = useTools();
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
const asked = new Cell<Record<string, Asked>>({});

interface Props {
  conversationId: string;
  userId: string;
}

/** The mark of who wrote a message, where they have one. */
export function SenderLookAlike({ conversationId, userId }: Props) {
  const { store, actions } = useApp();
  const conversation = store.conversations.value[conversationId];
  const known = asked.value[conversationId];
  const wanted = conversation && carriesAll(conversation) ? null : conversation?.participantCount;
  useEffect(() => {
    if (wanted == null || asked.peek()[conversationId]?.participantCount === wanted) return;
    const before = asked.peek()[conversationId]?.userIds ?? [];
    // Said before it is answered, so that the other bubbles do not ask, too.
    note({ participantCount: wanted, userIds: before });
    actions.loadResembling(conversationId).then((answer) => {
      if (answer instanceof Failure) return note({ participantCount: -1, userIds: before });
      note({ participantCount: wanted, userIds: answer.participants.map(({ user }) => user.id) });
    });
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

const carriesAll = ({ participants, participantCount }: Conversation) => participants.length >= participantCount;
