// What can be done with a conversation from the list: archive, mute, mark as unread, leave.
import { ArchiveRestore, Bell, MailOpen } from "lucide";
import type { Conversation } from "../../protocol/models.ts";
import type { Key } from "../i18n/catalogue.ts";
import type { Outcome } from "../state/actions.ts";
import { useApp } from "./context.ts";
import { type MenuItem, MenuList } from "./MenuList.tsx";
import { isMuted } from "./mute.ts";
import { MUTE_CHOICES, mutedUntil } from "./mute_choices.ts";
import { conversationName } from "./words.ts";

interface Props {
  conversation: Conversation;
  meId: string;
  at: Element | { x: number; y: number };
  onLeave(): void;
  onClose(): void;
}

export function RowMenu({ conversation, meId, at, onLeave, onClose }: Props) {
  const { store, actions, i18n } = useApp();
  const { t } = i18n;
  const { id, my, unreadCount } = conversation;

  /** Says that it is done, with the way back; or why it is not. */
  async function tell(outcome: Outcome, done: Key | null, undo?: () => Outcome): Promise<void> {
    const failure = await outcome;
    if (failure) actions.toast(`failure.${failure.code}`, { kind: "error" });
    else if (done) {
      actions.toast(done, undo && { action: { label: "list.undo", run: () => void tell(undo(), null) } });
    }
  }

  function archive(): void {
    const archived = !my.archived;
    tell(
      actions.setArchived(id, archived),
      archived ? "list.isArchived" : "list.isUnarchived",
      () => actions.setArchived(id, !archived),
    );
  }

  function mute(until: string | null, done: Key): void {
    tell(actions.setMuted(id, until), done, () => actions.setMuted(id, my.mutedUntil));
  }

  const items: MenuItem[] = [
    my.archived
      ? { label: t("list.unarchive"), icon: ArchiveRestore, onPick: archive }
      : { label: t("list.archive"), icon: "archive", onPick: archive },
  ];
  if (unreadCount === 0 && !my.markedUnread) {
    items.push({
      label: t("list.markUnread"),
      icon: MailOpen,
      onPick: () => void tell(actions.markUnread(id), null),
    });
  }
  if (isMuted(conversation, store.now.value)) {
    items.push({ label: t("mute.off"), icon: Bell, onPick: () => mute(null, "mute.undone") });
  } else {
    for (const { label, ms } of MUTE_CHOICES) {
      items.push({ label: t(label), icon: "muted", onPick: () => mute(mutedUntil(ms, Date.now()), "mute.done") });
    }
  }
  items.push({ label: t("leave.action"), icon: "leave", isDangerous: true, onPick: onLeave });
  const name = conversationName(conversation, meId, i18n);
  return <MenuList label={t("list.options", { name })} items={items} at={at} onClose={onClose} />;
}
