// Says calmly that the server is out of reach and what works all the same, or that a new version waits; else nothing.
import { useEffect, useState } from "preact/hooks";
import { useApp } from "./context.ts";

/** Most reconnects are over before. */
const SHOWN_AFTER_MS = 2_000;

export function ConnectionBar() {
  const { store, actions, i18n: { t } } = useApp();
  const isOnline = store.isOnline.value;
  const isSlow = useSlow(isOnline ? store.connectingSince.value : null);
  const hasUpdate = isOnline && !isSlow && store.isUpdateReady.value;
  return (
    <div class="connection" role="status">
      {!isOnline && <p class="connection-offline">{t("connection.offline")}</p>}
      {isSlow && <p class="connection-slow">{t("connection.connecting")}</p>}
      {hasUpdate && (
        <p class="connection-update">
          {t("connection.update")}
          <button type="button" class="button-text" onClick={actions.applyUpdate}>{t("connection.reload")}</button>
        </p>
      )}
    </div>
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
