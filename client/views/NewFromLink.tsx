// A link such as a "Message seller" button has: opens the conversation that it means, and says so meanwhile.
import { useEffect, useState } from "preact/hooks";
import type { Failure } from "../state/failure.ts";
import { newPath } from "../state/route.ts";
import { useApp } from "./context.ts";
import { Link } from "./Link.tsx";
import { Tree } from "./Tree.tsx";
import { failureWords } from "./words.ts";

export function NewFromLink({ query }: { query: string }) {
  const { store, actions, i18n: { t }, i18n } = useApp();
  const [failure, setFailure] = useState<Failure | null>(null);

  async function open(): Promise<void> {
    setFailure(null);
    setFailure(await actions.startFromLink(query));
  }
  useEffect(() => void open(), []);

  if (!failure) {
    return (
      <div class="new-waiting" role="status">
        <Tree />
        <p>{t("new.opening")}</p>
      </div>
    );
  }
  const isWrong = failure.code === "invalid" || failure.code === "bad_request";
  return (
    <div class="note" role="alert">
      <p class="note-title">{t("new.linkFailed")}</p>
      <p>{isWrong ? t("new.linkWrong") : failureWords(failure, i18n)}</p>
      {failure.retryable && <button type="button" class="button button-main" onClick={open}>{t("action.retry")}
      </button>}
      <Link class="button-text" href={newPath(store.route.value.lang)}>{t("new.search")}</Link>
    </div>
  );
}
