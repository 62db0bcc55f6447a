// Asks once before somebody leaves, and says what leaving means.
import { useState } from "preact/hooks";
import type { Conversation } from "../../protocol/models.ts";
import type { Failure } from "../state/failure.ts";
import { useApp } from "./context.ts";
import { Dialog } from "./Dialog.tsx";
import { conversationName, failureWords } from "./words.ts";

interface Props {
  conversation: Conversation;
  meId: string;
  onClose(): void;
}

export function LeaveDialog({ conversation, meId, onClose }: Props) {
  const { actions, i18n } = useApp();
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const name = conversationName(conversation, meId, i18n);

  async function leave(): Promise<void> {
    if (isBusy) return;
    setBusy(true);
    const outcome = await actions.leave(conversation.id);
    if (outcome === null) return onClose();
    setBusy(false);
    setFailure(outcome);
  }

  return (
    <Dialog title={i18n.t("leave.title", { name })} onClose={onClose}>
      <p>{i18n.t(conversation.kind === "group" ? "leave.group" : "leave.direct", { name })}</p>
      {failure && <p class="form-failure" role="alert">{failureWords(failure, i18n)}</p>}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={onClose}>{i18n.t("leave.stay")}</button>
        <button type="button" class="button button-danger" aria-disabled={isBusy} onClick={leave}>
          {i18n.t("leave.action")}
        </button>
      </div>
    </Dialog>
  );
}
