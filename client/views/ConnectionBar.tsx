// Says calmly that the server is out of reach and what works all the same, or that a new version waits; else nothing.
import { useEffect, useState } from "preact/hooks";
import { useAllWords, useApp } from "./context.ts";

/** Most reconnects are over before. */
const SHOWN_AFTER_MS = 2_000;

export function ConnectionBar() {
  const { store } = useApp();
  const isOnline = store.isOnline.value;
  const isSlow = useSlow(isOnline ? store.connectingSince.value : null);
  const hasUpdate = isOnline && !isSlow && store.isUpdateReady.value;
  return (
    <div class="connection" role="status">
      {!isOnline && <Line kind="offline" />}
      {isSlow && <Line kind="connecting" />}
      {hasUpdate && <Line kind="update" />}
    </div>
  );
}

/** Its words come with it: most visits need none of them. */
function Line({ kind }: { kind: "offline" | "connecting" | "update" }) {
  const { actions } = useApp();
  const { t } = useAllWords();
  return (
    <p class={`connection-${kind}`}>
      {t(`connection.${kind}`)}
      {kind === "update" && (
        <button type="button" class="button-text" onClick={actions.applyUpdate}>{t("connection.reload")}</button>
      )}
    </p>
  );
}

/** Whether it has lasted so long that a person should be told. */
function useSlow(since: number | null): boolean {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (since === null) return;
    const timer = setTimeout(() => setSlow(true), Math.max(0, since + SHOWN_AFTER_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [since]);
  return isSlow;
}
