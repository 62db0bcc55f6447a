// Asks once before a message is deleted for everybody.
import type { Message } from "../../protocol/models.ts";
import { useApp } from "./context.ts";
import { Dialog } from "./Dialog.tsx";

interface Props {
  message: Message;
  isOwn: boolean;
  onClose: () => void;
}

export function DeleteMessage({ message, isOwn, onClose }: Props) {
  const { actions, i18n } = useApp();
  return (
    <Dialog title={i18n.t("message.deleteTitle")} onClose={onClose}>
      <p>{i18n.t(isOwn ? "message.deleteWhat" : "message.deleteOthers")}</p>
      <div class="dialog-actions">
        <button type="button" class="button" autofocus onClick={onClose}>{i18n.t("message.keep")}</button>
        <button
          type="button"
          class="button button-danger"
          onClick={() => {
            onClose();
            void actions.remove(message.conversationId, message.seq);
          }}
        >
          {i18n.t("message.delete")}
        </button>
      </div>
    </Dialog>
  );
}
