// The last line of a row: who is typing, else what one has begun to write, else what was last said or is on its way.
import type { Conversation } from "../../protocol/models.ts";
import { useApp } from "./context.ts";
import { Icon } from "./Icon.tsx";
import { previewWords, typingWords } from "./words.ts";

interface Props {
  conversation: Conversation;
  meId: string;
  /** What one writes in the open conversation stands in its composer. */
  isOpen: boolean;
}

export function LastWords({ conversation, meId, isOpen }: Props) {
  const { store, i18n } = useApp();
  const { id, kind } = conversation;
  const people = store.people.value;
  const typing = typingWords(store.typing.value[id] ?? [], kind, people, meId, i18n);
  if (typing) return <span class="row-last row-typing" dir="auto">{typing}</span>;
  const draft = isOpen ? "" : (store.drafts.value[id] ?? "").trim();
  if (draft) {
    return (
      <span class="row-last" dir="auto">
        <span class="row-draft">{i18n.t("list.draft")}</span> {draft}
      </span>
    );
  }
  const pending = store.outbox.value.findLast(({ conversationId }) => conversationId === id);
  if (pending) {
    return (
      <span class="row-last" dir="auto">
        {pending.failed === null && <Icon name="pending" class="row-pending" />}
        {i18n.t("list.you", { text: pending.body })}
      </span>
    );
  }
  return <span class="row-last" dir="auto">{previewWords(conversation, people, meId, i18n)}</span>;
}
