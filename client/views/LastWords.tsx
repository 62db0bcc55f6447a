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
  if (draft) return <Said whose={`${i18n.t("list.draft")} `} whoseClass="row-draft" text={draft} />;
  const pending = store.outbox.value.findLast(({ conversationId }) => conversationId === id);
  if (pending) {
    return <Said isPending={pending.failed === null} whose={i18n.t("list.you", { text: "" })} text={pending.body} />;
  }
  return <Said {...previewWords(conversation, people, meId, i18n)} />;
}

interface SaidProps {
  whose: string;
  whoseClass?: string;
  text: string;
  isPending?: boolean;
}

/** Whose words stand where the page begins a line; the words have a direction of their own, and are cut at their end. */
function Said({ whose, whoseClass, text, isPending = false }: SaidProps) {
  if (!whose) return <span class="row-last" dir="auto">{text}</span>;
  return (
    <span class="row-last row-said">
      {isPending && <Icon name="pending" class="row-pending" />}
      <span class={whoseClass}>{whose}</span>
      <span dir="auto">{text}</span>
    </span>
  );
}
