// Something did not work: what, and what to do about it.
import type { Key } from "../i18n/catalogue.ts";
import type { Failure } from "../state/failure.ts";
import { useAllWords } from "./context.ts";
import { failureWords } from "./words.ts";

interface Props {
  /** What did not work, where the failure's own words do not tell. */
  title?: Extract<Key, `${string}.failed`>;
  failure: Failure;
  onRetry?: () => void;
}

export function FailureNote({ title, failure, onRetry }: Props) {
  const i18n = useAllWords();
  return (
    <div class="note" role="alert">
      {title && <p class="note-title">{i18n.t(title)}</p>}
      <p>{failureWords(failure, i18n)}</p>
      {onRetry && <button type="button" class="button" onClick={onRetry}>{i18n.t("action.retry")}</button>}
    </div>
  );
}
