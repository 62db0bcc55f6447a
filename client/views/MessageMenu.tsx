// What can be done with a message: when it was sent and who read it, copy, edit, delete.
import { Copy, Pencil, Trash2 } from "lucide";
import type { Conversation } from "../../protocol/models.ts";
import type { TimelineRow } from "../state/timeline.ts";
import { copyText } from "./copy_text.ts";
import { useApp } from "./context.ts";
import { editing } from "./editing.ts";
import { lazy } from "./lazy.tsx";
import { type MenuItem, MenuList } from "./MenuList.tsx";

const MessageInfo = lazy(() => import("./MessageInfo.tsx"), "MessageInfo");
const DeleteMessage = lazy(() => import("./DeleteMessage.tsx"), "DeleteMessage");

export interface MenuTarget {
  row: TimelineRow;
  /** What the menu belongs to, or the point of a press. */
  at: Element | { x: number; y: number };
  /** Picked in the menu: what is shown in its place. */
  asks?: "info" | "delete";
}

interface Props {
  target: MenuTarget;
  conversation: Conversation;
  meId: string;
  onAsk: (asks: "info" | "delete") => void;
  onClose: () => void;
}

export function MessageMenu({ target, conversation, meId, onAsk, onClose }: Props) {
  const { store, actions, i18n } = useApp();
  const { asks } = target;
  const { message, pending } = target.row;
  const body = message ? message.body : pending!.body;
  const at = message?.createdAt ?? pending!.createdAt;
  const isOwn = message?.senderId === meId;

  if (asks === "info") {
    return <MessageInfo message={message!} conversation={conversation} meId={meId} onClose={onClose} />;
  }
  if (asks === "delete") return <DeleteMessage message={message!} isOwn={isOwn} onClose={onClose} />;

  const items: MenuItem[] = [];
  const exact = { when: i18n.relative(at, store.now.value), time: i18n.exactTime(at) };
  if (message) {
    items.push({ label: i18n.t("message.info", exact), icon: "info", onPick: () => onAsk("info") });
  }
  if (body !== null) {
    items.push({
      label: i18n.t("message.copy"),
      icon: Copy,
      onPick: () => void copyText(body).then((isDone) => isDone && actions.toast("message.copied")),
    });
  }
  if (message && body !== null && isOwn) {
    const { conversationId, seq } = message;
    items.push({
      label: i18n.t("message.edit"),
      icon: Pencil,
      onPick: () => editing.value = { conversationId, seq, body },
    });
  }
  const isModerator = conversation.kind === "group" && conversation.my.role === "admin";
  if (message && body !== null && (isOwn || isModerator)) {
    items.push({
      label: i18n.t("message.delete"),
      icon: Trash2,
      isDangerous: true,
      onPick: () => onAsk("delete"),
    });
  }
  if (pending?.failed) {
    items.push({
      label: i18n.t("message.discard"),
      icon: Trash2,
      isDangerous: true,
      onPick: () => actions.discard(pending.clientId),
    });
  }
  return <MenuList label={i18n.t("message.options")} items={items} at={target.at} onClose={onClose} />;
}
