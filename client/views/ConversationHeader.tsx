// Who this conversation is with, whether they are here or typing; the way back on a phone, and the way to the details.
import type { Conversation } from "../../protocol/models.ts";
import { counterpart } from "../state/names.ts";
import { useApp } from "./context.ts";
import { Face } from "./Face.tsx";
import { Icon } from "./Icon.tsx";
import { isMuted } from "./mute.ts";
import { presenceWords, typingWords } from "./words.ts";

interface Props {
  conversation: Conversation | undefined;
  name: string;
  meId: string;
  isDetailsOpen: boolean;
  onDetails(): void;
}

export function ConversationHeader({ conversation, name, meId, isDetailsOpen, onDetails }: Props) {
  const { store, actions, i18n } = useApp();
  return (
    <header class="bar head">
      <button type="button" class="button-icon back" aria-label={i18n.t("nav.back")} onClick={actions.backToList}>
        <Icon name="back" />
      </button>
      {conversation && <Face conversation={conversation} name={name} meId={meId} />}
      <div class="head-who">
        <h1 tabIndex={-1} dir="auto">{name || <span class="unseen">{i18n.t("nav.messages")}</span>}</h1>
        {conversation && <Status conversation={conversation} meId={meId} />}
      </div>
      {conversation && isMuted(conversation, store.now.value) && (
        <span class="head-muted" title={i18n.t("list.muted")}>
          <Icon name="muted" />
          <span class="unseen">{i18n.t("list.muted")}</span>
        </span>
      )}
      {conversation && (
        <button
          type="button"
          class="button-icon head-details"
          aria-label={i18n.t("details.open")}
          title={i18n.t("details.open")}
          aria-expanded={isDetailsOpen}
          onClick={onDetails}
        >
          <Icon name="info" />
        </button>
      )}
    </header>
  );
}

/** Typing, else who is here; a component of its own, so that a keystroke elsewhere redraws one line. */
function Status({ conversation, meId }: { conversation: Conversation; meId: string }) {
  const { store, i18n } = useApp();
  const { id, kind, participants, participantCount } = conversation;
  const typing = typingWords(store.typing.value[id] ?? [], kind, store.people.value, meId, i18n);
  if (typing) return <p class="head-status head-typing" dir="auto">{typing}</p>;
  const presence = store.presence.value;
  if (kind === "direct") {
    const person = counterpart(conversation, meId);
    const words = person ? presenceWords(presence[person.id], i18n, store.now.value) : "";
    return words ? <p class="head-status">{words}</p> : null;
  }
  const people = i18n.t("conversation.people", { n: participantCount });
  // A larger group carries the first few only: to count those would be wrong.
  const online = participantCount > participants.length
    ? 0
    : participants.filter(({ user }) => user.id !== meId && presence[user.id]?.presence === "online").length;
  return <p class="head-status">{online > 0 ? i18n.t("presence.someOnline", { people, n: online }) : people}</p>;
}
