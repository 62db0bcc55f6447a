// When a message was sent and changed, and who has read it.
import type { Conversation, Message, User } from "../../protocol/models.ts";
import { positionsOf } from "../state/ticks.ts";
import { Avatar } from "./Avatar.tsx";
import { useApp } from "./context.ts";
import { Dialog } from "./Dialog.tsx";
import { useParticipants } from "./use_participants.ts";

interface Props {
  message: Message;
  conversation: Conversation;
  meId: string;
  onClose: () => void;
}

export function MessageInfo({ message, conversation, meId, onClose }: Props) {
  const { store, i18n } = useApp();
  const now = store.now.value;
  const exact = (at: string) => ({ when: i18n.relative(at, now), time: i18n.exactTime(at) });
  return (
    <Dialog title={i18n.t("message.infoTitle")} onClose={onClose}>
      <p>{i18n.t("message.sentAt", exact(message.createdAt))}</p>
      {message.editedAt !== null && message.deletedAt === null && (
        <p>{i18n.t("message.editedAt", exact(message.editedAt))}</p>
      )}
      {message.senderId === meId && <Readers message={message} conversation={conversation} meId={meId} />}
    </Dialog>
  );
}

function Readers({ message, conversation, meId }: Omit<Props, "onClose">) {
  const { store, i18n } = useApp();
  const { participants, hasMore, more } = useParticipants(conversation);
  // Live: what was heard since stands above what was loaded.
  const positions = positionsOf(
    { ...conversation, participants: [...participants] },
    store.positions.value[conversation.id],
  );
  const others = participants.map(({ user }) => user).filter(({ id }) => id !== meId);
  const read = others.filter(({ id }) => positions[id]!.lastReadSeq >= message.seq);
  const delivered = others.filter((user) =>
    !read.includes(user) && positions[user.id]!.lastDeliveredSeq >= message.seq
  );
  return (
    <>
      <People title={i18n.t("message.readBy")} people={read} />
      {delivered.length > 0 && <People title={i18n.t("message.deliveredTo")} people={delivered} />}
      {hasMore && <button type="button" class="button-text" onClick={more}>{i18n.t("details.more")}</button>}
    </>
  );
}

function People({ title, people }: { title: string; people: readonly User[] }) {
  const { i18n } = useApp();
  return (
    <section class="readers">
      <h3>{title}</h3>
      {people.length === 0 && <p>{i18n.t("message.readByNobody")}</p>}
      <ul>
        {people.map(({ id, name, picture }) => (
          <li key={id}>
            <Avatar id={id} name={name} picture={picture} size="small" />
            <span dir="auto">{name}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
