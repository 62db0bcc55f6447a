// Under a message that the server did not take: why, and what can be done.
import type { Pending } from "../state/outbox.ts";
import { isClosed } from "../state/names.ts";
import { useApp } from "./context.ts";
import { copyText } from "./copy_text.ts";

export function Refused({ pending: { clientId, conversationId, body, failed } }: { pending: Pending }) {
  const { store, actions, i18n } = useApp();

  async function copy(): Promise<void> {
    if (await copyText(body)) actions.toast("message.copied");
  }

  return (
    <p class="refused" role="alert">
      {i18n.t("message.failed")} {failed && i18n.t(`failure.${failed}`)}
      {/* With nobody there to read it, trying again is in vain; who wants to keep the words takes them along. */}
      {isClosed(store.conversations.value[conversationId])
        ? <button type="button" class="button-text" onClick={copy}>{i18n.t("message.copy")}</button>
        : (
          <button type="button" class="button-text" onClick={() => actions.retry(clientId)}>
            {i18n.t("message.retry")}
          </button>
        )}
      <button type="button" class="button-text" onClick={() => actions.discard(clientId)}>
        {i18n.t("message.discard")}
      </button>
    </p>
  );
}
