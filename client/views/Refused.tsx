// Under a message that the server did not take: why, and what can be done.
import type { Pending } from "../state/outbox.ts";
import { useApp } from "./context.ts";

export function Refused({ pending: { clientId, failed } }: { pending: Pending }) {
  const { actions, i18n } = useApp();
  return (
    <p class="refused" role="alert">
      {i18n.t("message.failed")} {failed && i18n.t(`failure.${failed}`)}
      <button type="button" class="button-text" onClick={() => actions.retry(clientId)}>
        {i18n.t("message.retry")}
      </button>
      <button type="button" class="button-text" onClick={() => actions.discard(clientId)}>
        {i18n.t("message.discard")}
      </button>
    </p>
  );
}
